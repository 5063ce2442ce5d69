using MtaSts;
using OutboundMta;

namespace Samples.Tests;

/// <summary>Tests the MX loop of the sample without a network.</summary>
public class MxLoopTests
{
    private static readonly OutboundMessage Message = new("Subject: hello\r\n\r\nhello\r\n");
    private static readonly OutboundMessage TlsOptional = Message with { TlsRequired = false };

    private static readonly Policy Enforce = Policy.Parse("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n");
    private static readonly Policy Testing = Policy.Parse("version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n");

    // Two hosts; the status code in this order, and in the reverse order. The policies list hosts that begin with mx, and
    // do not list those that begin with other.
    public static TheoryData<string, string, string, string> Deferrals => new()
    {
        // The reply of a host has priority: that host allows the delivery, and its code gives the reason for the delay.
        { "mx verified=no", "mx reply=4.2.1", "4.2.1", "4.2.1" },
        { "other", "mx reply=4.2.1", "4.2.1", "4.2.1" },
        { "mx tlsa=usable verified=no", "mx reply=4.2.1", "4.2.1", "4.2.1" },
        { "mx tlsa=failed", "mx reply=4.2.1", "4.2.1", "4.2.1" },
        { "mx unreachable", "mx reply=4.2.1", "4.2.1", "4.2.1" },
        { "mx reply=4.3.2", "mx reply=4.2.1", "4.2.1", "4.3.2" }, // the last of several

        // A denial is next: it is more useful than the news that a host is down.
        { "mx verified=no", "mx unreachable", "4.7.5", "4.7.5" },
        { "other", "mx unreachable", "4.4.8", "4.4.8" },
        { "mx tlsa=failed", "mx unreachable", "4.7.5", "4.7.5" },
        { "mx tlsa=usable verified=no", "mx unreachable", "4.7.5", "4.7.5" },
        { "mx verified=no", "other", "4.4.8", "4.7.5" }, // the last of several
        { "mx tlsa=usable verified=no", "other", "4.4.8", "4.7.5" },

        { "mx unreachable", "mx unreachable", "4.4.1", "4.4.1" },
    };

    // One host and a policy of mode enforce. Whether the policy lists the host; whether the MX answer is secure; TLSA (null:
    // insecure address); the outcome by trusted authorities; the outcome by TLSA records; the demand (null: no
    // connection); whether the message is sent.
    public static TheoryData<bool, bool, TlsaStatus?, TlsOutcome, TlsOutcome, TlsDemand?, bool> DaneAndEnforce => new()
    {
        // RFC 8461, Section 4: a host that is not listed is not used. TLSA records authenticate a certificate, but do not
        // add a host to the list.
        { false, true, TlsaStatus.Usable, TlsOutcome.Verified, TlsOutcome.Verified, null, false },
        { false, false, TlsaStatus.Usable, TlsOutcome.Verified, TlsOutcome.Verified, null, false },
        { false, true, TlsaStatus.Unusable, TlsOutcome.Verified, TlsOutcome.Verified, null, false },

        // RFC 7672, Section 2.2, and RFC 8461, Section 2: if DANE passes, records that DNSSEC protects have authenticated
        // the host. Many such hosts deliberately have a certificate of an unknown authority.
        { true, true, TlsaStatus.Usable, TlsOutcome.NotTrusted, TlsOutcome.Verified, TlsDemand.Dane, true },

        // RFC 8461, Section 2: a valid policy must not override DANE that fails.
        { true, true, TlsaStatus.Usable, TlsOutcome.Verified, TlsOutcome.NotTrusted, TlsDemand.Dane, false },
        { true, true, TlsaStatus.LookupFailed, TlsOutcome.Verified, TlsOutcome.Verified, null, false },

        // RFC 7672, Sections 2.2.1 and 2.2.2: if the MX answer or the address is not secure, an attacker may have chosen
        // the host. TLSA records are then ignored: they are not a failure, and do not replace the certificate that the
        // policy requires.
        { true, false, TlsaStatus.Usable, TlsOutcome.NotTrusted, TlsOutcome.Verified, TlsDemand.TrustedCertificate, false },
        { true, false, TlsaStatus.Usable, TlsOutcome.Verified, TlsOutcome.NotTrusted, TlsDemand.TrustedCertificate, true },
        { true, false, TlsaStatus.LookupFailed, TlsOutcome.Verified, TlsOutcome.Verified, TlsDemand.TrustedCertificate, true },
        { true, true, null, TlsOutcome.NotTrusted, TlsOutcome.Verified, TlsDemand.TrustedCertificate, false },
        { true, true, null, TlsOutcome.Verified, TlsOutcome.NotTrusted, TlsDemand.TrustedCertificate, true },

        // RFC 7672, Section 2.2: "MUST be made via TLS, but authentication is not required". Unusable records authenticate
        // nothing. RFC 8461, Section 4.2, requires a trusted certificate, as without records.
        { true, true, TlsaStatus.Unusable, TlsOutcome.NotTrusted, TlsOutcome.Verified, TlsDemand.TrustedCertificate, false },
        { true, true, TlsaStatus.Unusable, TlsOutcome.Verified, TlsOutcome.NotTrusted, TlsDemand.TrustedCertificate, true },

        { true, true, TlsaStatus.None, TlsOutcome.NotTrusted, TlsOutcome.Verified, TlsDemand.TrustedCertificate, false },
    };

    private static TlsaAnswer NoRecord => Answer(TlsaStatus.None);

    private static TlsaAnswer Usable => Answer(TlsaStatus.Usable);

    private static TlsaAnswer Unusable => Answer(TlsaStatus.Unusable);

    private static TlsaAnswer Failed => Answer(TlsaStatus.LookupFailed);

    [Fact]
    public async Task DeliverAsync_ForgedMxHostWithTlsa_GetsNoMessageAndIsReported()
    {
        Policy policy = Policy.Parse("version: STSv1\nmode: enforce\nmx: mx.victim.example\nmax_age: 604800\n");
        foreach (bool isSecure in new[] { false, true })
        {
            FakeNetwork network = new() { IsSecure = isSecure, ["mx.attacker.example"] = new() { Tlsa = Usable } };

            DeliveryResult result = await DeliverAsync(network, Message, policy);

            result.Should().BeEquivalentTo(
                new DeliveryResult(
                    DeliveryStatus.Deferred, "4.4.8", [("mx.attacker.example", TlsFailure.ValidationFailure)], IsDeniedByPolicy: true));
            network.Log.Should().BeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(DaneAndEnforce))]
    public async Task DeliverAsync_DaneAndEnforce_FollowsTheTable(
        bool isListed, bool isSecure, TlsaStatus? tlsa, TlsOutcome tls, TlsOutcome daneTls, TlsDemand? demand, bool isSent)
    {
        string name = isListed ? "mx.example.com" : "mx.example.net";
        FakeNetwork network = new() { IsSecure = isSecure, [name] = new() { Tlsa = Answer(tlsa), Tls = tls, DaneTls = daneTls } };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        network.Demand.Should().Be(demand);
        (result.Status is DeliveryStatus.Delivered).Should().Be(isSent);
        network.Log.Contains($"send {name}", StringComparer.Ordinal).Should().Be(isSent);
    }

    [Fact]
    public async Task DeliverAsync_AnyPolicyHostAndDane_AgreesWithTheModel()
    {
        TlsaStatus?[] answers = [null, .. Enum.GetValues<TlsaStatus>()];
        int deliveries = 0;
        foreach (Policy? policy in new[] { null, Policy.Parse("version: STSv1\nmode: none\nmax_age: 1\n"), Testing, Enforce })
        {
            foreach ((string name, bool isSecure, OutboundMessage message) in
                from name in new[] { "mx.example.com", "mx.example.net" }
                from isSecure in new[] { true, false }
                from message in new[] { Message, TlsOptional }
                select (name, isSecure, message))
            {
                foreach ((TlsaStatus? tlsa, TlsOutcome tls, TlsOutcome daneTls) in
                    from tlsa in answers
                    from tls in Enum.GetValues<TlsOutcome>()
                    from daneTls in Enum.GetValues<TlsOutcome>()
                    select (tlsa, tls, daneTls))
                {
                    FakeHost host = new() { Tlsa = Answer(tlsa), Tls = tls, DaneTls = daneTls };
                    FakeNetwork network = new() { IsSecure = isSecure, [name] = host };

                    DeliveryResult result = await DeliverAsync(network, message, policy);

                    string reason = $"{policy?.Mode}, {name}, MX secure: {isSecure}, {message.TlsRequired}, {tlsa}, {tls}, {daneTls}";
                    MxLoopModel model = new(policy?.Mode, name == "mx.example.com", isSecure, tlsa, tls, daneTls, message.TlsRequired);
                    network.Demand.Should().Be(model.Demand, reason);
                    network.Log.Contains("tlsa " + name, StringComparer.Ordinal).Should().Be(model.LooksUpTlsa, reason);
                    network.Log.Contains("send " + name, StringComparer.Ordinal).Should().Be(model.Sends, reason);
                    result.Status.Should().Be(model.Sends ? DeliveryStatus.Delivered : DeliveryStatus.Deferred, reason);
                    result.StatusCode.Should().Be(model.StatusCode, reason);
                    result.Reports.Select(static report => report.Failure).Should().Equal(model.Reports, reason);
                    deliveries++;
                }
            }
        }

        deliveries.Should().Be(4 * 2 * 2 * 2 * 5 * 6 * 6);
    }

    [Fact]
    public async Task DeliverAsync_NoPolicy_FirstHostThatAcceptsGetsTheMessage()
    {
        FakeNetwork network = new()
        {
            ["mx1.example.com"] = new() { Unreachable = true },
            ["mx2.example.com"] = new() { Reply = "4.3.2" },
            ["mx3.example.com"] = new() { Tls = TlsOutcome.NotOffered },
            ["mx4.example.com"] = new(),
        };

        DeliveryResult result = await DeliverAsync(network, Message, policy: null);

        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", []));
        network.Log.Should().Equal(
            "tlsa mx1.example.com",
            "connect mx1.example.com Opportunistic",
            "tlsa mx2.example.com",
            "connect mx2.example.com Opportunistic",
            "send mx2.example.com",
            "close mx2.example.com",
            "tlsa mx3.example.com",
            "connect mx3.example.com Opportunistic",
            "send mx3.example.com",
            "close mx3.example.com");
    }

    [Fact]
    public async Task DeliverAsync_EnforceAndUnlistedHost_SkipsItWithoutAConnection()
    {
        FakeNetwork network = new() { ["mx.example.net"] = new(), ["mx.example.com"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Delivered);
        result.Reports.Should().Equal(("mx.example.net", TlsFailure.ValidationFailure));
        network.Log.Should().Equal(
            "tlsa mx.example.com",
            "connect mx.example.com TrustedCertificate",
            "send mx.example.com",
            "close mx.example.com");
    }

    [Theory]
    [InlineData(TlsOutcome.NotOffered, TlsFailure.StartTlsNotSupported)]
    [InlineData(TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch)]
    [InlineData(TlsOutcome.Expired, TlsFailure.CertificateExpired)]
    [InlineData(TlsOutcome.NotTrusted, TlsFailure.CertificateNotTrusted)]
    [InlineData(TlsOutcome.HandshakeFailed, TlsFailure.ValidationFailure)]
    public async Task DeliverAsync_EnforceAndTlsNotVerified_SendsToTheNextHost(TlsOutcome tls, TlsFailure failure)
    {
        FakeNetwork network = new() { ["mx1.example.com"] = new() { Tls = tls }, ["mx2.example.com"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Delivered);
        result.Reports.Should().Equal(("mx1.example.com", failure));
        network.Log.Should().Equal(
            "tlsa mx1.example.com",
            "connect mx1.example.com TrustedCertificate",
            "close mx1.example.com",
            "tlsa mx2.example.com",
            "connect mx2.example.com TrustedCertificate",
            "send mx2.example.com",
            "close mx2.example.com");
    }

    [Fact]
    public async Task DeliverAsync_FirstHostAccepts_DoesNotJudgeTheOthers()
    {
        FakeNetwork network = new() { ["mx.example.com"] = new(), ["mx.example.net"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        // Section 8.4: a filter would have judged and reported a backup host that was not needed.
        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", []));
        network.Log.Should().NotContain(static entry => entry.Contains("example.net", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeliverAsync_HostsAsASequence_AreEnumeratedOneByOne()
    {
        int taken = 0;
        FakeNetwork network = new() { ["mx1.example.com"] = new(), ["mx2.example.com"] = new() };
        IEnumerable<string> hosts = network.Hosts.Select(host =>
        {
            taken++;
            return host;
        });

        await new OutboundDelivery(network).DeliverAsync(Message, new MxAnswer(hosts, IsSecure: true), Enforce);

        taken.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Deferrals))]
    public async Task DeliverAsync_NoHostLeft_DefersWithTheReplyOrTheDenial(
        string first, string second, string inOrder, string reversed)
    {
        foreach ((string[] kinds, string statusCode) in new[] { (new[] { first, second }, inOrder), ([second, first], reversed) })
        {
            FakeNetwork network = new();
            Add(network, 1, kinds[0]);
            Add(network, 2, kinds[1]);

            DeliveryResult result = await DeliverAsync(network, Message, Enforce);

            result.Status.Should().Be(DeliveryStatus.Deferred);
            result.StatusCode.Should().Be(statusCode);
        }
    }

    [Fact]
    public async Task DeliverAsync_AnyTwoHosts_BouncesOnlyIfAHostRejects()
    {
        string[] kinds =
        [
            "mx", "mx verified=no", "mx unreachable", "mx reply=4.2.1", "mx reply=5.1.1", "mx verified=no reply=5.1.1",
            "mx tlsa=usable", "mx tlsa=usable verified=no", "mx tlsa=unusable verified=no", "mx tlsa=failed",
            "other", "other reply=5.1.1", "other tlsa=usable",
        ];
        foreach (Policy? policy in new[] { null, Testing, Enforce })
        {
            foreach (string first in kinds)
            {
                foreach (string second in kinds)
                {
                    FakeNetwork network = new();
                    Add(network, 1, first);
                    Add(network, 2, second);

                    DeliveryResult result = await DeliverAsync(network, Message, policy);

                    string reason = $"{policy?.Mode}: {first}, {second}";
                    string? sentLast = network.Log.LastOrDefault(static entry => entry.StartsWith("send ", StringComparison.Ordinal))?[5..];
                    string reply = sentLast is null ? "none" : network[sentLast].Reply;
                    (result.Status is DeliveryStatus.Rejected).Should().Be(reply[0] == '5', reason);
                    (result.Status is DeliveryStatus.Delivered).Should().Be(reply[0] == '2', reason);
                    char statusClass = result.Status switch { DeliveryStatus.Delivered => '2', DeliveryStatus.Deferred => '4', _ => '5' };
                    result.StatusCode[0].Should().Be(statusClass, reason);
                    network.Open.Should().Be(0, reason);
                }
            }
        }
    }

    [Fact]
    public async Task DeliverAsync_PermanentReply_IsRejectedAtOnce()
    {
        FakeNetwork network = new() { ["mx1.example.com"] = new() { Reply = "5.1.1" }, ["mx2.example.com"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Rejected, "5.1.1", []));
        network.Log.Should().NotContain("tlsa mx2.example.com");
    }

    [Theory]
    [InlineData(TlsOutcome.NotOffered, TlsFailure.StartTlsNotSupported)]
    [InlineData(TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch)]
    [InlineData(TlsOutcome.Expired, TlsFailure.CertificateExpired)]
    [InlineData(TlsOutcome.NotTrusted, TlsFailure.CertificateNotTrusted)]
    [InlineData(TlsOutcome.HandshakeFailed, TlsFailure.ValidationFailure)]
    public async Task DeliverAsync_TestingAndTlsNotVerified_DeliversAndReports(TlsOutcome tls, TlsFailure failure)
    {
        FakeNetwork network = new() { ["mx.example.com"] = new() { Tls = tls } };

        DeliveryResult result = await DeliverAsync(network, Message, Testing);

        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", [("mx.example.com", failure)]));
        network.Log.Should().Contain("connect mx.example.com Opportunistic");
    }

    [Fact]
    public async Task DeliverAsync_TestingAndUnlistedHost_DeliversAndReportsOnce()
    {
        FakeNetwork network = new() { ["mx.example.net"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Testing);

        result.Should().BeEquivalentTo(
            new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", [("mx.example.net", TlsFailure.ValidationFailure)]));
    }

    [Fact]
    public async Task DeliverAsync_SeveralFailures_ReportsEachHostInTurn()
    {
        FakeNetwork network = new()
        {
            ["mx1.example.com"] = new() { Tls = TlsOutcome.Expired },
            ["mx2.example.net"] = new(),
            ["mx3.example.com"] = new() { Unreachable = true }, // no connection, so nothing to report
            ["mx4.example.com"] = new() { Tls = TlsOutcome.NotOffered },
        };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Deferred);
        result.Reports.Should().Equal(
            ("mx1.example.com", TlsFailure.CertificateExpired),
            ("mx2.example.net", TlsFailure.ValidationFailure),
            ("mx4.example.com", TlsFailure.StartTlsNotSupported));
    }

    [Fact]
    public async Task DeliverAsync_DaneFails_IsNotOverriddenByAnyPolicy()
    {
        foreach (Policy? policy in new[] { null, Testing, Enforce })
        {
            // The certificate passes for MTA-STS, but not for the TLSA records.
            FakeNetwork network = new() { ["mx.example.com"] = new() { Tlsa = Usable, DaneTls = TlsOutcome.NotTrusted } };

            DeliveryResult result = await DeliverAsync(network, Message, policy);

            result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Deferred, "4.7.5", []));
            network.Log.Should().Equal("tlsa mx.example.com", "connect mx.example.com Dane", "close mx.example.com");
        }
    }

    [Fact]
    public async Task DeliverAsync_TestingAndDanePasses_ReportsOnlyTheMxList()
    {
        // DANE replaces the certificate check of the policy, but not its mx list. Only the list can fail.
        (string Name, TlsFailure[] Failures)[] hosts = [("mx.example.com", []), ("mx.example.net", [TlsFailure.ValidationFailure])];
        foreach ((string name, TlsFailure[] failures) in hosts)
        {
            FakeNetwork network = new() { [name] = new() { Tlsa = Usable, Tls = TlsOutcome.NotTrusted } };

            DeliveryResult result = await DeliverAsync(network, Message, Testing);

            result.Status.Should().Be(DeliveryStatus.Delivered);
            result.Reports.Select(static report => report.Failure).Should().Equal(failures);
        }
    }

    [Theory]
    [InlineData(TlsOutcome.Verified, true)]
    [InlineData(TlsOutcome.HostMismatch, true)]
    [InlineData(TlsOutcome.Expired, true)]
    [InlineData(TlsOutcome.NotTrusted, true)]
    [InlineData(TlsOutcome.NotOffered, false)]
    [InlineData(TlsOutcome.HandshakeFailed, false)]
    public async Task DeliverAsync_UnusableTlsaWithoutAPolicy_DemandsAnyTls(TlsOutcome tls, bool isSent)
    {
        FakeNetwork network = new() { ["mx.example.com"] = new() { Tlsa = Unusable, Tls = tls } };

        DeliveryResult result = await DeliverAsync(network, Message, policy: null);

        network.Demand.Should().Be(TlsDemand.AnyCertificate);
        result.Should().BeEquivalentTo(
            isSent ? new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", []) : new DeliveryResult(DeliveryStatus.Deferred, "4.7.5", []));
    }

    [Fact]
    public async Task DeliverAsync_InsecureMxAnswer_LooksUpNoTlsa()
    {
        FakeNetwork network = new() { IsSecure = false, ["mx.example.com"] = new() { Tlsa = Failed } };

        DeliveryResult result = await DeliverAsync(network, Message, policy: null);

        result.Status.Should().Be(DeliveryStatus.Delivered);
        network.Log.Should().Equal("connect mx.example.com Opportunistic", "send mx.example.com", "close mx.example.com");
    }

    [Fact]
    public async Task DeliverAsync_TlsaLookupFails_SkipsTheHostWithoutAConnection()
    {
        FakeNetwork network = new() { ["mx1.example.com"] = new() { Tlsa = Failed } };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Deferred, "4.7.5", []));
        network.Log.Should().Equal("tlsa mx1.example.com");
    }

    [Fact]
    public async Task DeliverAsync_OnlyTheFirstHostHasTlsa_PolicyAppliesToTheNext()
    {
        FakeNetwork network = new()
        {
            ["mx1.example.com"] = new() { Tlsa = Usable, DaneTls = TlsOutcome.NotTrusted },
            ["mx2.example.com"] = new() { Tls = TlsOutcome.NotOffered },
        };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Deferred);
        result.Reports.Should().Equal(("mx2.example.com", TlsFailure.StartTlsNotSupported));
        network.Log.Should().Contain("connect mx2.example.com TrustedCertificate").And.NotContain("send mx2.example.com");
    }

    [Fact]
    public async Task DeliverAsync_TlsRequiredNo_IgnoresPolicyAndDane()
    {
        FakeHost[] hosts =
        [
            new() { Tls = TlsOutcome.NotOffered },
            new() { Tlsa = Usable, Tls = TlsOutcome.NotTrusted, DaneTls = TlsOutcome.NotTrusted },
            new() { Tlsa = Failed },
        ];
        foreach (FakeHost host in hosts)
        {
            foreach (string name in new[] { "mx.example.com", "mx.example.net" })
            {
                FakeNetwork network = new() { [name] = host };

                DeliveryResult result = await DeliverAsync(network, TlsOptional, Enforce);

                result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", []));
                network.Log.Should().Equal($"connect {name} Opportunistic", $"send {name}", $"close {name}");
            }
        }
    }

    [Fact]
    public async Task DeliverAsync_Canceled_Throws()
    {
        FakeNetwork network = new() { ["mx.example.com"] = new() };

        Func<Task> act = () => new OutboundDelivery(network).DeliverAsync(Message, network.Mx, Enforce, new(canceled: true));

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    private static Task<DeliveryResult> DeliverAsync(FakeNetwork network, OutboundMessage message, Policy? policy) =>
        new OutboundDelivery(network).DeliverAsync(message, network.Mx, policy);

    // Null: the address of the host is not secure.
    private static TlsaAnswer Answer(TlsaStatus? status) =>
        status is { } known ? TlsaAnswer.ForSecureAddress(known) : TlsaAnswer.ForInsecureAddress;

    // Adds a host by the words of the tables.
    private static void Add(FakeNetwork network, int number, string kind)
    {
        string[] words = kind.Split(' ');
        TlsOutcome tls = words.Contains("verified=no", StringComparer.Ordinal) ? TlsOutcome.NotTrusted : TlsOutcome.Verified;
        network[words[0] == "mx" ? $"mx{number}.example.com" : $"mx{number}.example.net"] = new()
        {
            Unreachable = words.Contains("unreachable", StringComparer.Ordinal),
            Tls = tls,
            DaneTls = tls,
            Tlsa = words.Contains("tlsa=usable", StringComparer.Ordinal) ? Usable
                : words.Contains("tlsa=unusable", StringComparer.Ordinal) ? Unusable
                : words.Contains("tlsa=failed", StringComparer.Ordinal) ? Failed
                : NoRecord,
            Reply = Array.Find(words, static word => word.StartsWith("reply=", StringComparison.Ordinal))?[6..] ?? "2.0.0",
        };
    }
}
