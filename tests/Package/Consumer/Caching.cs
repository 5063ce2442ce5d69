using MtaSts;

namespace Consumer;

/// <summary>The cache in memory, by its own members and by those of its interface.</summary>
internal static class Caching
{
    public static async Task RunAsync()
    {
        Options();
        Keeping();
        await KeepingBehindTheInterfaceAsync();
        await SavingAsync();
    }

    private static void Options()
    {
        InMemoryCacheOptions options = new();
        Check.That("the default options", options.Capacity == 100_000 && options.TimeProvider == TimeProvider.System);
        StoppedClock clock = new(Refreshing.Now.AddDays(8));
        options.Capacity = 1;
        options.TimeProvider = clock;
        InMemoryCache cache = new(options);
        cache.Set("a.example", new("1", Policies.Enforcing, clock.GetUtcNow()));
        cache.Set("b.example", Refreshing.Entry);
        Check.That("the expired entry leaves first", cache.Count == 1 && cache.TryGet("a.example", out _));
    }

    private static void Keeping()
    {
        InMemoryCache cache = new();
        cache.Set("Example.com.", Refreshing.Entry);
        Check.That("an entry is kept", cache.TryGet("example.com", out CachedPolicy? entry) && entry == Refreshing.Entry && cache.Count == 1);
        Check.That("nothing is due at once", !cache.DueForRefresh(Refreshing.Now).Any());
        Check.That("a day later it is", cache.DueForRefresh(Refreshing.Now.AddDays(1)).Single().Key == "example.com");
        Check.That("an entry is forgotten", cache.Remove("example.com") && !cache.Remove("example.com") && !cache.TryGet("example.com", out _));
        Check.Throws<ArgumentException>("a domain that is none", () => cache.Set("[192.0.2.1]", Refreshing.Entry));
    }

    private static async Task KeepingBehindTheInterfaceAsync()
    {
        InMemoryCache memory = new();
        await memory.SetAsync("example.com", Refreshing.Entry);
        Check.That("an entry is kept, asynchronously", await memory.GetAsync("example.com") == Refreshing.Entry);
        await memory.RemoveAsync("example.com");
        Check.That("an entry is forgotten, asynchronously", await memory.GetAsync("example.com") is null);

        await KeepingInACacheOfTheInterfaceAsync(memory);
    }

    // Of the interface's type, because a caller chooses the cache elsewhere.
#pragma warning disable CA1859
    private static async Task KeepingInACacheOfTheInterfaceAsync(ICache cache)
#pragma warning restore CA1859
    {
        await cache.SetAsync("example.com", Refreshing.Entry);
        Check.That("ICache keeps an entry", await cache.GetAsync("EXAMPLE.com") == Refreshing.Entry);
        await cache.RemoveAsync("example.com");
        Check.That("ICache forgets an entry", await cache.GetAsync("example.com") is null);
    }

    private static async Task SavingAsync()
    {
        InMemoryCache cache = new();
        cache.Set("a.example", Refreshing.Entry);
        cache.Set("b.example", Refreshing.Entry);
        using MemoryStream stream = new();
        await cache.SaveAsync(stream);

        byte[] snapshot = stream.ToArray();
        InMemoryCache restarted = new();
        CacheLoadResult whole = await restarted.LoadAsync(new MemoryStream(snapshot));
        Check.That(
            "a snapshot is loaded",
            whole is { Loaded: 2, Outdated: 0, Damaged: 0 }
                && restarted.TryGet("b.example", out CachedPolicy? entry) && entry.Policy == Policies.Enforcing);
        CacheLoadResult again = await restarted.LoadAsync(new MemoryStream(snapshot[..^2]));
        Check.That("a cut snapshot is loaded again", again is { Loaded: 0, Outdated: 1, Damaged: 1 });

        Check.That("equal results of a load", whole == await new InMemoryCache().LoadAsync(new MemoryStream(snapshot)) && !(whole == again));
        Check.That("different results of a load", whole != again && !(again != await restarted.LoadAsync(new MemoryStream(snapshot[..^2]))));
        Interfaces.CheckEquality(whole, await new InMemoryCache().LoadAsync(new MemoryStream(snapshot)), again);
        Interfaces.CheckText(whole, "CacheLoadResult { Loaded = 2, Outdated = 0, Damaged = 0 }");
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
