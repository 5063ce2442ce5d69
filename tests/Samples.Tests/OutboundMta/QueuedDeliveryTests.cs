using MtaSts;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the step before a bounce.</summary>
/// <remarks>RFC 8461, Section 5, forbids the bounce until a lookup shows no other policy.</remarks>
public sealed class QueuedDeliveryTests : IAsyncDisposable
{
    private const string Domain = "example.com";

    private static readonly DateTimeOffset ReturnAfter = Noon + TimeSpan.FromDays(4);
    private static readonly DateTimeOffset ExpiresAt = Noon + TimeSpan.FromDays(5);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly InMemoryCache _cache = new();
    private readonly FixedResolver _resolver = new();
    private readonly FakePolicyHost _host = new();
    private readonly PolicyFetcher _fetcher;
    private readonly PolicyDiscovery _discovery;

    public QueuedDeliveryTests()
    {
        _fetcher = new(_host);
        _discovery = Discovery(_cache);
    }

    // The obstacle to the delivery; the age of the message in days; the answer of the TXT lookup (id 1 belongs to the policy
    // that denies); whether the policy host serves another policy; the expected status and code.
    public static TheoryData<string, double, string, bool, DeliveryStatus, string> Attempts => new()
    {
        // Before and after the age at which the sender's rules require a bounce.
        { "denied", 0, "1", false, DeliveryStatus.Deferred, "4.4.8" },
        { "denied", 3.9, "1", false, DeliveryStatus.Deferred, "4.4.8" },
        { "denied", 4, "1", false, DeliveryStatus.Rejected, "5.4.7" },
        { "denied", 4, "gone", false, DeliveryStatus.Rejected, "5.4.7" },

        // Another id: its policy is fetched before the bounce, but may be unavailable for months.
        { "denied", 4, "2", false, DeliveryStatus.Rejected, "5.4.7" },
        { "denied", 4, "2", true, DeliveryStatus.Deferred, "4.4.8" }, // the next attempt applies the fetched policy

        // A failed lookup permits no bounce before the end of the message's lifetime.
        { "denied", 4, "failed", false, DeliveryStatus.Deferred, "4.4.8" },
        { "denied", 4.9, "failed", false, DeliveryStatus.Deferred, "4.4.8" },
        { "denied", 5, "failed", false, DeliveryStatus.Rejected, "5.4.7" },

        // No policy denied the host, so no lookup is needed.
        { "unreachable", 3.9, "failed", false, DeliveryStatus.Deferred, "4.4.1" },
        { "unreachable", 4, "failed", false, DeliveryStatus.Rejected, "5.4.7" },
    };

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task AttemptAsync_ByAgeAndLookup_BouncesOnlyWhenPermitted(
        string obstacle, double days, string lookup, bool isServed, DeliveryStatus status, string statusCode)
    {
        _cache.Set(Domain, MakeEntry(maxAge: 31_557_600, id: "1"));
        _clock.SetUtcNow(Noon + TimeSpan.FromDays(days));
        await TryToRefreshAsync();
        SilentNetwork network = new() { OnConnect = () => Publish(lookup, isServed) };
        MxAnswer mx = new([obstacle is "denied" ? "mx.example.net" : "mail.example.com", "mail.example.com"], IsSecure: false);

        DeliveryResult result = await AttemptAsync(network, mx);

        (result.Status, result.StatusCode).Should().Be((status, statusCode));
        result.IsDeniedByPolicy.Should().Be(obstacle is "denied");
    }

    // The record has another id for months, but its file is missing. The queue retries every three hours.
    [Fact]
    public async Task AttemptAsync_OtherIdWithoutAPolicyForMonths_BouncesWhenTheRulesRequireIt()
    {
        _cache.Set(Domain, MakeEntry(maxAge: 31_557_600, id: "1"));
        Publish("2", isServed: false);
        MxAnswer mx = new(["mx.example.net"], IsSecure: false);
        for (; _clock.GetUtcNow() < ReturnAfter; _clock.Advance(TimeSpan.FromHours(3)))
        {
            (await AttemptAsync(new(), mx)).Status.Should().Be(DeliveryStatus.Deferred);
        }

        (await AttemptAsync(new(), mx)).Status.Should().Be(DeliveryStatus.Rejected);
    }

    [Fact]
    public async Task AttemptAsync_NewPolicyAllowsTheHost_IsDeliveredByTheNextAttempt()
    {
        _cache.Set(Domain, MakeEntry(maxAge: 31_557_600, id: "1"));
        _clock.SetUtcNow(ReturnAfter);
        await TryToRefreshAsync();
        SilentNetwork network = new() { OnConnect = () => Publish("2", isServed: true) };
        MxAnswer mx = new(["mx.example.net", "mail.example.com"], IsSecure: false);
        (await AttemptAsync(network, mx)).Status.Should().Be(DeliveryStatus.Deferred);

        network.Accepts = true;
        DeliveryResult result = await AttemptAsync(network, mx);

        result.Status.Should().Be(DeliveryStatus.Delivered);
        network.Connected.Should().EndWith("mx.example.net");
    }

    // The domain has moved its MX. The cached policy denies the new host, and the refresh takes no time to speak of.
    [Fact]
    public async Task AttemptAsync_RefreshAllowsTheHost_IsDeliveredAtOnce()
    {
        _cache.Set(Domain, MakeEntry(maxAge: 31_557_600, id: "1"));
        Publish("2", isServed: true);
        SilentNetwork network = new() { Accepts = true };

        DeliveryResult result = await AttemptAsync(network, new(["mx.example.net"], IsSecure: false));

        (result.Status, result.IsDeniedByPolicy).Should().Be((DeliveryStatus.Delivered, false));
        result.Reports.Should().BeEmpty("the policy that denied the host has ended");
        network.Connected.Should().Equal("mx.example.net");
    }

    [Theory]
    [InlineData(true)] // the refresh fails
    [InlineData(false)] // the refresh gets the same policy
    public async Task AttemptAsync_RefreshChangesNothing_IsDeferredAfterOneTryOfTheHosts(bool isDown)
    {
        _cache.Set(Domain, MakeEntry(id: "1"));
        _resolver.Answer = Found("2");
        _host.Body = isDown ? null : MakePolicy().ToString();
        SilentNetwork network = new();

        DeliveryResult result = await AttemptAsync(network, new(["mx.example.net", "mail.example.com"], IsSecure: false));

        (result.Status, result.StatusCode, result.IsDeniedByPolicy).Should().Be((DeliveryStatus.Deferred, "4.4.8", true));
        result.Reports.Should().Equal(("mx.example.net", TlsFailure.ValidationFailure));
        result.PolicyFailure.Should().Be(isDown ? TlsFailure.StsPolicyFetchError : TlsFailure.None);
        network.Connected.Should().Equal("mail.example.com");
    }

    [Fact]
    public async Task AttemptAsync_RecordOfACachedPolicyMissing_DeliversAndReportsIt()
    {
        _cache.Set(Domain, MakeEntry());
        SilentNetwork network = new() { Accepts = true };

        DeliveryResult result = await AttemptAsync(network, new(["mail.example.com"], IsSecure: false));

        (result.Status, result.PolicyFailure).Should().Be((DeliveryStatus.Delivered, TlsFailure.StsPolicyFetchError));
        result.Reports.Should().BeEmpty();
    }

    // The message that no policy denies does not wait for the refresh: here, the policy host never answers.
    [Fact]
    public async Task AttemptAsync_HostAllowed_DoesNotWaitForTheRefresh()
    {
        _cache.Set(Domain, MakeEntry(id: "1"));
        _resolver.Answer = Found("2");
        using ManualResetEventSlim end = new();
        _host.OnRequest = end.Wait;
        SilentNetwork network = new() { Accepts = true };

        DeliveryResult result = await AttemptAsync(network, new(["mail.example.com"], IsSecure: false));

        result.Status.Should().Be(DeliveryStatus.Delivered);
        end.Set();
    }

    // A cache that fails may have a policy. Nothing goes out without it, except by the wish of the message's sender.
    [Theory]
    [InlineData(0, true, DeliveryStatus.Deferred, "4.3.0")]
    [InlineData(4.9, true, DeliveryStatus.Deferred, "4.3.0")]
    [InlineData(5, true, DeliveryStatus.Rejected, "5.4.7")]
    [InlineData(0, false, DeliveryStatus.Delivered, "2.0.0")]
    public async Task AttemptAsync_CacheDownAndNoRecord_DefersUntilTheMessageExpires(
        double days, bool isTlsRequired, DeliveryStatus status, string statusCode)
    {
        _clock.SetUtcNow(Noon + TimeSpan.FromDays(days));
        await using PolicyDiscovery discovery = Discovery(new BrokenCache());
        SilentNetwork network = new() { Accepts = true };

        DeliveryResult result = await AttemptAsync(network, new(["mx.example.net"], IsSecure: false), discovery, isTlsRequired);

        (result.Status, result.StatusCode).Should().Be((status, statusCode));
        network.Connected.Should().HaveCount(isTlsRequired ? 0 : 1);
    }

    [Fact]
    public async Task AttemptAsync_AddressLiteral_HasNoPolicyAndNoLookup()
    {
        QueuedDelivery delivery = new(_discovery, new(new SilentNetwork()), _clock);
        QueuedMessage queued = new(new("Subject: hello\r\n\r\nhello\r\n"), Domain: null, ReturnAfter, ExpiresAt);

        DeliveryResult result = await delivery.AttemptAsync(queued, new(["[192.0.2.1]"], IsSecure: false));

        (result.Status, result.StatusCode).Should().Be((DeliveryStatus.Deferred, "4.4.1"));
        _resolver.Names.Should().BeEmpty();
        _host.Requests.Should().BeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await _discovery.DisposeAsync();
        _fetcher.Dispose();
        _host.Dispose();
    }

    // Sets the answers of the DNS and of the policy host.
    private void Publish(string lookup, bool isServed)
    {
        _resolver.Answer = lookup switch { "failed" => TxtAnswer.LookupFailed, "gone" => TxtAnswer.NoRecord, _ => Found(lookup) };
        _host.Body = isServed ? MakePolicy(mx: "mx.example.net").ToString() : null;
    }

    // The policy is due from the second day on. A delivery of another message has just tried to fetch it, and failed.
    private async Task TryToRefreshAsync()
    {
        DiscoveredPolicy found = await _discovery.DiscoverAsync(PolicyDomain.Parse(Domain));
        await (found.Refresh ?? Task.FromResult(found));
    }

    private PolicyDiscovery Discovery(ICache cache) =>
        new(cache, new NetworkPolicySource(_resolver.LookUpRecordAsync, _fetcher), new() { TimeProvider = _clock });

    private Task<DeliveryResult> AttemptAsync(
        SilentNetwork network, MxAnswer mx, PolicyDiscovery? discovery = null, bool isTlsRequired = true)
    {
        QueuedDelivery delivery = new(discovery ?? _discovery, new(network), _clock);
        OutboundMessage message = new("Subject: hello\r\n\r\nhello\r\n", isTlsRequired);
        return delivery.AttemptAsync(new(message, PolicyDomain.Parse(Domain), ReturnAfter, ExpiresAt), mx);
    }

    /// <summary>Represents MX hosts that are unreachable, or accept every message over verified TLS.</summary>
    private sealed class SilentNetwork : IMxNetwork, IMxConnection
    {
        public Action OnConnect { get; set; } = static () => { };

        public bool Accepts { get; set; }

        public List<string> Connected { get; } = [];

        public TlsOutcome Tls => TlsOutcome.Verified;

        public Task<TlsaAnswer> LookUpTlsaAsync(string mxHost, CancellationToken cancellationToken) =>
            Task.FromResult(TlsaAnswer.ForInsecureAddress);

        public Task<IMxConnection?> ConnectAsync(string mxHost, TlsDemand demand, CancellationToken cancellationToken)
        {
            OnConnect();
            Connected.Add(mxHost);
            return Task.FromResult<IMxConnection?>(Accepts ? this : null);
        }

        public Task<string> SendAsync(OutboundMessage message, CancellationToken cancellationToken) => Task.FromResult("2.0.0");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
    /// <summary>Represents a cache that is down.</summary>
    private sealed class BrokenCache : ICache
    {
        public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
            throw new IOException("The cache is down.");

        public ValueTask<CachedPolicy?> UpdateAsync(
            PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default) =>
            throw new IOException("The cache is down.");

        public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default) =>
            throw new IOException("The cache is down.");

        public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
            throw new IOException("The cache is down.");
    }
}
