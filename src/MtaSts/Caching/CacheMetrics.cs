using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Measures one in-memory cache, or all those without a meter factory.</summary>
/// <remarks>A struct, so that a hit finds its counter in the cache.</remarks>
internal readonly struct CacheMetrics
{
    private const string MeterName = "MtaSts";

    private static readonly string? Version = typeof(CacheMetrics).Assembly.GetName().Version?.ToString(3);
    private static readonly CacheMetrics Shared = new(new Meter(MeterName, Version));

    // Weak: being measured must not keep a cache alive.
    private readonly ConditionalWeakTable<InMemoryCache, object?> _caches;

    private CacheMetrics(Meter meter)
    {
        ConditionalWeakTable<InMemoryCache, object?> caches = [];
        _caches = caches;
        Hits = meter.CreateCounter<long>("mtasts.cache.hits", "{lookup}", "Lookups that found an entry.");
        Misses = meter.CreateCounter<long>("mtasts.cache.misses", "{lookup}", "Lookups that found no entry.");
        Evictions = meter.CreateCounter<long>("mtasts.cache.evictions", "{entry}", "Entries dropped to make room.");
        meter.CreateObservableUpDownCounter(
            "mtasts.cache.entries",
            () => caches.Sum(static pair => (long)pair.Key.Count),
            "{entry}",
            "Policy domains in the cache.");
    }

    public Counter<long> Hits { get; }

    public Counter<long> Misses { get; }

    public Counter<long> Evictions { get; }

    [SuppressMessage("Reliability", "CA2000", Justification = "The factory disposes of its meters.")]
    public static CacheMetrics For(InMemoryCache cache, IMeterFactory? factory)
    {
        CacheMetrics metrics = factory is null ? Shared : new(factory.Create(MeterName, Version));
        metrics._caches.Add(cache, null);
        return metrics;
    }
}
