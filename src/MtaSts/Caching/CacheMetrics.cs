using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>The instruments of one in-memory cache, or of all those without a meter factory. They cost little while nobody listens.</summary>
internal sealed class CacheMetrics
{
    private const string MeterName = "MtaSts";

    private static readonly string? Version = typeof(CacheMetrics).Assembly.GetName().Version?.ToString(3);
    private static readonly CacheMetrics Shared = new(new Meter(MeterName, Version));

    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _evictions;

    // Weak: being measured must not keep a cache alive.
    private readonly ConditionalWeakTable<InMemoryCache, object?> _caches = [];

    private CacheMetrics(Meter meter)
    {
        _hits = meter.CreateCounter<long>("mtasts.cache.hits", "{lookup}", "Lookups that found an entry.");
        _misses = meter.CreateCounter<long>("mtasts.cache.misses", "{lookup}", "Lookups that found no entry.");
        _evictions = meter.CreateCounter<long>("mtasts.cache.evictions", "{entry}", "Entries dropped to make room.");
        meter.CreateObservableUpDownCounter(
            "mtasts.cache.entries",
            () => _caches.Sum(static pair => (long)pair.Key.Count),
            "{entry}",
            "Policy domains in the cache.");
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The factory disposes of its meters.")]
    public static CacheMetrics For(InMemoryCache cache, IMeterFactory? factory)
    {
        CacheMetrics metrics = factory is null ? Shared : new(factory.Create(MeterName, Version));
        metrics._caches.Add(cache, null);
        return metrics;
    }

    public void CountLookup(bool isHit) => (isHit ? _hits : _misses).Add(1);

    public void CountEvictions(int entries) => _evictions.Add(entries);
}
