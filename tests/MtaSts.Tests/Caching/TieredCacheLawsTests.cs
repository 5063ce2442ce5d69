using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Two processes deliver over one store that fails now and then and loses entries, while the clock is set.</summary>
/// <remarks>
/// Laws:
/// <list type="number">
/// <item>A process never loses a policy that it knows, that has not expired and that no later fetch has replaced.</item>
/// <item>
/// A process sees the policy that another one stored at most TrustFor later, unless a call of the store failed meanwhile.
/// </item>
/// <item>No update replaces a policy in the store by one that was fetched earlier.</item>
/// <item>Each exception of the store goes either to the caller or to OnFarError, once.</item>
/// <item>A read throws only if its process knows no policy that has not expired.</item>
/// </list>
/// </remarks>
public class TieredCacheLawsTests
{
    private const int Steps = 50_000;
    private const int Domains = 5;

    private static readonly TimeSpan TrustFor = TimeSpan.FromSeconds(30);

    private static readonly int[] MaxAges = [60, 600, 86_400, 604_800];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomSteps_EveryLawHolds(int seed)
    {
        Random random = new(seed);
        SteppingClock clock = new(Noon);
        SharedStore store = new(clock);
        World world = new(clock, store);
        int thrown = 0;
        bool isFailing = false;
        store.Before = () =>
        {
            if (isFailing)
            {
                thrown++;
                throw new TimeoutException();
            }

            return Task.CompletedTask;
        };
        store.OnStored = World.OnStored;

        for (int i = 0; i < Steps; i++)
        {
            isFailing = random.Next(10) == 0;
            PolicyDomain domain = PolicyDomain.Parse(string.Create(CultureInfo.InvariantCulture, $"d{random.Next(Domains)}.example"));
            Process process = world.Processes[random.Next(2)];
            switch (random.Next(20))
            {
                case 0:
                    store.Put(domain, entry: null);
                    break;
                case 1:
                    clock.Step(TimeSpan.FromSeconds(random.Next(-60, 60)));
                    break;
                case < 6:
                    clock.Advance(TimeSpan.FromSeconds(random.Next(40)));
                    break;
                case 6:
                    clock.Advance(TimeSpan.FromMinutes(random.Next(300)));
                    break;
                case < 10:
                    FetchResult fetch = random.Next(2) == 0
                        ? FetchResult.Failed(FetchStatus.TimedOut)
                        : Fetched(MakePolicy(maxAge: MaxAges[random.Next(MaxAges.Length)]));
                    clock.Advance(Tick); // No two policies are fetched at one time.
                    await world.UpdateAsync(process, domain, fetch, isFailing);
                    break;
                default:
                    await world.ReadAsync(process, domain, isFailing);
                    break;
            }
        }

        (world.Passed + world.Told).Should().Be(thrown, "law 4");
        world.Told.Should().BeGreaterThan(500);
        world.Passed.Should().BeGreaterThan(500);
        world.Kept.Should().BeGreaterThan(5_000, "reads of law 1 with a policy that has not expired");
        world.Seen.Should().BeGreaterThan(200, "reads of law 2 whose policy another process had stored");
        world.Restored.Should().BeGreaterThan(50, "updates brought back what the store had lost");
    }

    /// <summary>Represents one process: its cache and what it must know.</summary>
    private sealed class Process(TieredCache cache)
    {
        public TieredCache Cache => cache;

        /// <summary>By domain, the latest policy that the process fetched or read.</summary>
        public Dictionary<PolicyDomain, CachedPolicy> Known { get; } = [];

        /// <summary>By domain, the monotonic time of the last failed call.</summary>
        public Dictionary<PolicyDomain, TimeSpan> FailedAt { get; } = [];

        /// <summary>Returns the policy that the process knows. One that has expired is forgotten: the clock may be set back.</summary>
        public CachedPolicy? Unexpired(PolicyDomain domain, DateTimeOffset now)
        {
            if (Known.TryGetValue(domain, out CachedPolicy? known) && known.IsExpired(now))
            {
                Known.Remove(domain);
            }

            return Known.GetValueOrDefault(domain);
        }
    }

    private sealed class World
    {
        private readonly SteppingClock _clock;
        private readonly SharedStore _store;

        public World(SteppingClock clock, SharedStore store)
        {
            _clock = clock;
            _store = store;
            Processes =
            [
                .. Enumerable.Range(0, 2).Select(_ => new Process(new(
                    new(new() { TimeProvider = clock }),
                    store,
                    new() { TimeProvider = clock, TrustFor = TrustFor, OnFarError = (_, _) => Told++ }))),
            ];
        }

        public Process[] Processes { get; }

        public int Told { get; private set; }

        public int Passed { get; private set; }

        public int Kept { get; private set; }

        public int Seen { get; private set; }

        public int Restored { get; private set; }

        // By domain, the policy in the store, and the monotonic time since when calls of both processes have found it there.
        private Dictionary<PolicyDomain, (DateTimeOffset? FetchedAt, TimeSpan Since)> Stored { get; } = [];

        public static void OnStored(CachedPolicy? before, CachedPolicy after)
        {
            bool isOlder = before?.Policy is not null && after.FetchedAt < before.FetchedAt;
            isOlder.Should().BeFalse("law 3: {0} replaced {1}", after, before);
        }

        public async Task UpdateAsync(Process process, PolicyDomain domain, FetchResult fetch, bool isFailing)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            CachedPolicy? known = process.Unexpired(domain, now);
            bool isLost = known is not null && _store.Peek(domain) is null;
            Observe(domain);
            RefreshResult result = default;
            CachedPolicy? Complete(CachedPolicy? current) => (result = PolicyRefresh.Complete(current, Found(Id), fetch, now)).Entry;
            try
            {
                await process.Cache.UpdateAsync(domain, Complete);
                isFailing.Should().BeFalse();
                Restored += isLost && _store.Peek(domain)!.FetchedAt >= known!.FetchedAt ? 1 : 0;
            }
            catch (TimeoutException) when (isFailing)
            {
                Passed++;
                process.FailedAt[domain] = _clock.Elapsed;
            }

            Observe(domain);
            Learn(process, domain, result.AppliedEntry);
        }

        public async Task ReadAsync(Process process, PolicyDomain domain, bool isFailing)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            CachedPolicy? known = process.Unexpired(domain, now);
            (CachedPolicy? stored, TimeSpan since) = Observe(domain);
            int told = Told;
            CachedPolicy? read;
            try
            {
                read = await process.Cache.GetAsync(domain);
            }
            catch (TimeoutException) when (isFailing)
            {
                known.Should().BeNull("law 5");
                Passed++;
                process.FailedAt[domain] = _clock.Elapsed;
                return;
            }

            if (known is not null)
            {
                Kept++;
                bool isLost = read?.Policy is null || read.FetchedAt < known.FetchedAt;
                isLost.Should().BeFalse("law 1: the process knew {0} and read {1}", known, read);
            }

            if (told != Told)
            {
                process.FailedAt[domain] = _clock.Elapsed;
            }

            // A call that failed within TrustFor, this one included, may hide what is stored.
            bool hasFailed = process.FailedAt.TryGetValue(domain, out TimeSpan failedAt) && _clock.Elapsed - failedAt < TrustFor;
            if (stored is { Policy: not null } && !hasFailed && _clock.Elapsed - since >= TrustFor)
            {
                bool isHidden = read?.Policy is null || read.FetchedAt < stored.FetchedAt;
                isHidden.Should().BeFalse("law 2: {0} is stored, and the process read {1}", stored, read);
                Seen += known is null || known.FetchedAt < stored.FetchedAt ? 1 : 0;
            }

            Learn(process, domain, read);
        }

        private (CachedPolicy? Entry, TimeSpan Since) Observe(PolicyDomain domain)
        {
            CachedPolicy? entry = _store.Peek(domain);
            if (!Stored.TryGetValue(domain, out (DateTimeOffset? FetchedAt, TimeSpan Since) stored) || stored.FetchedAt != entry?.FetchedAt)
            {
                Stored[domain] = stored = (entry?.FetchedAt, _clock.Elapsed);
            }

            return (entry, stored.Since);
        }

        private static void Learn(Process process, PolicyDomain domain, CachedPolicy? entry)
        {
            bool isNewer = entry?.Policy is not null
                && (!process.Known.TryGetValue(domain, out CachedPolicy? known) || known.FetchedAt < entry.FetchedAt);
            if (isNewer)
            {
                process.Known[domain] = entry!;
            }
        }
    }
}
