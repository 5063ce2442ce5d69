namespace MtaSts.Benchmarks;

/// <summary>Caches filled with the usual policy.</summary>
internal static class Caches
{
    private static readonly DateTimeOffset FetchedAt = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A cache of these domains. They share one entry, which is what a look-up cannot see.</summary>
    public static InMemoryCache Of(string[] domains)
    {
        InMemoryCache cache = new(new InMemoryCacheOptions { Capacity = domains.Length });
        CachedPolicy entry = Entry();
        foreach (string domain in domains)
        {
            cache.Set(domain, entry);
        }

        return cache;
    }

    public static NaiveCache NaiveOf(string[] domains)
    {
        NaiveCache cache = new();
        CachedPolicy entry = Entry();
        foreach (string domain in domains)
        {
            cache.Set(domain, entry);
        }

        return cache;
    }

    /// <summary>The memory that a cache takes for each domain, where each has an entry, a policy and an id of its own.</summary>
    public static double BytesPerDomain(string[] domains)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        InMemoryCache cache = new(new InMemoryCacheOptions { Capacity = domains.Length });
        foreach (string domain in domains)
        {
            cache.Set(domain, Entry());
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(cache);
        return (double)(after - before) / domains.Length;
    }

    private static CachedPolicy Entry() => new(StsRecord.Parse(TypicalInputs.Record).Id, Policy.Parse(TypicalInputs.Policy), FetchedAt);
}
