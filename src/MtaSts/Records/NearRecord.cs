namespace MtaSts;

/// <summary>A discarded TXT record that looks like one of MTA-STS.</summary>
/// <remarks>It changes nothing for a sender: a text that does not begin with <c>v=STSv1;</c> is discarded (RFC 8461, Section
/// 3.1).</remarks>
internal sealed class NearRecord
{
    private const string Name = "STSv1";
    private const string Version = "v=STSv1";
    private const string Blanks = " \t";
    private const string BlanksAndQuotes = Blanks + "\"'`\u201C\u201D\u2018\u2019";
    private const string Wrapping = BlanksAndQuotes + "\\";

    private NearRecord(string text)
    {
        Fault = Classify(text);
        Quoted = Escaping.Quote(text);
        ParseError.InLine(ParseErrorCode.NotAnStsRecord, CodeUnits.Of(text), .., out ParseError error);
        Error = error;
    }

    public NearRecordFault Fault { get; }

    /// <summary>The text in quotes, safe to log. The text itself is not kept: it may be 64 KiB.</summary>
    public string Quoted { get; }

    public ParseError Error { get; }

    /// <summary>Recognizes a discarded text that looks like a record; null for others.</summary>
    public static NearRecord? Recognize(string text) => !HasOtherVersion(text) && NamesVersion(text) ? new(text) : null;

    /// <summary>Whether it is a record of something else, such as <c>v=TLSRPTv1; rua=mailto:stsv1@example.com</c>.</summary>
    private static bool HasOtherVersion(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(Wrapping);
        if (!text.StartsWith("v=", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> version = text[2..];
        int end = version.IndexOfAny(" \t;");
        version = end < 0 ? version : version[..end];
        return !version.IsEmpty && !version.Contains(Name, StringComparison.OrdinalIgnoreCase);
    }

    // STSv10 would be another version.
    private static bool NamesVersion(ReadOnlySpan<char> text)
    {
        for (int at = IndexOf(text, Name); at >= 0; at = IndexOf(text, Name))
        {
            text = text[(at + Name.Length)..];
            if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
            {
                return true;
            }
        }

        return false;
    }

    private static NearRecordFault Classify(ReadOnlySpan<char> text)
    {
        int version = IndexOf(text, Version);
        return version < 0 ? NearRecordFault.Other
            : version > 0 ? ClassifyFront(text[..version])
            : text.StartsWith(Version, StringComparison.Ordinal) ? ClassifyRest(text[Version.Length..])
            : NearRecordFault.LetterCase;
    }

    private static NearRecordFault ClassifyFront(ReadOnlySpan<char> front) =>
        front.Trim(Blanks).IsEmpty ? NearRecordFault.BlankInFront
        : front.Trim(BlanksAndQuotes).IsEmpty ? NearRecordFault.Quotes
        : front.Trim(Wrapping).IsEmpty ? NearRecordFault.EscapedQuotes
        : front.Contains('"') ? NearRecordFault.QuotedInLine
        : NearRecordFault.TextInFront;

    private static NearRecordFault ClassifyRest(ReadOnlySpan<char> rest) =>
        rest.IsEmpty ? NearRecordFault.VersionAlone
        : rest is ['\\', ..] ? NearRecordFault.Backslash
        : rest.TrimStart(Blanks) is not [var first, ..] ? NearRecordFault.NoSemicolon
        : first == ';' ? NearRecordFault.BlankBeforeSemicolon
        : char.IsAsciiLetterOrDigit(first) ? NearRecordFault.NoSemicolon
        : NearRecordFault.OtherSeparator;

    private static int IndexOf(ReadOnlySpan<char> text, string value) => text.IndexOf(value, StringComparison.OrdinalIgnoreCase);
}
