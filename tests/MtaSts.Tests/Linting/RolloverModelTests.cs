using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Compares the report of a rollover with a slow model that enumerates the hosts.</summary>
/// <remarks>
/// Laws, for any two policies and any MX hosts:
/// <list type="bullet">
/// <item>The steps remove from the DNS the hosts that only one policy allows, and keep those that both allow.</item>
/// <item>A joint policy is required only where no host works under both.</item>
/// <item>Each host that a policy does not allow has one finding. A host that both allow has no finding.</item>
/// </list>
/// The patterns consist of the labels a and b, the hosts of these and z, so each wildcard has a host without a pattern
/// of its own.
/// </remarks>
public sealed class RolloverModelTests
{
    private static readonly string[] PatternLabels = ["a", "b"];
    private static readonly string[] HostLabels = ["a", "b", "z"];
    private static readonly string[] Hosts = Names(HostLabels, 3);
    private static readonly string[] Patterns = [.. Names(PatternLabels, 3), .. Names(PatternLabels, 2).Select(static name => $"*.{name}")];

    [Theory]
    [InlineData(12)]
    public void Check_RandomPolicies_AgreesWithTheModel(int seed)
    {
        Random random = new(seed);
        int joint = 0;
        for (int i = 0; i < 20_000; i++)
        {
            Policy current = RandomPolicy(random);
            Policy next = RandomPolicy(random);
            string[]? hosts = random.Next(3) == 0 ? null : [.. random.GetItems(Hosts, random.Next(6)).Distinct(StringComparer.Ordinal)];
            RolloverReport report = PolicyRollover.Check(current, new StsRecord("a"), next, new StsRecord("b"), hosts);
            Transition model = new(current, next, hosts ?? []);
            string because = $"of {Describe(current)} -> {Describe(next)}, hosts {(hosts is null ? "unknown" : string.Join(' ', hosts))}";

            CheckFindings(report, model, because);
            if (current != next)
            {
                CheckSteps(report.Steps, model, because);
                joint += model.IsJoint ? 1 : 0;
            }
        }

        joint.Should().BeInRange(1_000, 19_000, "both ways must be tested");
    }

    private static void CheckFindings(RolloverReport report, Transition model, string because)
    {
        void Check(FindingCode code, Func<string, bool> isExpected) =>
            Named(report, code).Should().BeEquivalentTo(model.DnsHosts.Where(isExpected), because);

        Check(FindingCode.RemovedMxHost, host => !model.NextAllows(host) && model.IsListed(host));
        Check(FindingCode.UncoveredMxHost, host => !model.NextAllows(host) && !model.IsListed(host));
        Check(FindingCode.MxHostNotYetAllowed, host => model.NextAllows(host) && !model.CurrentAllows(host));
    }

    private static void CheckSteps(IReadOnlyList<string> steps, Transition model, string because)
    {
        string[] dropped = [.. model.DnsHosts.Where(host => model.CurrentAllows(host) && !model.NextAllows(host))];
        string[] early = [.. model.DnsHosts.Where(host => !model.CurrentAllows(host) && model.NextAllows(host))];
        string[] kept = [.. model.DnsHosts.Where(host => model.CurrentAllows(host) && model.NextAllows(host))];

        steps.Any(static step => step.Contains("First publish a policy with the mx lines of both", StringComparison.Ordinal))
            .Should().Be(model.IsJoint, because);
        NamedIn(steps, "Remove from the DNS, for now, the MX hosts that the current policy").Should().BeEquivalentTo(early, because);
        if (model.IsJoint)
        {
            NamedIn(steps, "Add the new MX hosts to the DNS, remove the old ones").Should().BeEquivalentTo(dropped, because);
            steps.Contains("Add to the DNS an MX host that the current policy allows.", StringComparer.Ordinal)
                .Should().Be(early.Length > 0 && dropped.Length == 0, because);
            return;
        }

        const string Removal = "Remove from the DNS the MX hosts that the next policy no longer allows";
        NamedIn(steps, Removal).Should().BeEquivalentTo(model.AreBinding ? dropped : [], because);
        bool drops = model.IsDnsUseful ? dropped.Length > 0 : Hosts.Any(host => model.CurrentAllows(host) && !model.NextAllows(host));
        steps.Any(static step => step.StartsWith(Removal, StringComparison.Ordinal)).Should().Be(model.AreBinding && drops, because);
        steps.Any(static step => step.Contains("Only then add to the DNS the MX hosts that only the next", StringComparison.Ordinal))
            .Should().Be(model.AreBinding && Hosts.Any(host => !model.CurrentAllows(host) && model.NextAllows(host)), because);

        string[] keeping = [.. steps.Where(static step => step.StartsWith("Keep MX hosts", StringComparison.Ordinal))];
        NamedIn(keeping, "Keep MX hosts").Should().BeEquivalentTo(keeping.Length > 0 ? kept : [], because);

        bool asksForOne = steps.Contains("Add to the DNS an MX host that both policies allow.", StringComparer.Ordinal);
        asksForOne.Should().Be(model.AreBinding && model.IsDnsUseful && kept.Length == 0, because);
        if (asksForOne)
        {
            Hosts.Should().Contain(host => model.CurrentAllows(host) && model.NextAllows(host), because);
        }
    }

    private static IEnumerable<string> Named(RolloverReport report, FindingCode code) =>
        report.Findings.Where(finding => finding.Code == code).Select(static finding => QuotedNames(finding.Message).First());

    private static IEnumerable<string> NamedIn(IReadOnlyList<string> steps, string lead) =>
        steps.Where(step => step.StartsWith(lead, StringComparison.Ordinal)).SelectMany(QuotedNames);

    private static IEnumerable<string> QuotedNames(string text) => text.Split('"').Where(static (_, i) => i % 2 == 1);

    private static Policy RandomPolicy(Random random)
    {
        PolicyMode mode = random.Next(8) switch { 0 => PolicyMode.None, 1 or 2 => PolicyMode.Testing, _ => PolicyMode.Enforce };
        return new(mode, TimeSpan.FromDays(7), random.GetItems(Patterns, random.Next(1, 4)).Select(MxPattern.Parse));
    }

    private static string Describe(Policy policy) => $"{policy.Mode} {string.Join(' ', policy.Mx)}";

    private static string[] Names(string[] labels, int depth) =>
        depth == 1 ? labels : [.. labels, .. Names(labels, depth - 1).SelectMany(name => labels.Select(label => $"{label}.{name}"))];

    /// <summary>The model, which compares label by label and tries every host.</summary>
    private sealed class Transition(Policy current, Policy next, string[] dnsHosts)
    {
        public string[] DnsHosts => dnsHosts;

        public bool AreBinding => current.Mode is not PolicyMode.None && next.Mode is not PolicyMode.None;

        /// <summary>
        /// Indicates whether a policy allows a host in the DNS. Otherwise, the patterns are compared.
        /// </summary>
        public bool IsDnsUseful => dnsHosts.Any(host => CurrentAllows(host) || NextAllows(host));

        public bool IsJoint => AreBinding
            && !(IsDnsUseful ? dnsHosts : Hosts).Any(host => CurrentAllows(host) && NextAllows(host))
            && Hosts.Any(host => CurrentAllows(host) && !NextAllows(host))
            && Hosts.Any(host => NextAllows(host) && !CurrentAllows(host));

        public bool CurrentAllows(string host) => current.Mode is PolicyMode.None || IsListed(host);

        public bool NextAllows(string host) => next.Mode is PolicyMode.None || Matches(next, host);

        public bool IsListed(string host) => Matches(current, host);

        private static bool Matches(Policy policy, string host) => policy.Mx.Any(pattern =>
        {
            string[] wanted = pattern.ToString().Split('.');
            string[] labels = host.Split('.');
            return wanted.Length == labels.Length && wanted.Zip(labels).All(static pair => pair.First == "*" || pair.First == pair.Second);
        });
    }
}
