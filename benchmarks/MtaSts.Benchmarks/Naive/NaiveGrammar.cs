namespace MtaSts.Benchmarks;

/// <summary>Contains the character checks of the straightforward parsers.</summary>
internal static class NaiveGrammar
{
    public static readonly char[] Whitespace = [' ', '\t'];

    public static bool IsFieldName(string name)
    {
        if (name.Length is 0 or > 32 || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && c != '-' && c != '.')
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsPattern(string pattern) =>
        IsDomain(pattern.StartsWith("*.", StringComparison.Ordinal) ? pattern[2..] : pattern);

    public static bool IsDomain(string name)
    {
        if (name.Length is 0 or > 253)
        {
            return false;
        }

        foreach (string label in name.Split('.'))
        {
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }
}
