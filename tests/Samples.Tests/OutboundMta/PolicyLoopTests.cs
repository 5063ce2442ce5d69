using MtaSts;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the loop of docs/sending.md that calls the pure functions alone.</summary>
public sealed class PolicyLoopTests : IDisposable
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly InMemoryCache _cache = new();
    private readonly FixedResolver _resolver = new();
    private readonly FakePolicyHost _host = new();

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
        _host.Body = answers ? MakePolicy(mx: "new.example.com").ToString() : "no policy";
        using PolicyFetcher fetcher = new(_host);
        PolicyLoop loop = new(_cache, new NetworkPolicySource(_resolver.LookUpRecordAsync, fetcher), _clock);

        Policy? policy = await loop.FindPolicyAsync(Domain);

        (policy?.Mx[0].ToString()).Should().Be(mx);
        _cache.TryGet(Domain.Name, out CachedPolicy? stored).Should().Be(cachedId is not null || id is not null);
        (stored?.Policy).Should().Be(policy);
        (stored?.FailedId).Should().Be(answers ? null : id);
    }

    [Fact]
    public async Task FindPolicyAsync_SlowFetchOfAnOlderId_DoesNotReplaceTheNewerPolicy()
    {
        CachedPolicy newer = new("2", MakePolicy(mx: "new.example.com"), Noon + TimeSpan.FromSeconds(10));
        _resolver.Answer = Found("1");
        _host.Body = MakePolicy(mx: "old.example.com").ToString();
        _host.OnRequest = () =>
        {
            _cache.Set(Domain.Name, newer); // another delivery, whose fetch began ten seconds later
            _clock.Advance(TimeSpan.FromSeconds(30));
        };
        using PolicyFetcher fetcher = new(_host);
        PolicyLoop loop = new(_cache, new NetworkPolicySource(_resolver.LookUpRecordAsync, fetcher), _clock);

        (await loop.FindPolicyAsync(Domain)).Should().BeSameAs(newer.Policy);

        _cache.TryGet(Domain.Name, out CachedPolicy? entry).Should().BeTrue();
        entry.Should().BeSameAs(newer);
    }
}
