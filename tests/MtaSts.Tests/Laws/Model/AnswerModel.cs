using System.Text.RegularExpressions;

namespace MtaSts.Tests.Model;

/// <summary>What DNS and HTTP answered: RFC 8461, Section 3.1, with erratum 6285, and Section 3.3.</summary>
internal static partial class AnswerModel
{
    /// <summary>Discards, counts, parses; except for a record that is alone in the answer and needs only the grammar's word.</summary>
    public static (TxtStatus Status, RecordReading? Record) Judge(IReadOnlyList<string> records)
    {
        if (records.Count == 1 && RecordModel.Read(ModelText.Of(records[0])) is { } only)
        {
            return (TxtStatus.Found, only);
        }

        string[] remaining = [.. records.Where(record => record.StartsWith("v=STSv1;", StringComparison.Ordinal))];
        RecordReading? reading = remaining.Length == 1 ? RecordModel.Read(ModelText.Of(remaining[0])) : null;
        TxtStatus status = remaining.Length == 0 ? TxtStatus.NoRecord
            : remaining.Length > 1 ? TxtStatus.MultipleRecords
            : reading is null ? TxtStatus.InvalidRecord
            : TxtStatus.Found;
        return (status, reading);
    }

    /// <summary>The first discarded record that names the version, unless it is one of another version; null where nothing is wrong with finding none.</summary>
    public static string? FirstNear(IReadOnlyList<string> records) => records.FirstOrDefault(static record => NearRecord().IsMatch(record));

    public static bool IsPlainText(string? contentType) => contentType is not null && PlainText().IsMatch(contentType);

    // RFC 9110, Section 8.3; OWS around the whole value is no part of it (Section 5.5). After the type, no comma but in closed quotes (Section 5.6.4).
    [GeneratedRegex(
        @"\A[ \t]*[Tt][Ee][Xx][Tt]/[Pp][Ll][Aa][Ii][Nn][ \t]*(?:;(?:[^"",]|""(?:[^""\\]|\\.)*"")*)?\z", RegexOptions.Singleline, FieldModel.TimeoutMilliseconds)]
    private static partial Regex PlainText();

    // "v=" and then a word without STSv1 is another record. A digit after STSv1 makes another version of it.
    [GeneratedRegex(
        @"\A(?![ \t""'`\\\u201C\u201D\u2018\u2019]*v=(?!;|[ \t]|\z)(?![^ \t;]*STSv1)).*STSv1(?![0-9])",
        RegexOptions.Singleline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        FieldModel.TimeoutMilliseconds)]
    private static partial Regex NearRecord();
}
