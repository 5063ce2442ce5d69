namespace MtaSts.Tests;

/// <summary>
/// Verifies that a host with an empty label matches no pattern. One trailing dot is the root's; any other dot needs a
/// label on both sides (Section 4.1).
/// </summary>
public class EmptyLabelTests
{
    public static TheoryData<string> Hosts => new()
    {
        ".example.com", // empty label for the asterisk; an index of texts would find "*.example.com"
        ".EXAMPLE.com.",
        "..example.com",
        "mail.example.com..",
        "b\u00FCcher.example.com..", // only one root dot is removed, before the conversion to A-labels
        "b\u00FCcher.example.com...",
        "mail..example.com",
        ".mail.example.com",
        ".",
        "..",
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Matches_HostWithAnEmptyLabel_IsFalseByEveryRoute(string host)
    {
        string[] patterns = ["*.example.com", "mail.example.com", "example.com", "xn--bcher-kva.example.com", "*.mail.example.com"];
        foreach (string pattern in patterns)
        {
            MxPattern.Parse(pattern).Matches(host).Should().BeFalse();
            Sts.MxMatches(host, pattern).Should().BeFalse();
        }

        // Up to 16 patterns are scanned; longer lists are indexed.
        foreach (int length in new[] { patterns.Length, 16, 17, 300 })
        {
            IEnumerable<string> more = Enumerable.Range(0, length - patterns.Length).Select(i => $"mx{i}.example.net");
            Policy policy = new(PolicyMode.Enforce, TimeSpan.Zero, patterns.Concat(more).Select(MxPattern.Parse));
            policy.TryMatch(host, out MxPattern found).Should().BeFalse();
            found.Should().Be(default(MxPattern));
            Sts.Enforce(policy, host).Verdict.Should().Be(Verdict.Deny);
        }
    }
}
