namespace MtaSts.Tests;

public class InMemoryCacheConformanceTests : RefreshableCacheConformanceTests
{
    protected override ICache Create() => new InMemoryCache(new() { Capacity = 100 });
}
