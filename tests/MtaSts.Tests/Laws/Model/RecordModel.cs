using System.Text.RegularExpressions;

namespace MtaSts.Tests.Model;

/// <summary>Represents a TXT record as the model parses it.</summary>
internal sealed record ModelRecord(string Id, List<KeyValuePair<string, string>> Extensions)
{
    /// <summary>The record in canonical form.</summary>
    public string Canonical => string.Concat(["v=STSv1; id=" + Id, .. Extensions.Select(pair => $"; {pair.Key}={pair.Value}")]);
}

/// <summary>Models RFC 8461, Section 3.1, as one regular expression.</summary>
internal static partial class RecordModel
{
    // sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim]
    // sts-field-delim = *WSP ";" *WSP
    // sts-extension   = sts-ext-name "=" sts-ext-value
    // sts-ext-value   = 1*(%x21-3A / %x3C / %x3E-7E)
    private const string Delimiter = $"{FieldModel.Blanks};{FieldModel.Blanks}";
    private const string Field = $@"(?<name>{FieldModel.Name})=(?<value>[\x21-\x3A\x3C\x3E-\x7E]+)";

    public static ModelRecord? Parse(ModelText text)
    {
        Match match = Record().Match(text.Characters);
        if (!match.Success)
        {
            return null;
        }

        (string Name, string Value)[] fields =
            [.. match.Groups["name"].Captures.Zip(match.Groups["value"].Captures, (name, value) => (name.Value, value.Value))];

        // sts-id = %s"id=" 1*32(ALPHA / DIGIT). The first one counts; by the grammar, a later one is an sts-extension.
        string? id = fields.Where(field => field.Name == "id").Select(field => field.Value).FirstOrDefault();
        if (id is null || !Id().IsMatch(id))
        {
            return null;
        }

        // Only the first field of a name counts, and the record began with its "v".
        return new(id, FieldModel.FirstOfEachBut(fields, "v", "id"));
    }

    [GeneratedRegex($@"\Av=STSv1(?:{Delimiter}{Field})+(?:{Delimiter})?\z", RegexOptions.ExplicitCapture, FieldModel.TimeoutMilliseconds)]
    private static partial Regex Record();

    [GeneratedRegex(@"\A[A-Za-z0-9]{1,32}\z", RegexOptions.None, FieldModel.TimeoutMilliseconds)]
    private static partial Regex Id();
}
