namespace MtaSts.Benchmarks;

/// <summary>Creates caches with the typical policy.</summary>
internal static class Caches
{
    private static readonly DateTimeOffset FetchedAt = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Creates a cache of the domains. They share one entry, which makes no difference to a lookup.</summary>
    public static InMemoryCache Of(string[] domains)
    {
        InMemoryCache cache = new(new InMemoryCacheOptions { Capacity = domains.Length });
        CachedPolicy entry = Entry(FetchedAt);
        foreach (string domain in domains)
        {
            cache.Set(domain, entry);
        }

        return cache;
    }

    /// <summary>Creates a cache of domains whose policy was fetched now, and is not due for a day.</summary>
    public static InMemoryCache FreshOf(params PolicyDomain[] domains)
    {
        InMemoryCache cache = new();
        CachedPolicy entry = Entry(TimeProvider.System.GetUtcNow());
        foreach (PolicyDomain domain in domains)
        {
            cache.Set(domain.Name, entry);
        }

        return cache;
    }

    /// <summary>Creates the straightforward cache of the same domains.</summary>
    public static NaiveCache NaiveOf(string[] domains)
    {
        NaiveCache cache = new();
        CachedPolicy entry = Entry(FetchedAt);
        foreach (string domain in domains)
        {
            cache.Set(domain, entry);
        }

        return cache;
    }

    /// <summary>Measures the memory of a cached domain with its own entry, policy and id.</summary>
    public static double BytesPerDomain(string[] domains)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        InMemoryCache cache = new(new InMemoryCacheOptions { Capacity = domains.Length });
        foreach (string domain in domains)
        {
            cache.Set(domain, Entry(FetchedAt));
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(cache);
        return (double)(after - before) / domains.Length;
    }

    private static CachedPolicy Entry(DateTimeOffset fetchedAt) =>
        new(StsRecord.Parse(TypicalInputs.Record).Id, Policy.Parse(TypicalInputs.Policy), fetchedAt);
}
