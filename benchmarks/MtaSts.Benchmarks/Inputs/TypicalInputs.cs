using System.Globalization;
using System.Text;

namespace MtaSts.Benchmarks;

/// <summary>
/// Contains records, policies and hosts as a mail server meets them, and large ones of the same form.
/// </summary>
internal static class TypicalInputs
{
    public const string Record = "v=STSv1; id=20200101T000000Z";

    public const string Policy = """
        version: STSv1
        mode: enforce
        mx: mail.example.com
        mx: backup.example.com
        mx: *.mx.example.net
        max_age: 604800

        """;

    public const string FirstHost = "mail.example.com";
    public const string LastHost = "primary.mx.example.net";
    public const string NoHost = "attacker.com";

    public const string WildcardHost = "mx1.example.com";
    public const string TooDeepHost = "a.b.example.com";
    public const string Wildcard = "*.example.com";

    /// <summary>The number of patterns in <see cref="LargePolicy"/>.</summary>
    public const int LargePolicyPatterns = 1_727;

    // Invalid at the end of the last field or line: a parser reads as much as of the valid text.
    public const string BadRecord = "v=STSv1; id=20200101T000000_";
    public static readonly string BadPolicy = Policy.Replace("604800", "60480a", StringComparison.Ordinal);

    // Not a record, and not a policy.
    public const string OtherRecord = "v=spf1 include:example.com -all";
    public const string WebPage =
        "<!DOCTYPE html>\n<html>\n<head><title>404 Not Found</title></head>\n<body>Not Found</body>\n</html>\n";

    /// <summary>A policy of 65,499 bytes and 1,727 patterns, one in ten a wildcard.</summary>
    public static readonly string LargePolicy = PolicyOf(LargePolicyPatterns);
    public static readonly string LargeBadPolicy = LargePolicy.Replace("604800", "60480a", StringComparison.Ordinal);

    /// <summary>A policy of 1,000 patterns of the same form.</summary>
    public static readonly string ThousandPatterns = PolicyOf(1_000);

    /// <summary>
    /// Hosts that match the last pattern of <see cref="ThousandPatterns"/>. Several, because one may have a lucky hash.
    /// </summary>
    public static readonly string[] ThousandLastHosts =
        [.. Enumerable.Range(0, 16).Select(static i => $"mx{i:x}.location-0999.mail.example.net")];

    /// <summary>Hosts that match no pattern of <see cref="ThousandPatterns"/>.</summary>
    public static readonly string[] ThousandNoHosts =
    [
        .. Enumerable.Range(0, 16)
            .Select(static i => string.Create(CultureInfo.InvariantCulture, $"mx1.location-{i:D3}8.mail.example.net")),
    ];

    /// <summary>Hosts that match no pattern of <see cref="ShortNamePolicyOf"/>, with the length of its names.</summary>
    public static readonly string[] ShortNameNoHosts =
        [.. Enumerable.Range(0, 16).Select(static i => $"mzzz.{(char)('b' + i)}.net")];

    /// <summary>Creates a policy of a number of patterns, with some 38 bytes each.</summary>
    public static string PolicyOf(int patterns)
    {
        StringBuilder text = new("version: STSv1\nmode: enforce\n");
        for (int i = 0; i < patterns; i++)
        {
            text.Append(Pattern(i));
        }

        return text.Append("max_age: 604800\n").ToString();
    }

    /// <summary>Creates the largest such policy of at most a number of bytes.</summary>
    public static string PolicyOfSize(int bytes)
    {
        int patterns = 1;
        for (int size = PolicyOf(1).Length + Pattern(1).Length; size <= bytes; size += Pattern(patterns).Length)
        {
            patterns++;
        }

        return PolicyOf(patterns);
    }

    /// <summary>Creates a policy of up to 4,096 patterns with names that are short enough for 64 KiB.</summary>
    public static string ShortNamePolicyOf(int patterns)
    {
        IEnumerable<string> lines = Enumerable.Range(0, patterns).Select(static i => i % 10 == 9
            ? string.Create(CultureInfo.InvariantCulture, $"mx:*.w{i:x3}.net\n")
            : string.Create(CultureInfo.InvariantCulture, $"mx:m{i:x3}.a.net\n"));
        return $"version:STSv1\nmode:enforce\n{string.Concat(lines)}max_age:604800\n";
    }

    /// <summary>Creates a host that matches the last pattern of <see cref="ShortNamePolicyOf"/>.</summary>
    public static string ShortNameLastHost(int patterns)
    {
        int last = patterns - 1;
        return last % 10 == 9
            ? string.Create(CultureInfo.InvariantCulture, $"a.w{last:x3}.net")
            : string.Create(CultureInfo.InvariantCulture, $"m{last:x3}.a.net");
    }

    /// <summary>Creates policy domains for a cache, in another order than in memory.</summary>
    public static string[] Domains(int count)
    {
        string[] domains =
            [.. Enumerable.Range(0, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $"domain{i}.example"))];
        new Random(8461).Shuffle(domains);
        return domains;
    }

    private static string Pattern(int i) => i % 10 == 9
        ? string.Create(CultureInfo.InvariantCulture, $"mx: *.location-{i:D4}.mail.example.net\n")
        : string.Create(CultureInfo.InvariantCulture, $"mx: mx{i:D4}.region-{i % 100:D2}.mail.example.net\n");
}
