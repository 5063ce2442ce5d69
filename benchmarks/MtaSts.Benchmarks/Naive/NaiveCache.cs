using System.Collections.Concurrent;

namespace MtaSts.Benchmarks;

/// <summary>
/// Represents a cache as most people would write it: a dictionary by lowercase domain, unbounded and without U-labels.
/// </summary>
internal sealed class NaiveCache
{
    private readonly ConcurrentDictionary<string, CachedPolicy> _entries = new(StringComparer.Ordinal);

    public bool TryGet(string domain, out CachedPolicy? entry) => _entries.TryGetValue(Key(domain), out entry);

    public void Set(string domain, CachedPolicy entry) => _entries[Key(domain)] = entry;

    private static string Key(string domain) => (domain.EndsWith('.') ? domain[..^1] : domain).ToLowerInvariant();
}
