namespace MtaSts;

/// <summary>Determines why a text that looks like a TXT record of MTA-STS is discarded.</summary>
internal static class NearRecordFaults
{
    private const string Version = "v=STSv1";
    private const string Blanks = " \t";
    private const string BlanksAndQuotes = Blanks + "\"'`\u201C\u201D\u2018\u2019";
    private const string Wrapping = BlanksAndQuotes + "\\";

    /// <summary>Returns the fault of a text that <see cref="NearRecord.IsNear"/> recognizes.</summary>
    public static NearRecordFault Of(ReadOnlySpan<char> text)
    {
        int version = text.IndexOf(Version, StringComparison.OrdinalIgnoreCase);
        return version < 0 ? NearRecordFault.Other
            : version > 0 ? OfFront(text[..version])
            : text.StartsWith(Version, StringComparison.Ordinal) ? OfRest(text[Version.Length..])
            : NearRecordFault.LetterCase;
    }

    private static NearRecordFault OfFront(ReadOnlySpan<char> front) =>
        front.Trim(Blanks).IsEmpty ? NearRecordFault.BlankInFront
        : front.Trim(BlanksAndQuotes).IsEmpty ? NearRecordFault.Quotes
        : front.Trim(Wrapping).IsEmpty ? NearRecordFault.EscapedQuotes
        : front.Contains('"') ? NearRecordFault.QuotedInLine
        : NearRecordFault.TextInFront;

    private static NearRecordFault OfRest(ReadOnlySpan<char> rest) =>
        rest.IsEmpty ? NearRecordFault.VersionAlone
        : rest is ['\\', ..] ? NearRecordFault.Backslash
        : rest.TrimStart(Blanks) is not [var first, ..] ? NearRecordFault.NoSemicolon
        : first == ';' ? NearRecordFault.BlankBeforeSemicolon
        : char.IsAsciiLetterOrDigit(first) ? NearRecordFault.NoSemicolon
        : NearRecordFault.OtherSeparator;
}
