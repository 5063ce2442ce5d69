using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests many threads that read, write, remove, evict, save and load at the same time.</summary>
public class CacheStressTests
{
    private const int Threads = 8;
    private const int Capacity = 200;
    private const int Domains = 400;
    private const int Steps = 20_000;

    [Fact]
    public async Task AllOperationsAtOnce_EveryInvariantHolds()
    {
        InMemoryCache cache = new(new() { Capacity = Capacity, TimeProvider = new FakeTimeProvider(Noon) });
        using Barrier start = new(Threads);

        Counts[] all = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => Work(cache, new(thread), start),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        // Each kind of operation took place and met the results of the others.
        all.Sum(static counts => counts.Hits).Should().BeGreaterThan(1_000);
        all.Sum(static counts => counts.Misses).Should().BeGreaterThan(1_000);
        all.Sum(static counts => counts.Writes).Should().BeGreaterThan(1_000);
        all.Sum(static counts => counts.Updates).Should().BeGreaterThan(1_000);
        all.Sum(static counts => counts.Removals).Should().BeGreaterThan(100);
        all.Sum(static counts => counts.Snapshots).Should().BeGreaterThan(10);

        // After the end of all operations, the count is exact.
        using MemoryStream stream = new();
        await cache.SaveAsync(stream);
        stream.Position = 0;
        InMemoryCache copy = new();
        CacheLoadResult result = await copy.LoadAsync(stream);
        result.Should().Be(new CacheLoadResult(cache.Count, 0, 0));
        copy.Count.Should().Be(cache.Count);
        cache.Count.Should().BeInRange(1, Capacity);
        Enumerable.Range(0, Domains).Count(i => cache.TryGet(Domain(i), out _)).Should().Be(cache.Count);
        for (int i = 0; i < Domains; i++)
        {
            cache.Remove(Domain(i));
        }

        cache.Count.Should().Be(0);
    }

    private static Counts Work(InMemoryCache cache, Random random, Barrier start)
    {
        Counts counts = new();
        start.SignalAndWait();
        for (int i = 0; i < Steps; i++)
        {
            int number = random.Next(Domains);
            string domain = Domain(number);
            switch (random.Next(1_000))
            {
                case 0:
                    SaveAndLoad(cache);
                    counts.Snapshots++;
                    break;
                case < 50:
                    counts.Removals += cache.Remove(domain) ? 1 : 0;
                    break;
                case < 150:
                    Update(cache, PolicyDomain.Parse(domain), FormattableString.Invariant($"d{number}v{i}"));
                    counts.Updates++;
                    break;
                case < 400:
                    string id = string.Create(CultureInfo.InvariantCulture, $"d{number}v{i}");
                    cache.Set(domain, MakeEntry(maxAge: i % 10 == 0 ? 0 : 604_800, id: id));
                    counts.Writes++;
                    break;
                default:
                    if (cache.TryGet(domain.ToUpperInvariant(), out CachedPolicy? entry))
                    {
                        ShouldBelongTo(domain, entry);
                        counts.Hits++;
                    }
                    else
                    {
                        counts.Misses++;
                    }

                    break;
            }

            if (cache.Count is < 0 or > Capacity + Threads)
            {
                Assert.Fail($"{cache.Count} entries in a cache for {Capacity}");
            }
        }

        return counts;
    }

    // The passed and the returned entry belong to this domain, no matter which thread stored them.
    private static void Update(InMemoryCache cache, PolicyDomain domain, string id)
    {
        Task<CachedPolicy?> update = cache.UpdateAsync(domain, current =>
        {
            if (current is not null)
            {
                ShouldBelongTo(domain.Name, current);
            }

            return MakeEntry(id: id);
        }).AsTask();
        update.IsCompletedSuccessfully.Should().BeTrue();
        if (update.GetAwaiter().GetResult() is { } stored)
        {
            ShouldBelongTo(domain.Name, stored);
        }
    }

    // Loads into another cache and into the shared one.
    private static void SaveAndLoad(InMemoryCache cache)
    {
        MemoryStream stream = new();
        cache.SaveAsync(stream).IsCompletedSuccessfully.Should().BeTrue("a memory stream never waits");
        foreach (InMemoryCache target in (InMemoryCache[])[new(), cache])
        {
            stream.Position = 0;
            Task<CacheLoadResult> loading = target.LoadAsync(stream);
            loading.IsCompletedSuccessfully.Should().BeTrue();
            loading.Result.Damaged.Should().Be(0);
            foreach (PolicyDomain domain in target.DueForRefreshAsync(Noon + TimeSpan.FromDays(1)).ToBlockingEnumerable())
            {
                if (target.TryGet(domain.Name, out CachedPolicy? entry))
                {
                    ShouldBelongTo(domain.Name, entry);
                }
            }
        }
    }

    // The id begins with the number of its domain.
    private static void ShouldBelongTo(string domain, CachedPolicy entry)
    {
        string number = domain["domain".Length..domain.IndexOf('.', StringComparison.Ordinal)];
        if (!entry.Id!.StartsWith($"d{number}v", StringComparison.Ordinal))
        {
            Assert.Fail($"{domain} has {entry.Id}");
        }
    }

    private static string Domain(int i) => string.Create(CultureInfo.InvariantCulture, $"domain{i}.example");

    private sealed class Counts
    {
        public int Hits { get; set; }

        public int Misses { get; set; }

        public int Writes { get; set; }

        public int Updates { get; set; }

        public int Removals { get; set; }

        public int Snapshots { get; set; }
    }
}
