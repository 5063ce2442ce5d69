using MtaSts;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the sender of the README: which policy it applies and which host gets the message.</summary>
public sealed class SimpleSenderTests : IDisposable
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

    public void Dispose() => _host.Dispose();

    // The id in the cache, the id in the DNS, whether the policy host answers; the mx of the policy that applies.
    [Theory]
    [InlineData(null, null, true, null)] // no policy to discover
    [InlineData(null, "1", true, "new.example.com")]
    [InlineData(null, "1", false, null)]
    [InlineData("1", "1", true, "mail.example.com")] // the cached one applies and is not due
    [InlineData("1", "2", true, "new.example.com")]
    [InlineData("1", "2", false, "mail.example.com")] // a failed fetch does not end the cached policy
    [InlineData("1", null, true, "mail.example.com")] // nor does a missing record
    public async Task FindPolicyAsync_CacheAndDns_AppliesThePolicy(string? cachedId, string? id, bool answers, string? mx)
    {
        if (cachedId is not null)
        {
            _cache.Set(Domain.Name, MakeEntry(id: cachedId));
        }

        _resolver.Answer = id is null ? TxtAnswer.NoRecord : Found(id);
        _host.Body = answers ? MakePolicy(mx: "new.example.com").ToString() : null;

        Policy? policy = await Sender().FindPolicyAsync(Domain);

        (policy?.Mx[0].ToString()).Should().Be(mx);
        if (id is not null && id != cachedId && answers)
        {
            _cache.TryGet(Domain.Name, out CachedPolicy? stored).Should().BeTrue();
            stored!.Policy.Should().Be(policy);
        }
    }

    // Law: without DANE, it sends to the hosts that the model of the whole loop sends to, and connects to no denied host.
    [Fact]
    public async Task DeliverAsync_EachPolicyHostAndOutcome_IsThatOfTheModel()
    {
        foreach ((PolicyMode? mode, string host, TlsOutcome tls) in
            from mode in new PolicyMode?[] { null, PolicyMode.None, PolicyMode.Testing, PolicyMode.Enforce }
            from host in new[] { Listed, Unlisted }
            from tls in Enum.GetValues<TlsOutcome>()
            select (mode, host, tls))
        {
            FakeNetwork network = new() { [host] = new FakeHost { Tls = tls } };
            SimpleSender sender = Sender(network);
            MxLoopModel model = new(mode, host == Listed, isMxSecure: false, TlsaStatus.None, tls, tls, isTlsRequired: true);

            string? reply = await sender.DeliverAsync(Message, [host], PolicyOf(mode));

            string reason = $"{mode}, {host}, {tls}";
            reply.Should().Be(model.Sends ? "2.0.0" : null, reason);
            (network.Demand is null).Should().Be(model.Demand is null, reason);
            network.Open.Should().Be(0, reason);
        }
    }

    // The first host that may have the message gets it.
    [Fact]
    public async Task DeliverAsync_SeveralHosts_TriesThemInOrder()
    {
        _network["mx1.example.com"] = new FakeHost { Unreachable = true };
        _network[Unlisted] = new FakeHost();
        _network["mx2.example.com"] = new FakeHost { Tls = TlsOutcome.Expired };
        _network["mx3.example.com"] = new FakeHost { Reply = "4.2.1" };
        SimpleSender sender = Sender(_network);

        string? reply = await sender.DeliverAsync(Message, [.. _network.Hosts], PolicyOf(PolicyMode.Enforce));

        reply.Should().Be("4.2.1");
        _network.Log.Where(static call => call.StartsWith("send", StringComparison.Ordinal)).Should().Equal("send mx3.example.com");
    }

    private static Policy? PolicyOf(PolicyMode? mode) =>
        mode is null ? null : new(mode.Value, TimeSpan.FromDays(7), [MxPattern.Parse("*.example.com")]);

    private SimpleSender Sender(FakeNetwork? network = null) =>
        new(_cache, _resolver, new PolicyFetcher(_host), network ?? _network, _clock);
}
