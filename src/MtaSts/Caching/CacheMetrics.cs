using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>The instruments of the in-memory caches, for all of a process together. They cost next to nothing while nobody listens.</summary>
internal static class CacheMetrics
{
    private static readonly Meter Meter = new("MtaSts", "1.0.0");
    private static readonly Counter<long> Hits = Meter.CreateCounter<long>("mtasts.cache.hits", "{lookup}", "Look-ups that found an entry.");
    private static readonly Counter<long> Misses = Meter.CreateCounter<long>("mtasts.cache.misses", "{lookup}", "Look-ups that found no entry.");
    private static readonly Counter<long> Evictions = Meter.CreateCounter<long>("mtasts.cache.evictions", "{entry}", "Entries dropped to make room.");

    // Weak, so that being counted keeps no cache alive.
    private static readonly ConditionalWeakTable<InMemoryCache, object?> Caches = [];

    static CacheMetrics() => Meter.CreateObservableUpDownCounter(
        "mtasts.cache.entries",
        static () => Caches.Sum(static pair => (long)pair.Key.Count),
        "{entry}",
        "Policy domains in the caches.");

    public static void Watch(InMemoryCache cache) => Caches.Add(cache, null);

    public static void CountLookup(bool isHit) => (isHit ? Hits : Misses).Add(1);

    public static void CountEvictions(int entries) => Evictions.Add(entries);
}
