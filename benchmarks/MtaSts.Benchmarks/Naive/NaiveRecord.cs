namespace MtaSts.Benchmarks;

/// <summary>
/// Parses a TXT record as most people would: split at the semicolons, trim, split at the equals sign.
/// </summary>
internal sealed class NaiveRecord
{
    public required string Id { get; init; }

    public required Dictionary<string, string> Extensions { get; init; }

    public static NaiveRecord? Parse(string text)
    {
        string[] fields = text.Split(';');
        if (fields.Length < 2 || fields[0].TrimEnd(NaiveGrammar.Whitespace) != "v=STSv1")
        {
            return null;
        }

        string? id = null;
        Dictionary<string, string> extensions = [];
        for (int i = 1; i < fields.Length; i++)
        {
            bool isLast = i == fields.Length - 1;
            string field = fields[i].TrimStart(NaiveGrammar.Whitespace);
            if (isLast && field.Length == 0)
            {
                break; // The record may end with a semicolon.
            }

            string[] parts = (isLast ? field : field.TrimEnd(NaiveGrammar.Whitespace)).Split('=');
            if (parts.Length != 2)
            {
                return null;
            }

            string name = parts[0];
            string value = parts[1];
            if (name == "id" && id is null)
            {
                if (!IsId(value))
                {
                    return null;
                }

                id = value;
            }
            else if (!NaiveGrammar.IsFieldName(name) || !IsValue(value))
            {
                return null;
            }
            else if (name is not ("id" or "v"))
            {
                extensions.TryAdd(name, value);
            }
        }

        return id is null ? null : new() { Id = id, Extensions = extensions };
    }

    private static bool IsId(string value) => value.Length is > 0 and <= 32 && value.All(char.IsAsciiLetterOrDigit);

    private static bool IsValue(string value) => value.Length > 0 && value.All(static c => c is > ' ' and <= '~' and not ';' and not '=');
}
