using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using MtaSts;
using MtaSts.Tests;
using OutboundMta;

namespace Samples.Tests;

public class DistributedCacheConformanceTests : CacheConformanceTests
{
    protected override ICache Create() =>
        new DistributedPolicyCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())), TimeProvider.System);
}
