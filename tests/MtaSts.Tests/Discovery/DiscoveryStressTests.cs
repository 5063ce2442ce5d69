using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// Verifies the laws of discovery with real threads and the clock of the system: 64 deliverers, 10,000 domains, and a
/// source with small delays, failures, exceptions and fetches that hang.
/// </summary>
/// <remarks>The environment variable <c>MTASTS_SCHEDULES</c> makes the test run for ten seconds.</remarks>
[Collection(nameof(SerialCollection))]
public sealed class DiscoveryStressTests(ITestOutputHelper output)
{
    private const int DomainCount = 10_000;
    private const int Deliverers = 64;
    private const int MaxFetches = 48;
    private const int Hung = 8; // domains whose policy host never answers

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(LongRun.Schedules is null ? 2 : 10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly PolicyDomain[] Domains =
        [.. Enumerable.Range(0, DomainCount).Select(static i => PolicyDomain.Parse($"domain{i}.example"))];

    [Fact]
    public async Task ManyDeliverers_EveryLawHolds()
    {
        using MarkedExceptions unobserved = new();
        InMemoryCache cache = new();
        StressSource source = new();
        ConcurrentDictionary<PolicyDomain, int> failures = new();
        PolicyDiscovery discovery = new(cache, source, new()
        {
            MaxConcurrentFetches = MaxFetches,
            OnEvent = happened =>
            {
                if (happened.Fetch is { Failure: TlsFailure.StsWebPkiInvalid })
                {
                    failures.AddOrUpdate(happened.Domain, 1, static (_, count) => count + 1);
                }
            },
        });

        // Due, and unexpired for hours. Their fetch never ends, so a delivery that waits for it would never end.
        for (int i = 0; i < Hung; i++)
        {
            await cache.SetAsync(Domains[i], new(IdOf(0), MakePolicy(), DateTimeOffset.UtcNow - TimeSpan.FromDays(2)));
        }

        Deliverer[] deliverers = [.. Enumerable.Range(0, Deliverers).Select(seed => new Deliverer(discovery, seed))];
        await Task.WhenAll(deliverers.Select(deliverer => Task.Run(deliverer.RunAsync))).WaitAsync(Limit);
        await discovery.DisposeAsync().AsTask().WaitAsync(Limit);
        source.IsDisposed = true;
        await Task.WhenAll(deliverers.SelectMany(static deliverer => deliverer.Refreshes)).WaitAsync(Limit);

        source.Violations.Should().BeEmpty();
        source.MostFetches.Should().BeInRange(2, MaxFetches);

        // Each failure is told at most once. The failure of a certificate only arises in a fetch.
        IEnumerable<DiscoveredPolicy> told = deliverers.SelectMany(static deliverer => deliverer.Told());
        foreach ((PolicyDomain domain, int count) in told.CountBy(static found => found.Domain))
        {
            count.Should().BeLessThanOrEqualTo(failures.GetValueOrDefault(domain), domain.Name);
        }

        // No accepted policy is lost.
        foreach ((PolicyDomain domain, DateTimeOffset began) in source.LastLongLived)
        {
            cache.TryGet(domain.Name, out CachedPolicy? entry).Should().BeTrue(domain.Name);
            entry!.Policy.Should().NotBeNull(domain.Name);
            entry.FetchedAt.Should().BeAfter(began - TimeSpan.FromSeconds(1), domain.Name);
        }

        unobserved.Find().Should().BeEmpty();
        int canceled = deliverers.Sum(static deliverer => deliverer.Canceled);
        output.WriteLine(
            $"{deliverers.Sum(static deliverer => deliverer.Count):N0} deliveries, {canceled:N0} canceled, "
            + $"{source.Fetches:N0} fetches, {failures.Values.Sum():N0} failures, at most {source.MostFetches} fetches at once");

        // Each case took place.
        canceled.Should().BePositive();
        deliverers.Sum(static deliverer => deliverer.Refreshes.Count).Should().BePositive();
        failures.Should().NotBeEmpty();
        source.LastLongLived.Should().NotBeEmpty();
    }

    private static string IdOf(long epoch) => FormattableString.Invariant($"id{epoch}");

    /// <summary>Sends mail to random domains until the time is over.</summary>
    private sealed class Deliverer(PolicyDiscovery discovery, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<DiscoveredPolicy> _found = [];

        public List<Task<DiscoveredPolicy>> Refreshes { get; } = [];

        public int Count { get; private set; }

        public int Canceled { get; private set; }

        public async Task RunAsync()
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < Duration)
            {
                // Half of the deliveries are to a few domains, so that many share a fetch.
                PolicyDomain domain = Domains[_random.Next(_random.Next(2) == 0 ? 50 : DomainCount)];
                using CancellationTokenSource cancellation = new();
                if (_random.Next(10) == 0)
                {
                    cancellation.CancelAfter(TimeSpan.FromMilliseconds(_random.Next(4)));
                }

                Count++;
                try
                {
                    DiscoveredPolicy found = await discovery.DiscoverAsync(domain, cancellation.Token);
                    Keep(found);
                    if (found.Refresh is { } refresh)
                    {
                        Refreshes.Add(refresh);
                    }
                }
                catch (OperationCanceledException e) when (e.CancellationToken == cancellation.Token)
                {
                    Canceled++;
                }
            }
        }

        public IEnumerable<DiscoveredPolicy> Told() => _found.Concat(Refreshes.Select(static refresh => refresh.Result).Where(IsTold));

        private static bool IsTold(DiscoveredPolicy found) => found.Failure is TlsFailure.StsWebPkiInvalid;

        private void Keep(DiscoveredPolicy found)
        {
            if (IsTold(found))
            {
                _found.Add(found);
            }
        }
    }

    /// <summary>Represents a network with small delays and failures. Checks the laws of fetches.</summary>
    private sealed class StressSource : IPolicySource
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly ConcurrentDictionary<PolicyDomain, bool> _running = new();
        private readonly ConcurrentDictionary<PolicyDomain, int> _failed = new();
        private readonly ConcurrentDictionary<PolicyDomain, ConcurrentDictionary<string, bool>> _ids = new();
        private int _active;
        private int _most;
        private int _fetches;

        public ConcurrentQueue<string> Violations { get; } = new();

        /// <summary>The time of the last accepted fetch of each domain whose policy lives for longer than the test.</summary>
        public ConcurrentDictionary<PolicyDomain, DateTimeOffset> LastLongLived { get; } = new();

        public bool IsDisposed { get; set; }

        public int MostFetches => _most;

        public int Fetches => _fetches;

        public async ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken)
        {
            CheckDisposal();
            await DelayAsync(CancellationToken.None);

            // Each domain publishes two ids in turn.
            string id = IdOf((long)Stopwatch.GetElapsedTime(_start).TotalSeconds % 2);
            TxtAnswer answer = Random.Shared.Next(20) switch
            {
                0 => TxtAnswer.LookupFailed,
                1 => TxtAnswer.NoRecord,
                2 => throw new MarkedException(),
                _ => Found(id),
            };
            if (answer.IsFound)
            {
                _ids.GetOrAdd(domain, static _ => new(StringComparer.Ordinal))[id] = true;
            }

            return answer;
        }

        public async ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken)
        {
            CheckDisposal();
            DateTimeOffset began = DateTimeOffset.UtcNow;
            Interlocked.Increment(ref _fetches);
            int active = Interlocked.Increment(ref _active);
            for (int most = _most; active > most; most = _most)
            {
                Interlocked.CompareExchange(ref _most, active, most);
            }

            if (!_running.TryAdd(domain, true))
            {
                Violations.Enqueue($"{domain} is fetched twice at once");
            }

            try
            {
                if (Array.IndexOf(Domains, domain, 0, Hung) >= 0)
                {
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                await DelayAsync(CancellationToken.None);
                return Random.Shared.Next(10) switch
                {
                    < 3 => Fail(domain, FetchResult.Failed(FetchStatus.CertificateInvalid)),
                    3 when Fail(domain, null!) is null => throw new MarkedException(),
                    var n => Accept(domain, began, maxAge: n switch { < 6 => 0, < 8 => 1, _ => 604_800 }),
                };
            }
            finally
            {
                _running.TryRemove(domain, out _);
                Interlocked.Decrement(ref _active);
            }
        }

        private FetchResult Accept(PolicyDomain domain, DateTimeOffset began, int maxAge)
        {
            _failed[domain] = 0;
            if (maxAge > 60)
            {
                LastLongLived[domain] = began;
            }
            else
            {
                LastLongLived.TryRemove(domain, out _);
            }

            return Fetched(MakePolicy(maxAge: maxAge));
        }

        // In five minutes, each id may fail once, and so may one attempt without a record.
        private FetchResult Fail(PolicyDomain domain, FetchResult result)
        {
            int failed = _failed.AddOrUpdate(domain, 1, static (_, count) => count + 1);
            if (failed > 1 + (_ids.GetValueOrDefault(domain)?.Count ?? 0))
            {
                Violations.Enqueue($"{domain} has failed {failed} times in less than five minutes");
            }

            return result;
        }

        private void CheckDisposal()
        {
            if (IsDisposed)
            {
                Violations.Enqueue("a call began after the disposal");
            }
        }

        // Most answers are there at once or after a hop to another thread.
        private static async ValueTask DelayAsync(CancellationToken cancellationToken)
        {
            switch (Random.Shared.Next(8))
            {
                case 0:
                    await Task.Delay(Random.Shared.Next(1, 4), cancellationToken);
                    break;
                case < 4:
                    await Task.Yield();
                    break;
            }
        }
    }
}
