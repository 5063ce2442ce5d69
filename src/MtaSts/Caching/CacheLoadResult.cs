namespace MtaSts;

/// <summary>What <see cref="InMemoryCache.LoadAsync"/> found.</summary>
/// <remarks>An immutable value, safe for use by several threads. <c>default</c> is an empty stream.</remarks>
public readonly record struct CacheLoadResult
{
    internal CacheLoadResult(int loaded, int outdated, int damaged)
    {
        Loaded = loaded;
        Outdated = outdated;
        Damaged = damaged;
    }

    /// <summary>The number of entries that were put into the cache.</summary>
    public int Loaded { get; }

    /// <summary>The number of entries that were whole but not newer than what the cache held.</summary>
    public int Outdated { get; }

    /// <summary>The number of entries that were not whole: damaged, cut off, or of a version that this library does not know.</summary>
    public int Damaged { get; }
}
