namespace MtaSts.Tests;

public sealed class StsTests
{
    private const string Mx = "mx: mail.example.com\nmx: *.example.net\n";

    // "_mta-sts." counts towards the 253 octets of the record's name.
    private static readonly string Domain244 = MxPatternTests.Name253[9..];
    private static readonly string Domain245 = MxPatternTests.Name253[8..];

    public static TheoryData<string, string> Domains => new() // as given, in canonical form
    {
        { "example.com", "example.com" },
        { "EXAMPLE.Com", "example.com" },
        { "example.com.", "example.com" },
        { "com", "com" },
        { "a-b.example", "a-b.example" },
        { "xn--BCHER-kva.example", "xn--bcher-kva.example" },
        { "bücher.example", "xn--bcher-kva.example" },
        { "BÜCHER.Example.", "xn--bcher-kva.example" },
        { "mail.中国", "mail.xn--fiqs8s" },
        { "192.0.2.1", "192.0.2.1" }, // all-digit labels are a Domain
        { Domain244, Domain244 },
        { $"{Domain244}.", Domain244 },
    };

    public static TheoryData<string> InvalidDomains => new()
    {
        "",
        ".",
        "..",
        "example.com..",
        "bücher.example..",
        ".example.com",
        "a..example",
        "-a.example",
        "a-.example",
        "_mta-sts.example.com",
        "*.example.com",
        "[192.0.2.1]", // an address literal cannot have a policy
        "[IPv6:2001:db8::1]",
        "2001:db8::1",
        "user@example.com",
        "a b.example",
        " example.com",
        "example.com\n",
        "example.com\0",
        "example.com/",
        "https://example.com",
        "\u212A.example", // the Kelvin sign
        "\uFF41.example",
        "a\u3002example",
        "bücher .example",
        "bücher_.example",
        "\uD800.example",
        $"{MxPatternTests.Label63}a.example",
        new('é', 64),
        MxPatternTests.Name253,
        $"{MxPatternTests.Name253}a",
        new('a', 100_000),
        new('é', 100_000),
    };

    // Decisions before connecting: mode, host; verdict, failure, pattern, RequiresTls, status code.
    public static TheoryData<string, string, Verdict, TlsFailure, string?, bool, string?> Decisions => new()
    {
        { "enforce", "mail.example.com", Verdict.Allow, TlsFailure.None, "mail.example.com", true, null },
        { "enforce", "MX1.Example.net.", Verdict.Allow, TlsFailure.None, "*.example.net", true, null },
        { "enforce", "bücher.example.net", Verdict.Allow, TlsFailure.None, "*.example.net", true, null },
        { "enforce", "a.b.example.net", Verdict.Deny, TlsFailure.ValidationFailure, null, false, "4.4.8" },
        { "enforce", "example.net", Verdict.Deny, TlsFailure.ValidationFailure, null, false, "4.4.8" },
        { "enforce", "evil.test", Verdict.Deny, TlsFailure.ValidationFailure, null, false, "4.4.8" },
        { "enforce", "", Verdict.Deny, TlsFailure.ValidationFailure, null, false, "4.4.8" },
        { "enforce", ".", Verdict.Deny, TlsFailure.ValidationFailure, null, false, "4.4.8" },
        { "enforce", "mail.example.com\0", Verdict.Deny, TlsFailure.ValidationFailure, null, false, "4.4.8" },
        { "testing", "mail.example.com", Verdict.Allow, TlsFailure.None, "mail.example.com", false, null },
        { "testing", "mx1.example.net", Verdict.Allow, TlsFailure.None, "*.example.net", false, null },
        { "testing", "evil.test", Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false, null },
        { "testing", "", Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false, null },
        { "none", "mail.example.com", Verdict.NoPolicy, TlsFailure.None, null, false, null },
        { "none", "evil.test", Verdict.NoPolicy, TlsFailure.None, null, false, null },
        { "none", "", Verdict.NoPolicy, TlsFailure.None, null, false, null },
    };

    [Theory]
    [MemberData(nameof(Domains))]
    public void Names_Domain_UseItsCanonicalForm(string domain, string canonical)
    {
        Sts.PolicyHost(domain).Should().Be($"mta-sts.{canonical}");
        Sts.PolicyUrl(domain).Should().Be($"https://mta-sts.{canonical}/.well-known/mta-sts.txt");
        Sts.RecordName(domain).Should().Be($"_mta-sts.{canonical}");
    }

    [Theory]
    [MemberData(nameof(InvalidDomains))]
    public void Names_InvalidDomain_Throw(string domain)
    {
        Assert.Throws<ArgumentException>(nameof(domain), () => Sts.PolicyHost(domain));
        Assert.Throws<ArgumentException>(nameof(domain), () => Sts.PolicyUrl(domain));
        Assert.Throws<ArgumentException>(nameof(domain), () => Sts.RecordName(domain));
    }

    [Fact]
    public void Names_LongestDomain_IsThatWhoseRecordNameStillFits()
    {
        Sts.RecordName(Domain244).Should().HaveLength(253);
        Sts.PolicyHost(Domain244).Should().HaveLength(252);
        Assert.Throws<ArgumentException>("domain", static () => Sts.RecordName(Domain245));
        Assert.Throws<ArgumentException>("domain", static () => Sts.PolicyHost(Domain245));
        Assert.Throws<ArgumentException>("domain", static () => Sts.PolicyUrl(Domain245));
    }

    [Fact]
    public void Names_Null_Throw()
    {
        Assert.Throws<ArgumentNullException>("domain", static () => Sts.PolicyHost(null!));
        Assert.Throws<ArgumentNullException>("domain", static () => Sts.PolicyUrl(null!));
        Assert.Throws<ArgumentNullException>("domain", static () => Sts.RecordName(null!));
    }

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Enforce_BeforeConnecting_FollowsTheTable(
        string mode, string host, Verdict verdict, TlsFailure failure, string? pattern, bool requiresTls, string? statusCode)
    {
        Policy policy = Policy.Parse($"version: STSv1\nmode: {mode}\n{Mx}max_age: 86400");

        Decision decision = Sts.Enforce(policy, host);

        decision.Verdict.Should().Be(verdict);
        decision.Failure.Should().Be(failure);
        (decision.MatchedPattern?.ToString()).Should().Be(pattern);
        decision.RequiresTls.Should().Be(requiresTls);
        decision.EnhancedStatusCode.Should().Be(statusCode);
    }

    [Theory]
    [InlineData("mail.example.com")]
    [InlineData("")]
    public void Enforce_NoPolicy_ReturnsNoPolicy(string host)
    {
        Decision decision = Sts.Enforce(null, host);

        (decision == default).Should().BeTrue();
        decision.Verdict.Should().Be(Verdict.NoPolicy);
        decision.Failure.Should().Be(TlsFailure.None);
        decision.MatchedPattern.Should().BeNull();
        decision.RequiresTls.Should().BeFalse();
        decision.EnhancedStatusCode.Should().BeNull();
    }

    [Fact]
    public void Enforce_OnlyModeEnforce_DeniesOrRequiresTls()
    {
        string[] hosts = ["mail.example.com", "mx.example.net", "a.b.example.net", "example.net", "evil.test", "", ".", "\u212A"];
        foreach (PolicyMode mode in Enum.GetValues<PolicyMode>())
        {
            Policy policy = new(mode, TimeSpan.FromDays(1), Policy.Parse($"version: STSv1\nmode: none\n{Mx}max_age: 1").Mx);
            foreach (string host in hosts)
            {
                Decision decision = Sts.Enforce(policy, host);

                (decision.Verdict is Verdict.Deny).Should().Be(mode is PolicyMode.Enforce && !policy.Matches(host));
                decision.RequiresTls.Should().Be(mode is PolicyMode.Enforce && policy.Matches(host));
                (decision.EnhancedStatusCode is not null).Should().Be(decision.Verdict is Verdict.Deny);
                (decision.Failure is TlsFailure.None).Should().Be(decision.Verdict is Verdict.Allow or Verdict.NoPolicy);
            }
        }
    }

    [Fact]
    public void Decision_Equality_ComparesVerdictAndReasons()
    {
        Policy policy = Policy.Parse($"version: STSv1\nmode: enforce\n{Mx}max_age: 1");
        Policy testing = Policy.Parse($"version: STSv1\nmode: testing\n{Mx}max_age: 1");
        Decision decision = Sts.Enforce(policy, "a.example.net");
        Decision[] others =
            [Sts.Enforce(policy, "mail.example.com"), Sts.Enforce(policy, "evil.test"), Sts.Enforce(testing, "a.example.net"), default];

        (decision == Sts.Enforce(policy, "B.example.net.")).Should().BeTrue();
        (decision != Sts.Enforce(policy, "B.example.net.")).Should().BeFalse();
        decision.Equals((object)Sts.Enforce(policy, "c.example.net")).Should().BeTrue();
        decision.GetHashCode().Should().Be(Sts.Enforce(policy, "c.example.net").GetHashCode());
        others.Should().OnlyContain(other => decision != other && !(decision == other) && !decision.Equals((object)other));
        decision.Equals("Allow").Should().BeFalse();
    }

    [Fact]
    public void Decision_ToString_ShowsVerdictFailureAndPattern()
    {
        Policy policy = Policy.Parse($"version: STSv1\nmode: enforce\n{Mx}max_age: 1");

        Sts.Enforce(policy, "a.example.net").ToString().Should().Be("Allow, *.example.net");
        Sts.Enforce(policy, "evil.test").ToString().Should().Be("Deny, validation-failure, 4.4.8");
        default(Decision).ToString().Should().Be("NoPolicy");
    }
}
