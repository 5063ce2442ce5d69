using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using MtaSts;
using MtaSts.Tests;
using OutboundMta;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

public class DistributedCacheConformanceTests : CacheConformanceTests
{
    private static readonly PolicyDomain Example = PolicyDomain.Parse("example.com");

    // The store has lost the policy that the delivery was planned with. Another delivery stores a newer one just then.
    [Fact]
    public async Task UpdateAsync_FailureWhileAnotherStoresAPolicy_KeepsThePolicy()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CachedPolicy planned = new("1", MakePolicy(), now - TimeSpan.FromDays(1));
        CachedPolicy newer = new("2", MakePolicy(mx: "new.example.com"), now);
        ICache cache = Create();

        await cache.UpdateAsync(Example, _ =>
        {
            cache.SetAsync(Example, newer).AsTask().GetAwaiter().GetResult();
            return planned.With(new FailedAttempt("2", now));
        });

        CachedPolicy? stored = await cache.GetAsync(Example);
        stored!.Policy.Should().Be(newer.Policy);
    }

    protected override ICache Create() =>
        new DistributedPolicyCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())), TimeProvider.System);
}
