using MtaSts;
using MtaSts.Tests;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>
/// The search for a policy before a delivery, as the README shows it, with a resolver and a policy host of the test.
/// </summary>
public sealed class PolicyFinderTests : IDisposable
{
    private const string Domain = "example.com";

    // One octet more than leaves room for "_mta-sts." in a name of 253 octets (RFC 1035 Section 2.3.4).
    private static readonly string Domain245 = string.Join('.', Enumerable.Repeat(new string('a', 48), 5));

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly InMemoryCache _cache = new();
    private readonly FixedResolver _resolver = new();
    private readonly FakePolicyHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task FindPolicyAsync_NoRecordAndNothingCached_FetchesNothing()
    {
        (await FindAsync(Domain)).Should().Be(default(FoundPolicy));
        PolicyDomain.TryParse("[192.0.2.1]", out _).Should().BeFalse("an address literal has no policy");
        PolicyDomain.TryParse(Domain245, out _).Should().BeFalse("a record cannot have so long a name");
        _host.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task FindPolicyAsync_PolicyHostDown_KeepsTheCachedPolicyAndRemembersTheFailure()
    {
        CachedPolicy cached = MakeEntry(id: "1");
        _cache.Set(Domain, cached);
        _resolver.Answer = Found("2");

        (await FindAsync("Example.COM.")).Should().Be(new FoundPolicy(cached, TlsFailure.StsPolicyFetchError, ShouldAlert: true));

        _cache.TryGet(Domain, out CachedPolicy? entry).Should().BeTrue();
        entry!.FailedId.Should().Be("2");
        entry.Policy.Should().BeSameAs(cached.Policy);
    }

    [Fact]
    public async Task FindPolicyAsync_Subdomain_AsksNothingOfItsParent()
    {
        _cache.Set(Domain, MakeEntry(id: "1"));
        _resolver.Answer = Found("1");

        (await FindAsync("mail.example.com")).Policy.Should().BeNull();

        _resolver.Names.Should().Equal("_mta-sts.mail.example.com");
        _host.Requests.Should().Equal("https://mta-sts.mail.example.com/.well-known/mta-sts.txt");
    }

    // The record is gone and the refresh fails in one delivery: one session, one failure.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FindPolicyAsync_RecordGoneAndRefreshFails_TellsOneFailure(bool isLookupFailed)
    {
        CachedPolicy cached = MakeEntry();
        _cache.Set(Domain, cached);
        _clock.Advance(TimeSpan.FromDays(2));
        _resolver.Answer = isLookupFailed ? TxtAnswer.LookupFailed : TxtAnswer.NoRecord;
        _host.Body = "version: STSv1\n";

        FoundPolicy found = await FindAsync(Domain);

        found.Should().Be(new FoundPolicy(cached, TlsFailure.StsPolicyInvalid, ShouldAlert: true));
        _host.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task FindPolicyAsync_EntryEvictedDuringTheFetch_AppliesAndIsBack()
    {
        CachedPolicy cached = MakeEntry();
        _cache.Set(Domain, cached);
        _clock.Advance(TimeSpan.FromDays(2));
        _resolver.Answer = TxtAnswer.LookupFailed;
        _host.OnRequest = () => _cache.Remove(Domain);

        (await FindAsync(Domain)).Entry.Should().BeSameAs(cached);

        _cache.TryGet(Domain, out CachedPolicy? entry).Should().BeTrue();
        entry!.Policy.Should().BeSameAs(cached.Policy);
    }

    [Fact]
    public async Task FindPolicyAsync_SlowFetchOfAnOlderId_DoesNotReplaceTheNewerPolicy()
    {
        CachedPolicy newer = new("2", MakePolicy(mx: "new.example.com"), Noon + TimeSpan.FromSeconds(10));
        _resolver.Answer = Found("1");
        _host.Body = MakePolicy(mx: "old.example.com").ToString();
        _host.OnRequest = () =>
        {
            _cache.Set(Domain, newer); // another delivery, which began ten seconds later
            _clock.Advance(TimeSpan.FromSeconds(30));
        };

        (await FindAsync(Domain)).Entry.Should().BeSameAs(newer);

        _cache.TryGet(Domain, out CachedPolicy? entry).Should().BeTrue();
        entry.Should().BeSameAs(newer);
    }

    [Theory]
    [InlineData("1", "down", true)]
    [InlineData("2", "down", true)] // another id, whose policy cannot be fetched
    [InlineData("2", "up", false)] // the new policy may allow what the old one denied
    [InlineData(null, "down", true)]
    [InlineData("failed", "up", false)]
    public async Task MayFailPermanentlyAsync_EachAnswer_LooksAgainAndTriesTheOtherPolicy(string? id, string host, bool expected)
    {
        CachedPolicy judged = MakeEntry(id: "1");
        _cache.Set(Domain, judged);
        _resolver.Answer = id switch { null => TxtAnswer.NoRecord, "failed" => TxtAnswer.LookupFailed, _ => Found(id) };
        _host.Body = host is "up" ? MakePolicy(mx: "new.example.com").ToString() : null;

        (await Finder().MayFailPermanentlyAsync(PolicyDomain.Parse(Domain), judged)).Should().Be(expected);

        _resolver.Names.Should().ContainSingle();
        _host.Requests.Should().HaveCount(id is "2" ? 1 : 0);
    }

    // Another message has tried the other id's policy, or this one has: within five minutes that counts as tried.
    [Theory]
    [InlineData("2", 0, true)]
    [InlineData("2", 2, true)]
    [InlineData("3", 2, true)] // not yet tried: it is fetched now, and fails
    [InlineData("failed", 2, false)]
    public async Task MayFailPermanentlyAsync_AfterAnAttemptThatFailed_CountsItAsTried(string fresh, int minutes, bool expected)
    {
        CachedPolicy judged = MakeEntry(id: "1");
        _cache.Set(Domain, judged.With(new FailedAttempt("2", Noon - TimeSpan.FromMinutes(minutes))));
        _resolver.Answer = fresh is "failed" ? TxtAnswer.LookupFailed : Found(fresh);

        (await Finder().MayFailPermanentlyAsync(PolicyDomain.Parse(Domain), judged)).Should().Be(expected);

        _host.Requests.Should().HaveCount(fresh is "3" ? 1 : 0);
    }

    private Task<FoundPolicy> FindAsync(string domain) => Finder().FindPolicyAsync(PolicyDomain.Parse(domain));

    private PolicyFinder Finder() => new(_cache, _resolver, new PolicyFetcher(_host), _clock);
}
