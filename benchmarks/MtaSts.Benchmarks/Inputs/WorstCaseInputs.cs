using System.Globalization;
using System.Text;

namespace MtaSts.Benchmarks;

/// <summary>Texts of the maximum size, each made to cost a parser or a search as much as can be.</summary>
internal static class WorstCaseInputs
{
    public const int Size = 65_536;

    private const string Policy = "version:STSv1\nmode:enforce\nmx:a\nmax_age:0\n";
    private const string Record = "v=STSv1;id=a;";

    /// <summary>The files by name. All are policies, but for those whose name begins with <c>bad</c>.</summary>
    public static readonly Dictionary<string, string> Policies = new(StringComparer.Ordinal)
    {
        ["blank-lines"] = Fill(Policy, static _ => "\n"),
        ["blanks"] = Fill(Policy, static _ => " "),
        ["comment-lines"] = Fill(Policy, static _ => "#\n"),
        ["long-comment"] = Fill(Policy + "#", static _ => "é"), // Two bytes each: the most code points that are not ASCII.
        ["long-value"] = Fill(Policy + "x:", static _ => "é"),
        ["extensions"] = Fill(Policy, static i => $"{ShortName(i)}:a\n"),
        ["duplicates"] = Fill(Policy, static _ => "mode:a\n"),
        ["duplicate-extensions"] = Fill(Policy, static _ => "a:a\n"),
        ["short-patterns"] = Fill(Policy, static _ => "mx:a\n"),
        ["long-patterns"] = Fill(Policy, static i => $"mx:{LongName(i)}\n"),
        ["bad-at-the-end"] = Fill(Policy + "#", static _ => "é")[..^1] + "\0", // What was read is read again, for the error.
        ["bad-one-line"] = Fill("", static _ => "a"),
        ["bad-pattern"] = Fill("mx:", static _ => "a"),
    };

    /// <summary>The records by name. All are records.</summary>
    public static readonly Dictionary<string, string> Records = new(StringComparer.Ordinal)
    {
        ["extensions"] = Fill(Record, static i => $"{ShortName(i)}=a;"),
        ["duplicates"] = Fill(Record, static _ => "id=a;"),
        ["blanks"] = Fill("v=STSv1;id=a", static _ => " ")[..^1] + ";",
        ["long-value"] = Fill("v=STSv1;id=a;x=", static _ => "a"),
    };

    /// <summary>A policy of as many different patterns as 64 KiB hold, so that the index over them is as large as can be.</summary>
    public static readonly string MostPatterns = Fill(Policy, static i => $"mx:{ShortName(i)}\n");

    /// <summary>The longest list that is scanned and not indexed: 16 names of 253 octets that differ from the host in their last octet only.</summary>
    public static readonly string LongScan = Policy.Replace("mx:a\n", string.Concat(Enumerable.Range(0, 16).Select(static i => $"mx:{LongName(i)}\n")), StringComparison.Ordinal);
    public static readonly string LongScanHost = LongName(0)[..^1] + "z";

    /// <summary>The octets that a scan of <see cref="LongScan"/> compares.</summary>
    public const int LongScanSize = 16 * 253;

    /// <summary>The longest list that is scanned: 16 wildcards, all the same.</summary>
    public static readonly string Wildcards = Policy.Replace("mx:a\n", string.Concat(Enumerable.Repeat("mx:*.b\n", 16)), StringComparison.Ordinal);

    /// <summary>Each of those is equal to its end, and finds the dot that must not be before that only after all the rest.</summary>
    public static readonly string WildcardsHost = new string('a', Size - 4) + ".a.b";

    public static readonly string LongHost = new('a', Size);
    public static readonly string LongDottedHost = string.Concat(Enumerable.Repeat("a.", Size / 2));

    /// <summary>A host in U-labels, as long as one can be that still has A-labels.</summary>
    public static readonly string InternationalHost = string.Join('.', Enumerable.Repeat(new string('é', 50), 4));

    /// <summary>In base 36.</summary>
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

    /// <summary>A name of 253 octets, the longest there is.</summary>
    private static string LongName(int number)
    {
        string label = new('a', 63);
        return string.Create(CultureInfo.InvariantCulture, $"{label}.{label}.{label}.{new string('a', 57)}{number:x4}");
    }

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
