namespace MtaSts.Tests;

public class TieredCacheConformanceTests : RefreshableCacheConformanceTests
{
    protected override ICache Create() => new TieredCache(new(new() { Capacity = 100 }), new InMemoryCache(new() { Capacity = 100 }));
}
