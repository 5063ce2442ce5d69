using MtaSts.Tests.Samples;

namespace MtaSts.Tests;

/// <summary>The MX loop that the README shows, statement by statement; without a network.</summary>
public class MxLoopTests
{
    private static readonly OutboundMessage Message = new("Subject: hello\r\n\r\nhello\r\n");
    private static readonly OutboundMessage TlsOptional = Message with { TlsRequired = false };

    private static readonly Policy Enforce = Policy.Parse("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\n");
    private static readonly Policy Testing = Policy.Parse("version: STSv1\nmode: testing\nmx: *.example.com\nmax_age: 604800\n");

    // mx…: a host that the policies name; other…: one that they do not.
    public static TheoryData<string, string, string> LastDenials => new() // two hosts and the status code to defer with
    {
        { "mx verified=no", "other", "4.4.8" },
        { "other", "mx verified=no", "4.7.5" },
        { "other", "mx unreachable", "4.4.8" },   // the denial tells more than the host that was down
        { "mx unreachable", "other", "4.4.8" },
        { "mx verified=no", "mx reply=4.2.1", "4.7.5" },
        { "mx unreachable", "mx unreachable", "4.4.1" },
        { "mx unreachable", "mx reply=4.2.1", "4.2.1" },
        { "mx tlsa=failed", "mx unreachable", "4.7.5" },
        { "mx tlsa=usable verified=no", "other", "4.4.8" },
    };

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
    public async Task DeliverAsync_EnforceAndHostNotNamed_SkipsItUnconnectedAndGoesOn()
    {
        FakeNetwork network = new() { ["mx.example.net"] = new(), ["mx.example.com"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Delivered);
        result.Reports.Should().Equal(("mx.example.net", TlsFailure.ValidationFailure));
        network.Log.Should().Equal(
            "tlsa mx.example.net",
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
    public async Task DeliverAsync_EnforceAndTlsNotVerified_SendsNothingThereAndGoesOn(TlsOutcome tls, TlsFailure failure)
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
    public async Task DeliverAsync_FirstHostAccepts_NobodyHearsOfTheOthers()
    {
        FakeNetwork network = new() { ["mx.example.com"] = new(), ["mx.example.net"] = new() };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        // Section 8.4: a filter would have judged, and reported, a backup host that was never needed.
        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", []));
        network.Log.Should().NotContain(static entry => entry.Contains("example.net", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeliverAsync_HostsAsASequence_AreTakenOneByOne()
    {
        int taken = 0;
        FakeNetwork network = new() { ["mx1.example.com"] = new(), ["mx2.example.com"] = new() };
        IEnumerable<string> hosts = network.Hosts.Select(host =>
        {
            taken++;
            return host;
        });

        await new OutboundDelivery(network).DeliverAsync(Message, hosts, Enforce);

        taken.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(LastDenials))]
    public async Task DeliverAsync_NoHostLeft_DefersWithTheLastDenial(string first, string second, string statusCode)
    {
        FakeNetwork network = new();
        Add(network, 1, first);
        Add(network, 2, second);

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Deferred);
        result.StatusCode.Should().Be(statusCode);
    }

    [Fact]
    public async Task DeliverAsync_AnyTwoHosts_BouncesOnlyOnTheWordOfAHost()
    {
        string[] kinds =
        [
            "mx", "mx verified=no", "mx unreachable", "mx reply=4.2.1", "mx reply=5.1.1", "mx verified=no reply=5.1.1",
            "mx tlsa=usable", "mx tlsa=usable verified=no", "mx tlsa=failed", "other", "other reply=5.1.1", "other tlsa=usable",
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
    public async Task DeliverAsync_HostRefusesForGood_IsRejectedAtOnce()
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
    public async Task DeliverAsync_TestingAndHostNotNamed_DeliversAndReportsOnce()
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
            ["mx3.example.com"] = new() { Unreachable = true }, // nothing was seen there, so nothing is to report
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
    public async Task DeliverAsync_DaneFails_NoPolicyOverridesThat()
    {
        foreach (Policy? policy in new[] { null, Testing, Enforce })
        {
            // The certificate would do for MTA-STS, but not for the TLSA records.
            FakeNetwork network = new() { ["mx.example.com"] = new() { Tlsa = TlsaAnswer.Usable, Tls = TlsOutcome.Verified, DaneTls = TlsOutcome.NotTrusted } };

            DeliveryResult result = await DeliverAsync(network, Message, policy);

            result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Deferred, "4.7.5", []));
            network.Log.Should().Equal("tlsa mx.example.com", "connect mx.example.com Dane", "close mx.example.com");
        }
    }

    [Fact]
    public async Task DeliverAsync_DanePasses_Decides()
    {
        // Neither named by the policy nor trusted by its rules: the TLSA records are the stronger word.
        FakeNetwork network = new() { ["mx.example.net"] = new() { Tlsa = TlsaAnswer.Usable, Tls = TlsOutcome.NotTrusted, DaneTls = TlsOutcome.Verified } };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Delivered, "2.0.0", []));
    }

    [Fact]
    public async Task DeliverAsync_TlsaLookupFails_SkipsTheHostUnconnected()
    {
        FakeNetwork network = new() { ["mx1.example.com"] = new() { Tlsa = TlsaAnswer.LookupFailed } };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Should().BeEquivalentTo(new DeliveryResult(DeliveryStatus.Deferred, "4.7.5", []));
        network.Log.Should().Equal("tlsa mx1.example.com");
    }

    [Fact]
    public async Task DeliverAsync_OnlyTheFirstHostHasTlsa_PolicyAppliesToTheNext()
    {
        FakeNetwork network = new()
        {
            ["mx1.example.com"] = new() { Tlsa = TlsaAnswer.Usable, DaneTls = TlsOutcome.NotTrusted },
            ["mx2.example.com"] = new() { Tls = TlsOutcome.NotOffered },
        };

        DeliveryResult result = await DeliverAsync(network, Message, Enforce);

        result.Status.Should().Be(DeliveryStatus.Deferred);
        result.Reports.Should().Equal(("mx2.example.com", TlsFailure.StartTlsNotSupported));
        network.Log.Should().Contain("connect mx2.example.com TrustedCertificate").And.NotContain("send mx2.example.com");
    }

    [Fact]
    public async Task DeliverAsync_TlsRequiredNo_SetsPolicyAndDaneAside()
    {
        FakeHost[] hosts =
        [
            new() { Tls = TlsOutcome.NotOffered },
            new() { Tlsa = TlsaAnswer.Usable, Tls = TlsOutcome.NotTrusted, DaneTls = TlsOutcome.NotTrusted },
            new() { Tlsa = TlsaAnswer.LookupFailed },
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

        Func<Task> act = () => new OutboundDelivery(network).DeliverAsync(Message, network.Hosts, Enforce, new CancellationToken(canceled: true));

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    private static Task<DeliveryResult> DeliverAsync(FakeNetwork network, OutboundMessage message, Policy? policy) =>
        new OutboundDelivery(network).DeliverAsync(message, network.Hosts, policy);

    // Adds a host by a few words, as the tables have it.
    private static void Add(FakeNetwork network, int number, string kind)
    {
        string[] words = kind.Split(' ');
        TlsOutcome tls = words.Contains("verified=no", StringComparer.Ordinal) ? TlsOutcome.NotTrusted : TlsOutcome.Verified;
        network[words[0] == "mx" ? $"mx{number}.example.com" : $"mx{number}.example.net"] = new()
        {
            Unreachable = words.Contains("unreachable", StringComparer.Ordinal),
            Tls = tls,
            DaneTls = tls,
            Tlsa = words.Contains("tlsa=usable", StringComparer.Ordinal) ? TlsaAnswer.Usable
                : words.Contains("tlsa=failed", StringComparer.Ordinal) ? TlsaAnswer.LookupFailed
                : TlsaAnswer.None,
            Reply = Array.Find(words, static word => word.StartsWith("reply=", StringComparison.Ordinal))?[6..] ?? "2.0.0",
        };
    }

    private sealed record FakeHost
    {
        public bool Unreachable { get; init; }

        public TlsaAnswer Tlsa { get; init; }

        public TlsOutcome Tls { get; init; } = TlsOutcome.Verified;

        public TlsOutcome DaneTls { get; init; } = TlsOutcome.Verified;

        public string Reply { get; init; } = "2.0.0";
    }

    private sealed class FakeNetwork : IMxNetwork
    {
        private readonly Dictionary<string, FakeHost> _hosts = new(StringComparer.Ordinal);
        private readonly List<string> _order = [];

        public List<string> Log { get; } = [];

        public int Open { get; private set; }

        public IEnumerable<string> Hosts => _order;

        public FakeHost this[string name]
        {
            get => _hosts[name];
            set
            {
                _hosts.Add(name, value);
                _order.Add(name);
            }
        }

        public Task<TlsaAnswer> LookUpTlsaAsync(string mxHost, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Log.Add("tlsa " + mxHost);
            return Task.FromResult(_hosts[mxHost].Tlsa);
        }

        public Task<IMxConnection?> ConnectAsync(string mxHost, TlsDemand demand, CancellationToken cancellationToken)
        {
            Log.Add($"connect {mxHost} {demand}");
            FakeHost host = _hosts[mxHost];
            if (host.Unreachable)
            {
                return Task.FromResult<IMxConnection?>(null);
            }

            Open++;
            return Task.FromResult<IMxConnection?>(new FakeConnection(this, mxHost, demand is TlsDemand.Dane ? host.DaneTls : host.Tls));
        }

        private sealed class FakeConnection(FakeNetwork network, string mxHost, TlsOutcome tls) : IMxConnection
        {
            public TlsOutcome Tls => tls;

            public Task<string> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
            {
                network.Log.Add("send " + mxHost);
                return Task.FromResult(network[mxHost].Reply);
            }

            public ValueTask DisposeAsync()
            {
                network.Log.Add("close " + mxHost);
                network.Open--;
                return ValueTask.CompletedTask;
            }
        }
    }
}
