namespace MtaSts;

/// <summary>Recognizes discarded TXT records that look like MTA-STS records.</summary>
/// <remarks>
/// Senders are not affected: they discard a text that does not begin with <c>v=STSv1;</c> (RFC 8461 section 3.1).
/// </remarks>
internal static class NearRecord
{
    private const string Name = "STSv1";
    private const string Wrapping = " \t\"'`\u201C\u201D\u2018\u2019\\";

    /// <summary>Determines whether a text names the version and is not a record of something else.</summary>
    public static bool IsNear(ReadOnlySpan<char> text) => NamesVersion(text) && !HasOtherVersion(text.TrimStart(Wrapping));

    // STSv10 would be another version.
    private static bool NamesVersion(ReadOnlySpan<char> text)
    {
        bool found = false;
        for (int at; !found && (at = text.IndexOf(Name, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            text = text[(at + Name.Length)..];
            found = text.IsEmpty || !char.IsAsciiDigit(text[0]);
        }

        return found;
    }

    // Such as v=TLSRPTv1; rua=mailto:stsv1@example.com
    private static bool HasOtherVersion(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("v=", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> version = text[2..];
        int end = version.IndexOfAny(" \t;");
        version = end < 0 ? version : version[..end];
        return !version.IsEmpty && !version.Contains(Name, StringComparison.OrdinalIgnoreCase);
    }
}
