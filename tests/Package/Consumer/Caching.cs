using MtaSts;

namespace Consumer;

/// <summary>Calls the in-memory cache, by its own members and by those of its interfaces.</summary>
internal static class Caching
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    public static async Task RunAsync()
    {
        Options();
        await KeepingAsync();
        await KeepingBehindTheInterfaceAsync();
        await SavingAsync();
    }

    private static void Options()
    {
        InMemoryCacheOptions options = new();
        Check.That(
            "the default options",
            options is { Capacity: 100_000, MeterFactory: null } && options.TimeProvider == TimeProvider.System);
        Check.That("an entry is kept until it expires", Refreshing.Entry.KeepUntil == Refreshing.Entry.ExpiresAt);
        StoppedClock clock = new(Refreshing.Now.AddDays(8));
        options.Capacity = 1;
        options.TimeProvider = clock;
        options.MeterFactory = null;
        InMemoryCache cache = new(options);
        cache.Set("a.example", new("1", Policies.Enforcing, clock.GetUtcNow()));
        cache.Set("b.example", Refreshing.Entry);
        Check.That("the expired entry leaves first", cache.Count == 1 && cache.TryGet("a.example", out _));
    }

    private static async Task KeepingAsync()
    {
        InMemoryCache cache = new();
        cache.Set("Example.com.", Refreshing.Entry);
        Check.That(
            "an entry is kept",
            cache.TryGet("example.com", out CachedPolicy? entry) && entry == Refreshing.Entry && cache.Count == 1);
        Check.That("nothing is due at once", !await cache.DueForRefreshAsync(Refreshing.Now).AnyAsync());
        Check.That("the entry is due a day later", await cache.DueForRefreshAsync(Refreshing.Now.AddDays(1)).SingleAsync() == Domain);
        Check.That(
            "an entry is removed",
            cache.Remove("example.com") && !cache.Remove("example.com") && !cache.TryGet("example.com", out _));
        Check.Throws<ArgumentException>("an invalid domain", () => cache.Set("[192.0.2.1]", Refreshing.Entry));
    }

    private static async Task KeepingBehindTheInterfaceAsync()
    {
        InMemoryCache memory = new();
        await memory.SetAsync(Domain, Refreshing.Entry);
        Check.That("an entry is kept, asynchronously", await memory.GetAsync(Domain) == Refreshing.Entry);
        Check.That("an update is passed the entry", await memory.UpdateAsync(Domain, static current => Again(current)) is { Id: "2" });
        await memory.RemoveAsync(Domain);
        Check.That("an entry is removed, asynchronously", await memory.GetAsync(Domain) is null);

        IRefreshableCache refreshable = memory;
        await refreshable.UpdateAsync(Domain, static _ => Refreshing.Entry);
        Check.That(
            "IRefreshableCache lists what is due", await refreshable.DueForRefreshAsync(Refreshing.Now.AddDays(1)).SingleAsync() == Domain);

        ICache cache = memory;
        await cache.SetAsync(Domain, Refreshing.Entry);
        Check.That("ICache keeps an entry", await cache.GetAsync(PolicyDomain.Parse("EXAMPLE.com")) == Refreshing.Entry);
        Check.That("ICache updates an entry", await cache.UpdateAsync(Domain, static _ => null) == Refreshing.Entry);
        await cache.RemoveAsync(Domain);
        Check.That("ICache removes an entry", await cache.GetAsync(Domain) is null);

        static CachedPolicy Again(CachedPolicy? current) => new("2", current!.Policy!, current.FetchedAt);
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

        CacheLoadResult same = await new InMemoryCache().LoadAsync(new MemoryStream(snapshot));
        Check.That("equal results of a load", whole == same && !(whole == again));
        Check.That("different results of a load", whole != again && !(whole != same));
        Interfaces.CheckEquality(whole, same, again);
        Interfaces.CheckText(whole, "CacheLoadResult { Loaded = 2, Outdated = 0, Damaged = 0 }");
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
