namespace MtaSts.Tests;

/// <summary>Holds the store of the other tests to the rules for a store.</summary>
public class SharedStoreConformanceTests : RefreshableCacheConformanceTests
{
    protected override ICache Create() => new SharedStore(TimeProvider.System);
}
