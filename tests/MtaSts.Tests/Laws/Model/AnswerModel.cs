using System.Text.RegularExpressions;

namespace MtaSts.Tests.Model;

/// <summary>Models the answers of DNS and HTTP: RFC 8461, Section 3.1 with erratum 6285, and Section 3.3.</summary>
internal static partial class AnswerModel
{
    /// <summary>Discards, counts, then parses the records. A single record only has to match the grammar.</summary>
    public static (TxtStatus Status, ModelRecord? Record) Judge(IReadOnlyList<string> records)
    {
        if (records.Count == 1 && RecordModel.Parse(ModelText.Of(records[0])) is { } only)
        {
            return (TxtStatus.Found, only);
        }

        string[] remaining = [.. records.Where(record => record.StartsWith("v=STSv1;", StringComparison.Ordinal))];
        ModelRecord? parsed = remaining.Length == 1 ? RecordModel.Parse(ModelText.Of(remaining[0])) : null;
        TxtStatus status = remaining.Length == 0 ? TxtStatus.NoRecord
            : remaining.Length > 1 ? TxtStatus.MultipleRecords
            : parsed is null ? TxtStatus.InvalidRecord
            : TxtStatus.Found;
        return (status, parsed);
    }

    /// <summary>
    /// Returns the first discarded record that contains the version, unless it belongs to another version or another
    /// kind of record; null if there is none to warn about.
    /// </summary>
    public static string? FirstNear(IReadOnlyList<string> records) => records.FirstOrDefault(static record => NearRecord().IsMatch(record));

    public static bool IsPlainText(string? contentType) => contentType is not null && PlainText().IsMatch(contentType);

    // RFC 9110, Section 8.3. OWS around the value is not part of it (Section 5.5). After the type, a comma is allowed
    // only within a complete quoted string (Section 5.6.4).
    [GeneratedRegex(
        @"\A[ \t]*[Tt][Ee][Xx][Tt]/[Pp][Ll][Aa][Ii][Nn][ \t]*(?:;(?:[^"",]|""(?:[^""\\]|\\.)*"")*)?\z",
        RegexOptions.Singleline,
        FieldModel.TimeoutMilliseconds)]
    private static partial Regex PlainText();

    // "v=" and a word without STSv1 begin another kind of record. A digit after STSv1 makes it another version.
    [GeneratedRegex(
        @"\A(?![ \t""'`\\\u201C\u201D\u2018\u2019]*v=(?!;|[ \t]|\z)(?![^ \t;]*STSv1)).*STSv1(?![0-9])",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        FieldModel.TimeoutMilliseconds)]
    private static partial Regex NearRecord();
}
