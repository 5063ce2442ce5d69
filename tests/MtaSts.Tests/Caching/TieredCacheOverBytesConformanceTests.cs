namespace MtaSts.Tests;

public class TieredCacheOverBytesConformanceTests : RefreshableCacheConformanceTests
{
    protected override ICache Create() => new TieredCache(new(new() { Capacity = 100 }), new SharedStore(TimeProvider.System));
}
