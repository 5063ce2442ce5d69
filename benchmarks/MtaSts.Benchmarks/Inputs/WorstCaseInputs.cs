using System.Globalization;
using System.Text;

namespace MtaSts.Benchmarks;

/// <summary>Contains texts of the maximum size that cost a parser or a search as much as possible.</summary>
internal static class WorstCaseInputs
{
    public const int Size = 65_536;

    /// <summary>The number of octets that a scan of <see cref="LongScan"/> compares.</summary>
    public const int LongScanSize = 16 * 253;

    private const string Policy = "version:STSv1\nmode:enforce\nmx:a\nmax_age:0\n";
    private const string Record = "v=STSv1;id=a;";

    /// <summary>The policies by name. Those whose name begins with <c>bad</c> are invalid.</summary>
    public static readonly Dictionary<string, string> Policies = new(StringComparer.Ordinal)
    {
        ["blank-lines"] = Fill(Policy, static _ => "\n"),
        ["spaces"] = Fill(Policy, static _ => " "),
        ["comment-lines"] = Fill(Policy, static _ => "#\n"),
        ["long-comment"] = Fill(Policy + "#", static _ => "é"), // Two bytes each: the most non-ASCII code points.
        ["long-value"] = Fill(Policy + "x:", static _ => "é"),
        ["extensions"] = Fill(Policy, static i => $"{ShortName(i)}:a\n"),
        ["duplicates"] = Fill(Policy, static _ => "mode:a\n"),
        ["duplicate-extensions"] = Fill(Policy, static _ => "a:a\n"),
        ["short-patterns"] = Fill(Policy, static _ => "mx:a\n"),
        ["long-patterns"] = Fill(Policy, static i => $"mx:{LongName(i)}\n"),
        ["bad-at-the-end"] = Fill(Policy + "#", static _ => "é")[..^1] + "\0", // For the error, the line is read again.
        ["bad-one-line"] = Fill("", static _ => "a"),
        ["bad-pattern"] = Fill("mx:", static _ => "a"),
    };

    /// <summary>The records by name. All are valid.</summary>
    public static readonly Dictionary<string, string> Records = new(StringComparer.Ordinal)
    {
        ["extensions"] = Fill(Record, static i => $"{ShortName(i)}=a;"),
        ["duplicates"] = Fill(Record, static _ => "id=a;"),
        ["spaces"] = Fill("v=STSv1;id=a", static _ => " ")[..^1] + ";",
        ["long-value"] = Fill("v=STSv1;id=a;x=", static _ => "a"),
    };

    /// <summary>
    /// The policy with the most different patterns that fit into 64 KiB, and so with the largest index.
    /// </summary>
    public static readonly string MostPatterns = Fill(Policy, static i => $"mx:{ShortName(i)}\n");

    /// <summary>
    /// The longest list without an index: 16 names of 253 octets that differ from the host only in the last octet.
    /// </summary>
    public static readonly string LongScan = PolicyOf(Enumerable.Range(0, 16).Select(LongName));

    public static readonly string LongScanHost = LongName(0)[..^1] + "z";

    /// <summary>The longest list without an index: the same wildcard 16 times.</summary>
    public static readonly string Wildcards = PolicyOf(Enumerable.Repeat("*.b", 16));

    /// <summary>A host that ends like each of <see cref="Wildcards"/> and whose excess dot is found last.</summary>
    public static readonly string WildcardsHost = new string('a', Size - 4) + ".a.b";

    public static readonly string LongHost = new('a', Size);
    public static readonly string LongDottedHost = string.Concat(Enumerable.Repeat("a.", Size / 2));

    /// <summary>The longest host in U-labels that can be converted to A-labels.</summary>
    public static readonly string InternationalHost = string.Join('.', Enumerable.Repeat(new string('é', 50), 4));

    /// <summary>Creates a name from a number in base 36.</summary>
    private static string ShortName(int number)
    {
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        string name = "";
        do
        {
            name = Digits[number % Digits.Length] + name;
            number /= Digits.Length;
        }
        while (number > 0);
        return name;
    }

    /// <summary>Creates a name of 253 octets, the maximum.</summary>
    private static string LongName(int number)
    {
        string label = new('a', 63);
        return string.Create(CultureInfo.InvariantCulture, $"{label}.{label}.{label}.{new string('a', 57)}{number:x4}");
    }

    private static string PolicyOf(IEnumerable<string> patterns) =>
        Policy.Replace("mx:a\n", string.Concat(patterns.Select(static pattern => $"mx:{pattern}\n")), StringComparison.Ordinal);

    /// <summary>Appends parts to the start while the text fits into <see cref="Size"/>.</summary>
    private static string Fill(string start, Func<int, string> part)
    {
        StringBuilder text = new(start);
        int size = start.Length;
        for (int i = 0; ; i++)
        {
            string next = part(i);
            size += Encoding.UTF8.GetByteCount(next);
            if (size > Size)
            {
                return text.ToString();
            }

            text.Append(next);
        }
    }
}
