namespace MtaSts.Benchmarks;

/// <summary>
/// Represents the least that a caller does without <see cref="PolicyDiscovery"/>: reads the cache, looks up the record
/// and asks <see cref="PolicyRefresh"/>. It has no time limits, no events and no metrics, and it cannot fetch.
/// </summary>
internal sealed class NaiveDiscovery(ICache cache, IPolicySource source)
{
    public async ValueTask<Policy?> DiscoverAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        CachedPolicy? entry = await cache.GetAsync(domain, cancellationToken).ConfigureAwait(false);
        TxtAnswer txt = await source.LookUpRecordAsync(domain, cancellationToken).ConfigureAwait(false);
        return PolicyRefresh.Plan(entry, txt, TimeProvider.System.GetUtcNow()).Policy;
    }
}
