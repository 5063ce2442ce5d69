namespace MtaSts.Tests;

public class InMemoryCacheConformanceTests : CacheConformanceTests
{
    protected override ICache Create() => new InMemoryCache(new() { Capacity = 100 });
}
