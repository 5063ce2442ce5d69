using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Measures the in-memory caches of one meter.</summary>
/// <remarks>A struct, so that a hit finds its counter in the cache.</remarks>
internal readonly record struct CacheMetrics(Counter<long> Hits, Counter<long> Misses, Counter<long> Evictions)
{
    // Weak: being measured must not keep a cache or a meter alive.
    private static readonly ConditionalWeakTable<Meter, ConditionalWeakTable<InMemoryCache, object?>> Measured = [];

    [SuppressMessage("Reliability", "CA2000", Justification = "The meter belongs to its factory.")]
    public static CacheMetrics For(InMemoryCache cache, IMeterFactory? factory)
    {
        Meter meter = Telemetry.GetMeter(factory);

        // A meter returns a counter that it has, but would observe twice.
        ConditionalWeakTable<InMemoryCache, object?> added = [];
        if (Measured.TryAdd(meter, added))
        {
            meter.CreateObservableUpDownCounter(
                "mtasts.cache.entries",
                () => added.Sum(static pair => (long)pair.Key.Count),
                "{entry}",
                "Policy domains in the caches.");
        }

        Measured.GetValue(meter, static _ => []).Add(cache, null);
        return new(
            meter.CreateCounter<long>("mtasts.cache.hits", "{lookup}", "Lookups that found an entry."),
            meter.CreateCounter<long>("mtasts.cache.misses", "{lookup}", "Lookups that found no entry."),
            meter.CreateCounter<long>("mtasts.cache.evictions", "{entry}", "Entries dropped to make room."));
    }
}
