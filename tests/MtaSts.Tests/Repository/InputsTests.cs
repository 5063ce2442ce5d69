using System.Text;
using MtaSts.Benchmarks;

namespace MtaSts.Tests;

/// <summary>Holds the inputs of the benchmarks to their descriptions in BUDGETS.md.</summary>
public sealed class InputsTests
{
    public static TheoryData<string> LargestPolicies => [.. WorstCaseInputs.Policies.Keys];

    public static TheoryData<string> LargestRecords => [.. WorstCaseInputs.Records.Keys];

    [Fact]
    public void Policy_OfThreePatterns_Is110Bytes()
    {
        TypicalInputs.Policy.Should().HaveLength(110);
        Policy.Parse(TypicalInputs.Policy).Mx.Select(static pattern => pattern.ToString())
            .Should().Equal("mail.example.com", "backup.example.com", "*.mx.example.net");
    }

    [Fact]
    public void LargePolicy_Is65499BytesOf1727PatternsOneInTenAWildcard()
    {
        Encoding.UTF8.GetByteCount(TypicalInputs.LargePolicy).Should().Be(65_499);
        MxPatternList mx = Policy.Parse(TypicalInputs.LargePolicy).Mx;
        mx.Should().HaveCount(1_727).And.OnlyHaveUniqueItems();
        mx.Count(static pattern => pattern.IsWildcard).Should().Be(172);
    }

    [Fact]
    public void PolicyOfSize_4096_IsAtMostOneLineShorter() =>
        TypicalInputs.PolicyOfSize(4_096).Length.Should().BeInRange(4_096 - 38, 4_096);

    [Fact]
    public void Hosts_OfTheLists_MatchTheLastPatternOrNoPattern()
    {
        Policy thousand = Policy.Parse(TypicalInputs.ThousandPatterns);
        thousand.Mx.Should().HaveCount(1_000);
        TypicalInputs.ThousandLastHosts.Should().AllSatisfy(host =>
        {
            thousand.TryMatch(host, out MxPattern matched).Should().BeTrue();
            matched.Should().Be(thousand.Mx[^1]);
        });
        TypicalInputs.ThousandNoHosts.Should().NotContain(host => thousand.Matches(host));

        foreach (int patterns in (int[])[1, 4, 16, 17, 64, 256, 1_024, 4_096])
        {
            Policy policy = Policy.Parse(TypicalInputs.ShortNamePolicyOf(patterns));
            policy.Mx.Should().HaveCount(patterns);
            policy.TryMatch(TypicalInputs.ShortNameLastHost(patterns), out MxPattern last).Should().BeTrue();
            last.Should().Be(policy.Mx[^1]);
            TypicalInputs.ShortNameNoHosts.Should().NotContain(host => policy.Matches(host));
        }
    }

    [Theory]
    [MemberData(nameof(LargestPolicies))]
    public void WorstPolicy_FillsTheLimitAndIsInvalidIfNamedBad(string name)
    {
        string text = WorstCaseInputs.Policies[name];

        Encoding.UTF8.GetByteCount(text).Should().BeInRange(WorstCaseInputs.Size - 260, WorstCaseInputs.Size);
        Policy.TryParse(text, out _, out ParseError error).Should().Be(!name.StartsWith("bad", StringComparison.Ordinal), "of {0}", error);
    }

    [Theory]
    [MemberData(nameof(LargestRecords))]
    public void WorstRecord_FillsTheLimitAndIsValid(string name)
    {
        string text = WorstCaseInputs.Records[name];

        text.Length.Should().BeInRange(WorstCaseInputs.Size - 6, WorstCaseInputs.Size);
        StsRecord.TryParse(text, out _, out ParseError error).Should().BeTrue("of {0}", error);
    }

    [Fact]
    public void WorstHosts_DifferFromThePatternsOnlyAtTheEnd()
    {
        Policy scan = Policy.Parse(WorstCaseInputs.LongScan);
        scan.Mx.Should().HaveCount(16).And.OnlyContain(static pattern => pattern.ToString().Length == 253);
        scan.Mx.Select(static pattern => pattern.ToString()[..^4]).Distinct(StringComparer.Ordinal)
            .Should().Equal(WorstCaseInputs.LongScanHost[..^4]);
        scan.Matches(WorstCaseInputs.LongScanHost).Should().BeFalse();
        Sts.TryNormalize(WorstCaseInputs.InternationalHost, out _).Should().BeTrue();
    }
}
