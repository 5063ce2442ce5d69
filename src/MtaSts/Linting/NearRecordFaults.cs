namespace MtaSts.Linting;

/// <summary>Determines why a text that looks like an MTA-STS record is discarded.</summary>
internal static class NearRecordFaults
{
    private const string Version = "v=STSv1";
    private const string Whitespace = " \t";
    private const string WhitespaceAndQuotes = Whitespace + "\"'`\u201C\u201D\u2018\u2019";
    private const string Wrapping = WhitespaceAndQuotes + "\\";

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
        front.Trim(Whitespace).IsEmpty ? NearRecordFault.WhitespaceInFront
        : front.Trim(WhitespaceAndQuotes).IsEmpty ? NearRecordFault.Quotes
        : front.Trim(Wrapping).IsEmpty ? NearRecordFault.EscapedQuotes
        : front.Contains('"') ? NearRecordFault.QuotedInLine
        : NearRecordFault.TextInFront;

    private static NearRecordFault OfRest(ReadOnlySpan<char> rest) =>
        rest.IsEmpty ? NearRecordFault.VersionAlone
        : rest is ['\\', ..] ? NearRecordFault.Backslash
        : rest.TrimStart(Whitespace) is not [var first, ..] ? NearRecordFault.NoSemicolon
        : first == ';' ? NearRecordFault.WhitespaceBeforeSemicolon
        : char.IsAsciiLetterOrDigit(first) ? NearRecordFault.NoSemicolon
        : NearRecordFault.OtherSeparator;
}
