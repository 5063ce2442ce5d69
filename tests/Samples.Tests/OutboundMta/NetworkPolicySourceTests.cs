using System.Collections.Concurrent;
using MtaSts;
using MtaSts.Tests;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the search for a policy before a delivery, with a simulated resolver and policy host.</summary>
public sealed class NetworkPolicySourceTests : IAsyncDisposable
{
    private const string Domain = "example.com";

    // One octet too long: its record name, with "_mta-sts.", would have 254 octets (RFC 1035 Section 2.3.4 allows 253).
    private static readonly string Domain245 = new string('a', 49) + string.Concat(Enumerable.Repeat("." + new string('a', 48), 4));

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly InMemoryCache _cache = new();
    private readonly FixedResolver _resolver = new();
    private readonly FakePolicyHost _host = new();
    private readonly ConcurrentQueue<DiscoveryEvent> _events = new();
    private readonly PolicyFetcher _fetcher;
    private readonly PolicyDiscovery _discovery;

    public NetworkPolicySourceTests()
    {
        _fetcher = new(_host);
        NetworkPolicySource source = new(_resolver.LookUpRecordAsync, _fetcher);
        _discovery = new(_cache, source, new() { TimeProvider = _clock, OnEvent = _events.Enqueue });
    }

    public async ValueTask DisposeAsync()
    {
        await _discovery.DisposeAsync();
        _fetcher.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task DiscoverAsync_NoRecordAndNothingCached_FetchesNothing()
    {
        DiscoveredPolicy found = await DiscoverAsync(Domain);

        (found.Entry, found.Failure, found.ShouldAlert, found.Refresh).Should().Be((null, TlsFailure.None, false, null));
        PolicyDomain.TryParse("[192.0.2.1]", out _).Should().BeFalse("an address literal has no policy");
        PolicyDomain.TryParse(Domain245, out _).Should().BeFalse("the name of its record would be too long");
        _host.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task DiscoverAsync_PolicyHostDown_KeepsTheCachedPolicyAndRemembersTheFailure()
    {
        CachedPolicy cached = MakeEntry(id: "1");
        _cache.Set(Domain, cached);
        _resolver.Answer = Found("2");

        DiscoveredPolicy found = await DiscoverAsync("Example.COM.");

        (found.Entry, found.Failure, found.ShouldAlert).Should().Be((cached, TlsFailure.None, false), "nothing has failed yet");
        DiscoveredPolicy refreshed = await found.Refresh!;
        (refreshed.Entry, refreshed.Failure, refreshed.ShouldAlert).Should().Be((cached, TlsFailure.StsPolicyFetchError, true));
        _cache.TryGet(Domain, out CachedPolicy? entry).Should().BeTrue();
        entry!.FailedId.Should().Be("2");
        entry.Policy.Should().BeSameAs(cached.Policy);
        DiscoveryEvent told = _events.Should().ContainSingle().Subject;
        (told.Kind, told.Fetch!.Status).Should().Be((DiscoveryEventKind.FetchFailed, FetchStatus.ConnectionFailed));
        told.Exception.Should().BeOfType<HttpRequestException>("the source catches nothing, so the event has the reason");
    }

    [Fact]
    public async Task DiscoverAsync_Subdomain_DoesNotUseThePolicyOfItsParent()
    {
        _cache.Set(Domain, MakeEntry(id: "1"));
        _resolver.Answer = Found("1");

        (await DiscoverAsync("mail.example.com")).Policy.Should().BeNull();

        _resolver.Names.Should().Equal("_mta-sts.mail.example.com");
        _host.Requests.Should().Equal("https://mta-sts.mail.example.com/.well-known/mta-sts.txt");
    }

    // The record is missing and the refresh fails in the same delivery. One session has one failure to report. The
    // failure of the fetch is an event.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DiscoverAsync_RecordMissingAndRefreshFails_ReportsOneFailure(bool isLookupFailed)
    {
        CachedPolicy cached = MakeEntry();
        _cache.Set(Domain, cached);
        _clock.Advance(TimeSpan.FromDays(2));
        _resolver.Answer = isLookupFailed ? TxtAnswer.LookupFailed : TxtAnswer.NoRecord;
        _host.Body = "version: STSv1\n";

        DiscoveredPolicy found = await DiscoverAsync(Domain);
        DiscoveredPolicy refreshed = await found.Refresh!;

        (found.Entry, found.Failure, found.ShouldAlert).Should().Be((cached, TlsFailure.StsPolicyFetchError, true));
        (refreshed.Entry, refreshed.Failure, refreshed.ShouldAlert).Should().Be((cached, TlsFailure.None, false));
        DiscoveryEvent told = _events.Should().ContainSingle(static next => next.Kind == DiscoveryEventKind.FetchFailed).Subject;
        (told.Fetch!.Failure, told.ShouldAlert).Should().Be((TlsFailure.StsPolicyInvalid, true));
        _host.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task DiscoverAsync_EntryEvictedDuringTheFetch_AppliesAndIsStoredAgain()
    {
        CachedPolicy cached = MakeEntry();
        _cache.Set(Domain, cached);
        _clock.Advance(TimeSpan.FromDays(2));
        _resolver.Answer = TxtAnswer.LookupFailed;
        _host.OnRequest = () => _cache.Remove(Domain);

        DiscoveredPolicy found = await DiscoverAsync(Domain);

        found.Entry.Should().BeSameAs(cached);
        (await found.Refresh!).Entry.Should().BeSameAs(cached);
        _cache.TryGet(Domain, out CachedPolicy? entry).Should().BeTrue();
        entry!.Policy.Should().BeSameAs(cached.Policy);
    }

    [Fact]
    public async Task DiscoverAsync_SlowFetchOfAnOlderId_DoesNotReplaceTheNewerPolicy()
    {
        CachedPolicy newer = new("2", MakePolicy(mx: "new.example.com"), Noon + TimeSpan.FromSeconds(10));
        _resolver.Answer = Found("1");
        _host.Body = MakePolicy(mx: "old.example.com").ToString();
        _host.OnRequest = () =>
        {
            _cache.Set(Domain, newer); // another process, whose fetch began ten seconds later
            _clock.Advance(TimeSpan.FromSeconds(30));
        };

        (await DiscoverAsync(Domain)).Entry.Should().BeSameAs(newer);

        _cache.TryGet(Domain, out CachedPolicy? entry).Should().BeTrue();
        entry.Should().BeSameAs(newer);
    }

    [Theory]
    [InlineData("1", "down", true)]
    [InlineData("2", "down", true)] // another id, but its policy is unavailable
    [InlineData("2", "up", false)] // the new policy may allow what the old one denied
    [InlineData(null, "down", true)]
    [InlineData("failed", "up", false)]
    public async Task MayFailPermanentlyAsync_EachAnswer_LooksUpAgainAndFetchesTheOtherPolicy(string? id, string host, bool expected)
    {
        DiscoveredPolicy judged = await JudgedAsync(MakeEntry(id: "1"));
        _resolver.Answer = id switch { null => TxtAnswer.NoRecord, "failed" => TxtAnswer.LookupFailed, _ => Found(id) };
        _host.Body = host is "up" ? MakePolicy(mx: "new.example.com").ToString() : null;

        (await _discovery.MayFailPermanentlyAsync(judged)).Should().Be(expected);

        _resolver.Names.Should().HaveCount(2, "one lookup for the delivery, and one before the bounce");
        _host.Requests.Should().HaveCount(id is "2" ? 1 : 0);
    }

    // This delivery or another one has tried to fetch the policy of the other id. For five minutes, that counts as tried.
    [Theory]
    [InlineData("2", 0, true)]
    [InlineData("2", 2, true)]
    [InlineData("3", 2, true)] // not tried yet: the fetch is attempted now and fails
    [InlineData("failed", 2, false)]
    public async Task MayFailPermanentlyAsync_AfterAnAttemptThatFailed_CountsItAsTried(string fresh, int minutes, bool expected)
    {
        CachedPolicy cached = MakeEntry(id: "1").With(new FailedAttempt("2", Noon - TimeSpan.FromMinutes(minutes)));
        DiscoveredPolicy judged = await JudgedAsync(cached);
        _resolver.Answer = fresh is "failed" ? TxtAnswer.LookupFailed : Found(fresh);

        (await _discovery.MayFailPermanentlyAsync(judged)).Should().Be(expected);

        _host.Requests.Should().HaveCount(fresh is "3" ? 1 : 0);
    }

    private async Task<DiscoveredPolicy> DiscoverAsync(string domain) => await _discovery.DiscoverAsync(PolicyDomain.Parse(domain));

    // The result for a delivery under a cached policy that is not due.
    private async Task<DiscoveredPolicy> JudgedAsync(CachedPolicy cached)
    {
        _cache.Set(Domain, cached);
        _resolver.Answer = Found(cached.Id!);
        return await DiscoverAsync(Domain);
    }
}
