namespace MtaSts.Tests.Model;

/// <summary>Models RFC 8461, Sections 3.2 and 4.1: patterns and hosts as lists of labels.</summary>
internal static class MxModel
{
    /// <summary>
    /// The international labels that the tests use, with their A-labels, written by hand; null where there is none.
    /// </summary>
    public static readonly Dictionary<string, string?> InternationalLabels = new(StringComparer.Ordinal)
    {
        ["b\u00FCcher"] = "xn--bcher-kva",
        ["B\u00DCCHER"] = "xn--bcher-kva",
        ["m\u00FCnchen"] = "xn--mnchen-3ya",
        ["\u4F8B\u3048"] = "xn--r8jz45g",
        ["\u043F\u0440\u0438\u043C\u0435\u0440"] = "xn--e1afmkfd",
        ["\u212Aelvin"] = null, // would map to the letter k
        ["mai\u217C"] = null, // would map to the letter l
        ["\uFF4Dail"] = null, // would map to the letter m
        ["mail\u3002b\u00FCcher"] = null, // would map to a dot: two labels
        ["mail\u00A0"] = null, // whitespace
        ["mail\u0085"] = null, // a control character
        ["mail\uD83D"] = null, // half of a surrogate pair
    };

    /// <summary>Returns the pattern in lower case, or null if the text is not ["*."] Domain.</summary>
    public static string? ParsePattern(string text) => IsDomain(WithoutWildcard(text)) ? new string([.. text.Select(Fold)]) : null;

    /// <summary>Returns whether a host matches a valid pattern.</summary>
    public static bool Matches(string host, string pattern)
    {
        // One trailing dot is the root's.
        host = host.EndsWith('.') ? host[..^1] : host;
        string?[] hostLabels = [.. host.Split('.').Select(ToALabel)];
        string[] patternLabels = pattern.Split('.');
        return hostLabels.Length == patternLabels.Length && hostLabels.Zip(patternLabels, MatchesLabel).All(same => same);

        static bool MatchesLabel(string? label, string wanted) =>
            label is not null && (wanted == "*" ? IsPrintable(label) : IsSame(label, wanted));
    }

    /// <summary>Returns the index of the first pattern that the host matches, or -1.</summary>
    public static int FindFirst(string host, IReadOnlyList<string> patterns)
    {
        for (int i = 0; i < patterns.Count; i++)
        {
            if (Matches(host, patterns[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string WithoutWildcard(string text) => text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;

    // RFC 5321, Section 4.1.2:  Domain = sub-domain *("." sub-domain)
    private static bool IsDomain(string text) => text.Length <= 253 && text.Split('.').All(IsSubDomain);

    // sub-domain = Let-dig [Ldh-str],  Ldh-str = *( ALPHA / DIGIT / "-" ) Let-dig
    private static bool IsSubDomain(string label) =>
        label.Length is >= 1 and <= 63
        && label.All(c => IsLetterOrDigit(c) || c == '-')
        && IsLetterOrDigit(label[0])
        && IsLetterOrDigit(label[^1]);

    private static bool IsLetterOrDigit(char c) => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9');

    private static string? ToALabel(string label) => label.All(c => c < 0x80) ? label : InternationalLabels[label];

    // An asterisk matches one non-empty label of printable ASCII.
    private static bool IsPrintable(string label) => label.Length > 0 && label.All(c => c is >= '!' and <= '~');

    private static bool IsSame(string label, string other) =>
        label.Length == other.Length && label.Zip(other, (a, b) => Fold(a) == Fold(b)).All(same => same);

    private static char Fold(char c) => c is >= 'A' and <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
