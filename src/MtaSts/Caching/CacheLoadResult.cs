namespace MtaSts;

/// <summary>Represents the result of <see cref="InMemoryCache.LoadAsync"/>.</summary>
/// <remarks>
/// An immutable value, safe for use by several threads. <c>default</c> is the result of an empty stream.
/// </remarks>
public readonly record struct CacheLoadResult
{
    internal CacheLoadResult(int loaded, int outdated, int damaged) => (Loaded, Outdated, Damaged) = (loaded, outdated, damaged);

    /// <summary>The number of entries that were stored in the cache.</summary>
    public int Loaded { get; }

    /// <summary>The number of valid entries that were not newer than those in the cache.</summary>
    public int Outdated { get; }

    /// <summary>
    /// The number of entries lost: damaged, truncated or of an unknown version. Each valid line contains the total, so
    /// entries of a truncated stream are counted. A stream that ends within its first line counts as one entry.
    /// </summary>
    public int Damaged { get; }
}
