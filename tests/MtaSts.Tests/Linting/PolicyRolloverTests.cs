using MtaSts.Linting;

namespace MtaSts.Tests;

public sealed class PolicyRolloverTests
{
    private const string Enforce = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n";
    private const string OneMx = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n";
    private const string Wildcard = "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n";
    private const string Other = "version: STSv1\nmode: enforce\nmx: mx.provider.example\nmax_age: 604800\n";
    private const string Testing = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604800\n";
    private const string None = "version: STSv1\nmode: none\nmax_age: 86400\n";
    private const string Short = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: mx2.example.com\nmax_age: 604799\n";

    private const string AndCheck = "and check that all servers and caches serve it.";
    private const string Publish = $"Publish the policy file of mode enforce, {AndCheck}";
    private const string PublishTesting = $"Publish the policy file of mode testing, {AndCheck}";
    private const string PublishNone = $"Publish the policy file of mode none, {AndCheck}";
    private const string Announce = "Only then publish the TXT record \"v=STSv1; id=b\".";
    private const string AnnounceOther = "Only then publish a TXT record with another id than before.";
    private const string ForTheTtl = "for the TTL of the old TXT record. "
        + "A sender that cannot refresh keeps the old policy for up to 604800 seconds (7 days) from its last fetch.";
    private const string ThenAdd = " Only then add to the DNS the MX hosts that only the next policy allows.";
    private const string JointPolicy = "First publish a policy with the mx lines of both, and only then a TXT record with a new id.";
    private const string WaitForSenders =
        "Wait until senders have that policy: 604800 seconds (7 days) from when the current policy was last served.";

    private static readonly string[] BothHosts = ["mx1.example.com", "mx2.example.com"];

    /// <summary>
    /// The current policy, its id, the next policy, its id, the MX hosts, the findings. Null: not published, or
    /// unknown.
    /// </summary>
    public static TheoryData<string?, string?, string?, string?, string[]?, string> Changes => new()
    {
        { Enforce, "a", Enforce, "a", BothHosts, "" },
        { Enforce, "a", "# the same\n" + Enforce, "a", BothHosts, "" },
        { null, null, null, null, null, "" },
        { null, null, Enforce, "a", BothHosts, "" }, // the first policy

        { Testing, "a", Enforce, "a", BothHosts, "Error IdNotChanged" },
        { Testing, "a", Enforce, "b", BothHosts, "" },
        { Testing, "a", Enforce, "A", BothHosts, "" }, // ids are compared with their letter case
        { Testing, null, Enforce, "a", BothHosts, "" },
        { null, "a", Enforce, "a", BothHosts, "" },    // no policy was served with this id
        { Enforce, "a", Enforce, "b", BothHosts, "Note IdChangedNeedlessly" },
        { Enforce, "a", Enforce, null, BothHosts, "Error NoRecord" },
        { null, null, Enforce, null, BothHosts, "Error NoRecord" },
        { Enforce, "a", None, null, BothHosts, "Error NoRecord" }, // without the record, no sender learns of the opt-out

        { Enforce, "a", OneMx, "b", BothHosts, "Error RemovedMxHost" },
        { Enforce, "a", OneMx, "b", ["mx1.example.com"], "" }, // it has left the DNS
        { Enforce, "a", OneMx, "b", null, "" },
        { Enforce, "a", OneMx.Replace("enforce", "testing", StringComparison.Ordinal), "b", BothHosts, "Warning RemovedMxHost" },
        { Enforce, "a", OneMx.Replace("enforce", "none", StringComparison.Ordinal), "b", BothHosts, "" },
        { Enforce, "a", Wildcard, "b", BothHosts, "" }, // the wildcard covers both hosts

        { Testing, "a", Enforce, "b", [.. BothHosts, "mx3.example.com"], "Error UncoveredMxHost" },
        { None, "a", Enforce, "b", [.. BothHosts, "mx3.example.com"], "Error UncoveredMxHost" },
        { null, null, Testing, "b", [.. BothHosts, "mx3.example.com"], "Warning UncoveredMxHost" },
        { Enforce, "a", OneMx, "b", [.. BothHosts, "mx3.example.com", "."], "Error RemovedMxHost, Error UncoveredMxHost" },

        // A host that is in the DNS too early: senders with the current policy do not deliver to it.
        { OneMx, "a", Enforce, "b", BothHosts, "Error MxHostNotYetAllowed" },
        { OneMx.Replace("enforce", "testing", StringComparison.Ordinal), "a", Enforce, "b", BothHosts, "Warning MxHostNotYetAllowed" },
        { OneMx.Replace("enforce", "none", StringComparison.Ordinal), "a", Enforce, "b", BothHosts, "" },
        { OneMx, "a", None, "b", BothHosts, "Error MxHostNotYetAllowed" },
        { OneMx, "a", null, null, BothHosts, "Error PolicyDeleted, Error MxHostNotYetAllowed" },
        { OneMx, "a", Wildcard, "b", BothHosts, "Error MxHostNotYetAllowed" },
        { OneMx, "a", OneMx, "a", BothHosts, "Error UncoveredMxHost" }, // neither policy allows it: one finding
        { Wildcard, "a", Enforce, "b", BothHosts, "" },
        { Wildcard, "a", Enforce, "b", [.. BothHosts, "mx3.example.com"], "Error RemovedMxHost" },
        { OneMx, "a", Enforce, "b", ["mx1.example.com", "10 mx2.example.com"], "Error InvalidMxHost" },

        { Enforce, "a", Short, "b", BothHosts, "Note MaxAgeShrunk" },
        { Short, "a", Enforce, "b", BothHosts, "" },
        { Enforce, "a", None, "b", BothHosts, "" }, // section 8.3 asks for a small one
        { "version: STSv1\nmode: none\nmax_age: 604800\n", "a", Short, "b", BothHosts, "" },

        { Enforce, "a", null, null, BothHosts, "Error PolicyDeleted" },
        { Testing, "a", null, null, null, "Error PolicyDeleted" },
        { Enforce, "a", null, "a", BothHosts, "Error PolicyDeleted, Warning RecordWithoutPolicy" },
        { None, "a", null, null, BothHosts, "" },
        { None, "a", null, "a", BothHosts, "Warning RecordWithoutPolicy" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Check_Change_GivesTheFindings(
        string? current, string? currentId, string? next, string? nextId, string[]? hosts, string expected)
    {
        RolloverReport report = Check(current, currentId, next, nextId, hosts);
        report.Findings.ShouldBeSentences();
        string.Join(", ", report.Findings.Select(static finding => $"{finding.Severity} {finding.Code}")).Should().Be(expected);
        report.Findings.Should().NotContain(
            static finding => finding.Line != 0 || finding.Offset != 0 || finding.ParseErrorCode != ParseErrorCode.None);
    }

    public static TheoryData<string?, string?, string[]> Orders => new() // the policies, the steps
    {
        { null, null, [] },
        { Enforce, Enforce, [] },
        {
            null, Testing,
            [
                PublishTesting,
                Announce,
            ]
        },
        {
            Testing, Enforce,
            [
                Publish,
                Announce,
                $"Keep MX hosts that the old policy allows {ForTheTtl}",
            ]
        },
        {
            Enforce, OneMx,
            [
                "Remove from the DNS the MX hosts that the next policy no longer allows, and wait for the TTL of the MX records.",
                Publish,
                Announce,
                $"Keep MX hosts that the old policy allows {ForTheTtl}",
            ]
        },
        {
            OneMx, Enforce,
            [
                Publish,
                Announce,
                $"Keep MX hosts that the old policy allows {ForTheTtl}{ThenAdd}",
            ]
        },
        {
            Enforce, Other, // a move to another provider
            [
                $"The two policies allow no host in common. {JointPolicy}",
                WaitForSenders,
                "Add the new MX hosts to the DNS, remove the old ones, and wait for the TTL of the MX records.",
                Publish,
                Announce,
            ]
        },
        {
            Short, None, // the opt-out of section 8.3
            [
                PublishNone,
                Announce,
                "Keep MX hosts that the old policy allows for the TTL of the old TXT record. "
                    + "A sender that cannot refresh keeps the old policy for up to 604799 seconds from its last fetch.",
                "When all older policies have expired, remove the TXT record, wait for its TTL, and then remove the policy file.",
            ]
        },
        {
            Enforce, null,
            [
                "Do not remove anything yet. Replace the policy file with one of mode none and a max_age of 86400 seconds (1 day).",
                "Replace the TXT record with one that has another id, so that senders fetch that policy.",
                "Wait until all earlier policies have expired: 604800 seconds (7 days) from when the current one was last served, "
                    + "or longer if an older one had a larger max_age.",
                "Remove the TXT record.",
                "Wait for the TTL of the TXT record, then remove the policy file.",
            ]
        },
        {
            None, null,
            [
                "Wait until all policies of another mode have expired: "
                    + "the largest max_age among them, from when that policy was last served.",
                "Remove the TXT record.",
                "Wait for the TTL of the TXT record, then remove the policy file.",
            ]
        },
        {
            None, Testing,
            [
                PublishTesting,
                Announce,
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Steps_Change_AreInTheSafeOrder(string? current, string? next, string[] expected) =>
        Check(current, "a", next, next is null ? null : "b", hosts: null).Steps.Should().Equal(expected);

    /// <summary>The patterns of both policies, the MX hosts, the steps.</summary>
    public static TheoryData<string, string, string[]?, string[]> HostOrders => new()
    {
        // A wildcard and a name that it covers have hosts in common, in both directions.
        { "*.example.com", "mx1.example.com", null, [
            "Remove from the DNS the MX hosts that the next policy no longer allows, and wait for the TTL of the MX records.",
            Publish, Announce, $"Keep MX hosts that the old policy allows {ForTheTtl}"] },
        { "mx1.example.com", "*.example.com", null, [Publish, Announce, $"Keep MX hosts that the old policy allows {ForTheTtl}{ThenAdd}"] },

        // Hosts that the wildcard covers stay allowed.
        { "mx1.example.com mx2.example.com", "*.example.com mx1.example.com", null, [
            Publish, Announce, $"Keep MX hosts that the old policy allows {ForTheTtl}{ThenAdd}"] },
        { "*.example.com mx1.example.com", "mx1.example.com *.example.com", null, [
            Publish, Announce, $"Keep MX hosts that the old policy allows {ForTheTtl}"] },

        // Hosts that are not in the DNS are not removed.
        { "*.example.com", "mx1.example.com", ["mx1.example.com"], [
            Publish, Announce, $"Keep MX hosts that the old policy allows (\"mx1.example.com\") {ForTheTtl}"] },
        { "*.example.com", "mx1.example.com", ["mx1.example.com", "mx2.example.com", "mx3.example.com"], [
            "Remove from the DNS the MX hosts that the next policy no longer allows (\"mx2.example.com\", \"mx3.example.com\"), "
                + "and wait for the TTL of the MX records.",
            Publish, Announce, $"Keep MX hosts that the old policy allows (\"mx1.example.com\") {ForTheTtl}"] },

        // A host that is in the DNS too early.
        { "mx1.example.com", "*.example.com", ["mx1.example.com", "mx2.example.com"], [
            "Remove from the DNS, for now, the MX hosts that the current policy does not allow (\"mx2.example.com\"), "
                + "and wait for the TTL of the MX records.",
            Publish, Announce, $"Keep MX hosts that the old policy allows (\"mx1.example.com\") {ForTheTtl}{ThenAdd}"] },

        // Without a host that both allow, mail would stop.
        { "*.example.com", "mx1.example.com", ["mx2.example.com"], [
            "Add to the DNS an MX host that both policies allow.",
            "Remove from the DNS the MX hosts that the next policy no longer allows (\"mx2.example.com\"), "
                + "and wait for the TTL of the MX records.",
            Publish, Announce, $"Keep MX hosts that the old policy allows {ForTheTtl}"] },
        { "a.example b.example", "b.example c.example", ["a.example"], [
            $"No MX host in the DNS is allowed by both policies. {JointPolicy}",
            WaitForSenders,
            "Add the new MX hosts to the DNS, remove the old ones (\"a.example\"), and wait for the TTL of the MX records.",
            Publish, Announce] },
        { "a.example", "c.example", ["c.example"], [
            "Add to the DNS an MX host that the current policy allows.",
            "Remove from the DNS, for now, the MX hosts that the current policy does not allow (\"c.example\"), "
                + "and wait for the TTL of the MX records.",
            $"No MX host in the DNS is allowed by both policies. {JointPolicy}",
            WaitForSenders,
            "Add the new MX hosts to the DNS, remove the old ones, and wait for the TTL of the MX records.",
            Publish, Announce] },

        // Hosts that no policy allows are not compared, and a null MX is not a host.
        { "*.example.com", "mx1.example.com", ["mx.other.example", "."], [
            "Remove from the DNS the MX hosts that the next policy no longer allows, and wait for the TTL of the MX records.",
            Publish, Announce, $"Keep MX hosts that the old policy allows {ForTheTtl}"] },
    };

    [Theory]
    [MemberData(nameof(HostOrders))]
    public void Steps_Hosts_AreComparedNotTheirPatterns(string current, string next, string[]? hosts, string[] expected) =>
        Check(FileOf(current), "a", FileOf(next), "b", hosts).Steps.Should().Equal(expected);

    [Fact]
    public void Steps_ManyOrHostileHosts_AreShortAndPrintable()
    {
        string[] names = [.. Enumerable.Range(1, 9).Select(static i => $"mx{i}.example.com")];
        string[] hosts = [.. names, "\u001B\u202E.example.com", "x\"y\\.example.com"];
        IReadOnlyList<string> steps = Check(Wildcard, "a", OneMx, "b", hosts).Steps;
        steps[0].Should().Be(
            "Remove from the DNS the MX hosts that the next policy no longer allows (\"mx2.example.com\", \"mx3.example.com\", "
            + "\"mx4.example.com\", \"mx5.example.com\", \"mx6.example.com\" and 4 more), and wait for the TTL of the MX records.");
        steps.Should().OnlyContain(static step => step.All(c => c >= ' ' && c <= '~'));
    }

    [Fact]
    public void Steps_NextRecordUnknown_AskForAnotherId() =>
        Check(Testing, "a", Enforce, nextId: null, hosts: null).Steps[1].Should().Be(AnnounceOther);

    [Fact]
    public void Steps_NextRecordHasTheIdOfTheOld_AskForAnotherId() =>
        Check(Testing, "a", Enforce, nextId: "a", hosts: null).Steps[1].Should().Be(AnnounceOther);

    [Fact]
    public void Message_EachFinding_NamesTheRemedy()
    {
        string Only(string? current, string? next, string? nextId, params string[] hosts) =>
            Check(current, "a", next, nextId, hosts).Findings.Should().ContainSingle().Which.Message;

        Only(Testing, Enforce, "a").Should().Be(
            "The policy changes but the id \"a\" does not, so senders keep the old policy. "
            + "Use another id in the record (RFC 8461 section 3.1).");
        Only(Enforce, Enforce, "b").Should().Be(
            "The id changes but the policy does not, so every sender fetches the same policy again. Keep the id (RFC 8461 section 3.1).");
        Only(Enforce, OneMx, "b", "mx2.example.com").Should().Be(
            "The next policy does not allow the MX host \"mx2.example.com\", which is still in the DNS. "
            + "Senders do not deliver to it. Remove it from the DNS first (RFC 8461 section 8.1).");
        Only(OneMx, Enforce, "b", "mx2.example.com").Should().Be(
            "The MX host \"mx2.example.com\" is already in the DNS, but the current policy does not allow it. "
            + "Senders that have that policy do not deliver to the host. "
            + "Remove it from the DNS until they have the next one (RFC 8461 section 8.1).");
        Only(OneMx.Replace("enforce", "testing", StringComparison.Ordinal), Enforce, "b", "mx2.example.com")
            .Should().Contain(" Senders that have that policy report the host. ");
        Only(Enforce, Short, "b").Should().Be(
            "The next max_age is smaller, but senders that do not refresh keep the old policy for 604800 seconds (7 days) "
            + "from their last fetch. Keep the hosts of the old policy for that long (RFC 8461 section 3.2).");
        Only(Enforce, next: null, nextId: null).Should().Be(
            "Senders keep the removed policy for its max_age of 604800 seconds (7 days) and cannot learn that it has ended. "
            + "First publish a policy of mode none (RFC 8461 section 8.3).");
    }

    [Fact]
    public void Check_NullHost_Throws() =>
        FluentActions.Invoking(() => Check(Testing, "a", Enforce, "b", [null!]))
            .Should().Throw<ArgumentException>().WithParameterName("mxHosts");

    private static string FileOf(string patterns)
    {
        string mx = string.Concat(patterns.Split(' ').Select(static pattern => $"mx: {pattern}\n"));
        return $"version: STSv1\nmode: enforce\n{mx}max_age: 604800\n";
    }

    private static RolloverReport Check(string? current, string? currentId, string? next, string? nextId, string[]? hosts) =>
        PolicyRollover.Check(
            current is null ? null : Policy.Parse(current),
            currentId is null ? null : new StsRecord(currentId),
            next is null ? null : Policy.Parse(next),
            nextId is null ? null : new StsRecord(nextId),
            hosts);
}
