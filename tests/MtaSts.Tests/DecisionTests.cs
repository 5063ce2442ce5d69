namespace MtaSts.Tests;

/// <summary>
/// Verifies decisions for every combination of mode, match and TLS outcome (RFC 8461, Sections 4 and 5).
/// </summary>
public class DecisionTests
{
    private const string Matching = "mail.example.com"; // by *.example.com
    private const string Other = "mail.example.net";

    // null is the decision before connecting.
    private static readonly TlsOutcome?[] Outcomes = [null, .. Enum.GetValues<TlsOutcome>()];
    private static readonly PolicyMode?[] Modes = [null, .. Enum.GetValues<PolicyMode>()];

    // Mode (null: no policy), host matches, TLS; verdict, failure, status code, RequiresTls.
    public static TheoryData<PolicyMode?, bool, TlsOutcome?, Verdict, TlsFailure, string?, bool> Table => new()
    {
        // No policy: host and TLS do not matter.
        { null, true, null, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, true, TlsOutcome.NotOffered, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, true, TlsOutcome.Verified, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, true, TlsOutcome.HostMismatch, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, true, TlsOutcome.Expired, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, true, TlsOutcome.NotTrusted, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, true, TlsOutcome.HandshakeFailed, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, null, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, TlsOutcome.NotOffered, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, TlsOutcome.Verified, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, TlsOutcome.HostMismatch, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, TlsOutcome.Expired, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, TlsOutcome.NotTrusted, Verdict.NoPolicy, TlsFailure.None, null, false },
        { null, false, TlsOutcome.HandshakeFailed, Verdict.NoPolicy, TlsFailure.None, null, false },

        // Mode none: the same as without a policy, even if a pattern matches.
        { PolicyMode.None, true, null, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, true, TlsOutcome.NotOffered, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, true, TlsOutcome.Verified, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, true, TlsOutcome.HostMismatch, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, true, TlsOutcome.Expired, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, true, TlsOutcome.NotTrusted, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, true, TlsOutcome.HandshakeFailed, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, null, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, TlsOutcome.NotOffered, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, TlsOutcome.Verified, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, TlsOutcome.HostMismatch, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, TlsOutcome.Expired, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, TlsOutcome.NotTrusted, Verdict.NoPolicy, TlsFailure.None, null, false },
        { PolicyMode.None, false, TlsOutcome.HandshakeFailed, Verdict.NoPolicy, TlsFailure.None, null, false },

        // Testing: every host is allowed, and every failure is reported.
        { PolicyMode.Testing, true, null, Verdict.Allow, TlsFailure.None, null, false },
        { PolicyMode.Testing, true, TlsOutcome.NotOffered, Verdict.AllowAndReport, TlsFailure.StartTlsNotSupported, null, false },
        { PolicyMode.Testing, true, TlsOutcome.Verified, Verdict.Allow, TlsFailure.None, null, false },
        { PolicyMode.Testing, true, TlsOutcome.HostMismatch, Verdict.AllowAndReport, TlsFailure.CertificateHostMismatch, null, false },
        { PolicyMode.Testing, true, TlsOutcome.Expired, Verdict.AllowAndReport, TlsFailure.CertificateExpired, null, false },
        { PolicyMode.Testing, true, TlsOutcome.NotTrusted, Verdict.AllowAndReport, TlsFailure.CertificateNotTrusted, null, false },
        { PolicyMode.Testing, true, TlsOutcome.HandshakeFailed, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, null, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, TlsOutcome.NotOffered, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, TlsOutcome.Verified, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, TlsOutcome.HostMismatch, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, TlsOutcome.Expired, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, TlsOutcome.NotTrusted, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },
        { PolicyMode.Testing, false, TlsOutcome.HandshakeFailed, Verdict.AllowAndReport, TlsFailure.ValidationFailure, null, false },

        // Enforce: only a host that matches is allowed, and only over verified TLS.
        { PolicyMode.Enforce, true, null, Verdict.Allow, TlsFailure.None, null, true },
        { PolicyMode.Enforce, true, TlsOutcome.NotOffered, Verdict.Deny, TlsFailure.StartTlsNotSupported, "4.7.5", true },
        { PolicyMode.Enforce, true, TlsOutcome.Verified, Verdict.Allow, TlsFailure.None, null, true },
        { PolicyMode.Enforce, true, TlsOutcome.HostMismatch, Verdict.Deny, TlsFailure.CertificateHostMismatch, "4.7.5", true },
        { PolicyMode.Enforce, true, TlsOutcome.Expired, Verdict.Deny, TlsFailure.CertificateExpired, "4.7.5", true },
        { PolicyMode.Enforce, true, TlsOutcome.NotTrusted, Verdict.Deny, TlsFailure.CertificateNotTrusted, "4.7.5", true },
        { PolicyMode.Enforce, true, TlsOutcome.HandshakeFailed, Verdict.Deny, TlsFailure.ValidationFailure, "4.7.5", true },
        { PolicyMode.Enforce, false, null, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
        { PolicyMode.Enforce, false, TlsOutcome.NotOffered, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
        { PolicyMode.Enforce, false, TlsOutcome.Verified, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
        { PolicyMode.Enforce, false, TlsOutcome.HostMismatch, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
        { PolicyMode.Enforce, false, TlsOutcome.Expired, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
        { PolicyMode.Enforce, false, TlsOutcome.NotTrusted, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
        { PolicyMode.Enforce, false, TlsOutcome.HandshakeFailed, Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8", false },
    };

    public static TheoryData<PolicyMode, TlsOutcome, string> Texts => new() // for a host that matches
    {
        { PolicyMode.None, TlsOutcome.Expired, "NoPolicy" },
        { PolicyMode.Testing, TlsOutcome.Verified, "Allow, *.example.com" },
        { PolicyMode.Testing, TlsOutcome.NotOffered, "AllowAndReport, starttls-not-supported, *.example.com" },
        { PolicyMode.Enforce, TlsOutcome.Verified, "Allow, *.example.com" },
        { PolicyMode.Enforce, TlsOutcome.Expired, "Deny, certificate-expired, 4.7.5, *.example.com" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Enforce_EachRowOfTheTable_ReturnsItsVerdict(
        PolicyMode? mode, bool matches, TlsOutcome? tls, Verdict verdict, TlsFailure failure, string? statusCode, bool requiresTls)
    {
        Decision decision = Decide(mode, matches, tls);

        decision.Verdict.Should().Be(verdict);
        decision.Failure.Should().Be(failure);
        decision.EnhancedStatusCode.Should().Be(statusCode);
        decision.RequiresTls.Should().Be(requiresTls);
        bool showsPattern = matches && verdict is not Verdict.NoPolicy;
        decision.MatchedPattern.Should().Be(showsPattern ? MxPattern.Parse("*.example.com") : null);
    }

    [Fact]
    public void Table_CoversAllCombinations()
    {
        var rows = Table.Select(static row => (row[0], row[1], row[2])).ToList();

        rows.Should().OnlyHaveUniqueItems();
        rows.Should().HaveCount(Product().Count());
    }

    [Fact]
    public void Enforce_AnyCase_OnlyModeEnforceDenies() =>
        Product().Where(static c => c.Decision.Verdict is Verdict.Deny).Should().NotBeEmpty()
            .And.OnlyContain(static c => c.Mode == PolicyMode.Enforce);

    [Fact]
    public void Enforce_ModeNone_EqualsNoPolicy()
    {
        foreach (var (mode, matches, tls, decision) in Product().Where(static c => c.Mode is PolicyMode.None))
        {
            decision.Should().Be(Decide(mode: null, matches, tls), $"{mode}, {matches}, {tls}");
            decision.Should().Be(default(Decision));
        }
    }

    [Fact]
    public void Enforce_ModeTesting_ReportsTheFailureThatEnforceDenies()
    {
        foreach (var (_, matches, tls, enforced) in Product().Where(static c => c.Mode is PolicyMode.Enforce))
        {
            Decision tested = Decide(PolicyMode.Testing, matches, tls);

            tested.Failure.Should().Be(enforced.Failure, $"{matches}, {tls}");
            tested.MatchedPattern.Should().Be(enforced.MatchedPattern);
            (tested.Verdict is Verdict.AllowAndReport).Should().Be(enforced.Verdict is Verdict.Deny);
            (tested.Verdict is Verdict.Allow).Should().Be(enforced.Verdict is Verdict.Allow);
        }
    }

    [Fact]
    public void EnhancedStatusCode_AnyCase_IsTransientAndSetExactlyWhenDenied()
    {
        foreach (var (mode, matches, tls, decision) in Product())
        {
            string reason = $"{mode}, {matches}, {tls}";
            (decision.EnhancedStatusCode is not null).Should().Be(decision.Verdict is Verdict.Deny, reason);
            (decision.EnhancedStatusCode ?? "4.").Should().StartWith("4.", "Section 5 forbids a permanent failure: " + reason);
        }
    }

    [Fact]
    public void Verdict_NoMember_IsPermanent() =>
        Enum.GetNames<Verdict>().Should().Equal("NoPolicy", "Allow", "AllowAndReport", "Deny");

    [Fact]
    public void Failure_AnyCase_IsNoneExactlyWhenThereIsNothingToReport()
    {
        foreach (var (mode, matches, tls, decision) in Product())
        {
            (decision.Failure is not TlsFailure.None).Should()
                .Be(decision.Verdict is Verdict.Deny or Verdict.AllowAndReport, $"{mode}, {matches}, {tls}");
        }
    }

    [Fact]
    public void RequiresTls_AnyCase_IsTrueExactlyForEnforceAndMatch()
    {
        foreach (var (mode, matches, tls, decision) in Product())
        {
            decision.RequiresTls.Should().Be(mode is PolicyMode.Enforce && matches, $"{mode}, {matches}, {tls}");
            if (decision.RequiresTls)
            {
                decision.MatchedPattern.Value.ToString().Should().NotBeEmpty(); // The compiler knows that a pattern matched.
            }
        }
    }

    [Fact]
    public void Enforce_WithoutOutcome_EqualsVerifiedTls()
    {
        foreach (var (mode, matches, _, before) in Product().Where(static c => c.Tls is null))
        {
            before.Should().Be(Decide(mode, matches, TlsOutcome.Verified), "only the certificate is unknown: " + mode);
        }
    }

    [Fact]
    public void Enforce_UnsetOutcome_NeverPasses()
    {
        Decide(PolicyMode.Enforce, matches: true, default(TlsOutcome)).Verdict.Should().Be(Verdict.Deny);
        Decide(PolicyMode.Testing, matches: true, default(TlsOutcome)).Verdict.Should().Be(Verdict.AllowAndReport);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(6)] // one past HandshakeFailed
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Enforce_UndefinedOutcome_Throws(int value)
    {
        foreach (PolicyMode? mode in Modes) // also without a policy: a caller's bug must show at once
        {
            foreach (bool matches in new[] { true, false })
            {
                Action act = () => Decide(mode, matches, (TlsOutcome)value);
                act.Should().Throw<ArgumentOutOfRangeException>($"{mode}, {matches}").WithParameterName("tls");
            }
        }
    }

    [Fact]
    public void Enforce_SeveralPatterns_MatchedPatternIsTheFirstInFileOrder()
    {
        Policy policy = Policy.Parse(
            "version: STSv1\nmode: enforce\nmx: a.example\nmx: *.example.com\nmx: mail.example.com\nmax_age: 86400\n");

        Sts.Enforce(policy, Matching).MatchedPattern.Should().Be(MxPattern.Parse("*.example.com"));
        Sts.Enforce(policy, Matching, TlsOutcome.NotTrusted).MatchedPattern.Should().Be(MxPattern.Parse("*.example.com"));
    }

    [Fact]
    public void Default_IsTheDecisionWithoutPolicy()
    {
        Decision decision = default;

        decision.Verdict.Should().Be(Verdict.NoPolicy);
        decision.Failure.Should().Be(TlsFailure.None);
        decision.RequiresTls.Should().BeFalse();
        decision.MatchedPattern.Should().BeNull();
        decision.EnhancedStatusCode.Should().BeNull();
        decision.ToString().Should().Be("NoPolicy");
        decision.Should().Be(Sts.Enforce(policy: null, Matching));
    }

    [Fact]
    public void Equals_AllPairs_ComparesTheProperties()
    {
        static (Verdict, TlsFailure, string?, bool, MxPattern?) PropertiesOf(Decision d) =>
            (d.Verdict, d.Failure, d.EnhancedStatusCode, d.RequiresTls, d.MatchedPattern);

        Decision[] all = [.. Product().Select(static c => c.Decision)];
        foreach (Decision a in all)
        {
            foreach (Decision b in all)
            {
                bool same = PropertiesOf(a) == PropertiesOf(b);
                a.Equals(b).Should().Be(same, $"{a} and {b}");
                a.Equals((object)b).Should().Be(same);
                (a == b).Should().Be(same);
                (a != b).Should().Be(!same);
                if (same)
                {
                    a.GetHashCode().Should().Be(b.GetHashCode());
                }
            }
        }
    }

    [Fact]
    public void Equals_SameVerdictWithOtherPattern_IsFalse()
    {
        Decision byWildcard = Decide(PolicyMode.Enforce, matches: true, tls: null);
        Decision byName = Sts.Enforce(new Policy(PolicyMode.Enforce, TimeSpan.FromDays(1), [MxPattern.Parse(Matching)]), Matching);

        byWildcard.Should().NotBe(byName);
        byWildcard.Equals(obj: null).Should().BeFalse();
        byWildcard.Equals("Allow, *.example.com").Should().BeFalse();
    }

    [Fact]
    public void GetHashCode_AllDecisions_RarelyCollide()
    {
        Decision[] distinct = [.. Product().Select(static c => c.Decision).Distinct()];

        distinct.Select(static d => d.GetHashCode()).Distinct().Count().Should().BeGreaterThan(distinct.Length / 2);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void ToString_Decision_ShowsVerdictFailureAndPattern(PolicyMode mode, TlsOutcome tls, string expected) =>
        Decide(mode, matches: true, tls).ToString().Should().Be(expected);

    [Fact]
    public void ToString_NoMatch_HasNoPattern()
    {
        Decide(PolicyMode.Enforce, matches: false, tls: null).ToString().Should().Be("Deny, validation-failure, 4.4.8");
        Decide(PolicyMode.Testing, matches: false, tls: null).ToString().Should().Be("AllowAndReport, validation-failure");
    }

    private static IEnumerable<(PolicyMode? Mode, bool Matches, TlsOutcome? Tls, Decision Decision)> Product() =>
        from mode in Modes
        from matches in new[] { true, false }
        from tls in Outcomes
        select (mode, matches, tls, Decide(mode, matches, tls));

    private static Decision Decide(PolicyMode? mode, bool matches, TlsOutcome? tls)
    {
        Policy? policy = mode is { } some ? new(some, TimeSpan.FromDays(1), [MxPattern.Parse("*.example.com")]) : null;
        string host = matches ? Matching : Other;
        return tls is { } outcome ? Sts.Enforce(policy, host, outcome) : Sts.Enforce(policy, host);
    }
}
