using MtaSts;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the sender of the README: which policy it applies and which host gets the message.</summary>
public sealed class SimpleSenderTests : IAsyncDisposable
{
    private const string Listed = "mx.example.com";
    private const string Unlisted = "mx.attacker.example";

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly OutboundMessage Message = new("Subject: hello\r\n\r\nhello\r\n");

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly InMemoryCache _cache = new();
    private readonly FixedResolver _resolver = new();
    private readonly FakePolicyHost _host = new();
    private readonly FakeNetwork _network = new();
    private readonly PolicyFetcher _fetcher;
    private readonly PolicyDiscovery _discovery;

    public SimpleSenderTests()
    {
        _fetcher = new(_host);
        _discovery = new(_cache, new NetworkPolicySource(_resolver.LookUpRecordAsync, _fetcher), new() { TimeProvider = _clock });
    }

    public async ValueTask DisposeAsync()
    {
        await _discovery.DisposeAsync();
        _fetcher.Dispose();
        _host.Dispose();
    }

    // The id in the cache, the id in the DNS, whether the policy host answers; the host that gets the message. Only a
    // delivery without a policy may use the first one.
    [Theory]
    [InlineData(null, null, true, "any.example.com")] // no policy to discover
    [InlineData(null, "1", true, "new.example.com")]
    [InlineData(null, "1", false, "any.example.com")]
    [InlineData("1", "1", true, "mail.example.com")] // the cached one applies and is not due
    [InlineData("1", "2", true, "mail.example.com")] // the cached one applies while the new one is fetched
    [InlineData("1", "2", false, "mail.example.com")] // a failed fetch does not end the cached policy
    [InlineData("1", null, true, "mail.example.com")] // nor does a missing record
    public async Task SendAsync_CacheAndDns_AppliesThePolicy(string? cachedId, string? id, bool answers, string mxHost)
    {
        if (cachedId is not null)
        {
            _cache.Set(Domain.Name, MakeEntry(id: cachedId));
        }

        _resolver.Answer = id is null ? TxtAnswer.NoRecord : Found(id);
        _host.Body = answers ? MakePolicy(mx: "new.example.com").ToString() : null;
        foreach (string host in new[] { "any.example.com", "new.example.com", "mail.example.com" })
        {
            _network[host] = new FakeHost();
        }

        string? reply = await new SimpleSender(_discovery, _network).SendAsync(Message, Domain, [.. _network.Hosts]);

        reply.Should().Be("2.0.0");
        Sent(_network).Should().Equal("send " + mxHost);
        await ((await _discovery.DiscoverAsync(Domain)).Refresh ?? Task.CompletedTask);
        if (id is not null && id != cachedId && answers)
        {
            _cache.TryGet(Domain.Name, out CachedPolicy? stored).Should().BeTrue();
            stored!.Policy!.Mx[0].ToString().Should().Be("new.example.com");
        }
    }

    // The cached policy denies the only host, and the one in the DNS allows it.
    [Theory]
    [InlineData(true, "2.0.0")]
    [InlineData(false, null)]
    public async Task SendAsync_CachedPolicyDeniesTheHost_WaitsForTheRefresh(bool answers, string? expected)
    {
        _cache.Set(Domain.Name, MakeEntry(id: "1"));
        _resolver.Answer = Found("2");
        _host.Body = answers ? MakePolicy(mx: "new.example.com").ToString() : null;
        _network["new.example.com"] = new FakeHost();

        string? reply = await new SimpleSender(_discovery, _network).SendAsync(Message, Domain, ["new.example.com"]);

        reply.Should().Be(expected);
    }

    // Law: without DANE, it sends to the hosts that the model of the whole loop sends to, and connects to no denied host.
    [Fact]
    public async Task TryHostsAsync_EachPolicyHostAndOutcome_IsThatOfTheModel()
    {
        foreach ((PolicyMode? mode, string host, TlsOutcome tls) in
            from mode in new PolicyMode?[] { null, PolicyMode.None, PolicyMode.Testing, PolicyMode.Enforce }
            from host in new[] { Listed, Unlisted }
            from tls in Enum.GetValues<TlsOutcome>()
            select (mode, host, tls))
        {
            FakeNetwork network = new() { [host] = new FakeHost { Tls = tls } };
            SimpleSender sender = new(_discovery, network);
            MxLoopModel model = new(mode, host == Listed, isMxSecure: false, TlsaStatus.None, tls, tls, isTlsRequired: true);

            string? reply = await sender.TryHostsAsync(Message, [host], await FindAsync(mode));

            string reason = $"{mode}, {host}, {tls}";
            reply.Should().Be(model.Sends ? "2.0.0" : null, reason);
            (network.Demand is null).Should().Be(model.Demand is null, reason);
            network.Open.Should().Be(0, reason);
        }
    }

    // The first host that may have the message gets it.
    [Fact]
    public async Task TryHostsAsync_SeveralHosts_TriesThemInOrder()
    {
        _network["mx1.example.com"] = new FakeHost { Unreachable = true };
        _network[Unlisted] = new FakeHost();
        _network["mx2.example.com"] = new FakeHost { Tls = TlsOutcome.Expired };
        _network["mx3.example.com"] = new FakeHost { Reply = "4.2.1" };
        SimpleSender sender = new(_discovery, _network);

        string? reply = await sender.TryHostsAsync(Message, [.. _network.Hosts], await FindAsync(PolicyMode.Enforce));

        reply.Should().Be("4.2.1");
        Sent(_network).Should().Equal("send mx3.example.com");
    }

    private static IEnumerable<string> Sent(FakeNetwork network) =>
        network.Log.Where(static call => call.StartsWith("send", StringComparison.Ordinal));

    // The result of a discovery that finds a policy of this mode in the cache, or none.
    private async Task<DiscoveredPolicy> FindAsync(PolicyMode? mode)
    {
        _cache.Remove(Domain.Name);
        if (mode is not null)
        {
            _cache.Set(Domain.Name, new("1", new(mode.Value, TimeSpan.FromDays(7), [MxPattern.Parse("*.example.com")]), Noon));
        }

        DiscoveredPolicy found = await _discovery.DiscoverAsync(Domain);
        (found.Policy?.Mode).Should().Be(mode);
        return found;
    }
}
