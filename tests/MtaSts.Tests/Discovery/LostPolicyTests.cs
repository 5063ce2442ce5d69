using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Distributed;
using OutboundMta;
using Xunit.Abstractions;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// Counts the policies that two processes lose in one shared store, for 500 domains that neither knows yet. Both
/// processes read the store, and both fetch. They store their results in the order of a schedule.
/// </summary>
/// <remarks>
/// A policy is lost if a fetch of its domain was accepted and the store has no policy in the end. Then no policy applies
/// to the next delivery, and the failed attempt blocks another fetch for five minutes.
/// </remarks>
public sealed class LostPolicyTests(ITestOutputHelper output)
{
    private const int DomainCount = 500;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // One of both fetches is accepted and stored first. The other one fails and is stored last.
    private static IEnumerable<Schedule> BadOrder => Enumerable.Repeat(new Schedule([true, false], First: 0), DomainCount);

    // Half of the fetches fail, and either process may be the first to store its result.
    private static IEnumerable<Schedule> RandomOrder
    {
        get
        {
            Random random = new(18);
            return Enumerable.Range(0, DomainCount)
                .Select(_ => new Schedule([random.Next(2) == 0, random.Next(2) == 0], random.Next(2)));
        }
    }

    [Fact]
    public async Task GetCompleteSet_LosesEachPolicyThatAFailureOverwrites()
    {
        // What must be lost: the first result is a policy, and the last one a failure.
        int overwritten = RandomOrder.Count(static schedule => schedule.Accepts[schedule.First] && !schedule.Accepts[1 - schedule.First]);
        overwritten.Should().BeInRange(100, 150, "this is a quarter of all schedules");

        (await CountLostAsync("Get, Complete, Set; bad order", BadOrder, GetCompleteSetAsync)).Should().Be(DomainCount);
        (await CountLostAsync("Get, Complete, Set; random order", RandomOrder, GetCompleteSetAsync)).Should().Be(overwritten);
    }

    [Fact]
    public async Task UpdateAsync_LosesNothing()
    {
        (await CountLostAsync("PolicyDiscovery, UpdateAsync; bad order", BadOrder, AtomicStoreAsync)).Should().Be(0);
        (await CountLostAsync("PolicyDiscovery, UpdateAsync; random order", RandomOrder, AtomicStoreAsync)).Should().Be(0);
    }

    // The processes also read the store at once when they update it, and both writes are based on these reads.
    [Fact]
    public async Task StoreWithoutAtomicUpdate_FailuresUnderTheirOwnKey_LosesNothingToAFailure()
    {
        (await CountLostAsync("PolicyDiscovery, failures apart; bad order", BadOrder, DistributedStoreAsync)).Should().Be(0);
        (await CountLostAsync("PolicyDiscovery, failures apart; random order", RandomOrder, DistributedStoreAsync)).Should().Be(0);
    }

    private async Task<int> CountLostAsync(
        string title, IEnumerable<Schedule> schedules, Func<PolicyDomain, Schedule, Task<CachedPolicy?>> run)
    {
        int lost = 0;
        int found = 0;
        int number = 0;
        foreach (Schedule schedule in schedules)
        {
            CachedPolicy? stored = await run(PolicyDomain.Parse($"domain{number}.example"), schedule);
            bool isAccepted = schedule.Accepts.Contains(true);
            (stored?.Policy is null || isAccepted).Should().BeTrue("only an accepted fetch has a policy");
            found += isAccepted ? 1 : 0;
            lost += isAccepted && stored?.Policy is null ? 1 : 0;
            number++;
        }

        number.Should().Be(DomainCount);
        output.WriteLine($"{title}: {lost} of {found} policies lost");
        return lost;
    }

    private static async Task<CachedPolicy?> GetCompleteSetAsync(PolicyDomain domain, Schedule schedule)
    {
        InMemoryCache store = NewStore();
        CachedPolicy?[] read = [await store.GetAsync(domain), await store.GetAsync(domain)];
        foreach (int process in schedule.Order)
        {
            RefreshPlan plan = PolicyRefresh.Plan(read[process], Found(Id), Noon);
            await store.SetAsync(domain, PolicyRefresh.Complete(plan, read[process], schedule.FetchOf(process)).Entry!);
        }

        return await store.GetAsync(domain);
    }

    private static async Task<CachedPolicy?> AtomicStoreAsync(PolicyDomain domain, Schedule schedule)
    {
        InMemoryCache store = NewStore();
        await using Process first = new(store);
        await using Process second = new(store);
        Process[] processes = [first, second];
        Task<DiscoveredPolicy>[] deliveries = await StartAsync(processes, domain);
        foreach (int process in schedule.Order)
        {
            processes[process].Source.Fetch.SetResult(schedule.FetchOf(process));
            await deliveries[process].WaitAsync(Limit);
        }

        return await store.GetAsync(domain);
    }

    private static async Task<CachedPolicy?> DistributedStoreAsync(PolicyDomain domain, Schedule schedule)
    {
        ConcurrentDictionary<string, byte[]> data = new(StringComparer.Ordinal);
        FakeTimeProvider clock = new(Noon);
        StoreView[] views = [new(data), new(data)];
        await using Process first = new(new DistributedPolicyCache(views[0], clock));
        await using Process second = new(new DistributedPolicyCache(views[1], clock));
        Process[] processes = [first, second];
        Task<DiscoveredPolicy>[] deliveries = await StartAsync(processes, domain);
        for (int process = 0; process < 2; process++)
        {
            processes[process].Source.Fetch.SetResult(schedule.FetchOf(process));
            await views[process].WantsToWrite.Task.WaitAsync(Limit);
        }

        foreach (int process in schedule.Order)
        {
            views[process].MayWrite.SetResult();
            await deliveries[process].WaitAsync(Limit);
        }

        return await new DistributedPolicyCache(views[0], clock).GetAsync(domain);
    }

    // Ends when both processes have read the store and their fetches run.
    private static async Task<Task<DiscoveredPolicy>[]> StartAsync(Process[] processes, PolicyDomain domain)
    {
        Task<DiscoveredPolicy>[] deliveries = [.. processes.Select(process => process.Discovery.DiscoverAsync(domain).AsTask())];
        await Task.WhenAll(processes.Select(static process => process.Source.HasBegun.Task)).WaitAsync(Limit);
        return deliveries;
    }

    private static InMemoryCache NewStore() => new(new() { TimeProvider = new FakeTimeProvider(Noon) });

    /// <summary>Represents the order of events for one domain.</summary>
    /// <param name="Accepts">Whether the fetch of each process is accepted.</param>
    /// <param name="First">The process that stores its result first.</param>
    private sealed record Schedule(bool[] Accepts, int First)
    {
        public int[] Order => [First, 1 - First];

        public FetchResult FetchOf(int process) => Accepts[process] ? Fetched(MakePolicy()) : FetchResult.Failed(FetchStatus.NotFound);
    }

    /// <summary>Represents a process with a discovery of its own.</summary>
    private sealed class Process : IAsyncDisposable
    {
        public Process(ICache cache) =>
            Discovery = new(cache, Source, new() { TimeProvider = new FakeTimeProvider(Noon) });

        public PolicyDiscovery Discovery { get; }

        public HeldSource Source { get; } = new();

        public ValueTask DisposeAsync() => Discovery.DisposeAsync();
    }

    /// <summary>Holds a fetch until the test sets its result.</summary>
    private sealed class HeldSource : IPolicySource
    {
        public TaskCompletionSource HasBegun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<FetchResult> Fetch { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) => new(Found(Id));

        public async ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken)
        {
            HasBegun.SetResult();
            return await Fetch.Task;
        }
    }

    /// <summary>Represents the shared store as one process sees it. Its writes wait until the test allows them.</summary>
    private sealed class StoreView(ConcurrentDictionary<string, byte[]> data) : IDistributedCache
    {
        public TaskCompletionSource WantsToWrite { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource MayWrite { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(data.GetValueOrDefault(key));

        public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            await WaitAsync();
            data[key] = value;
        }

        public async Task RemoveAsync(string key, CancellationToken token = default)
        {
            await WaitAsync();
            data.TryRemove(key, out _);
        }

        public byte[]? Get(string key) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public void Refresh(string key) => throw new NotSupportedException();

        public Task RefreshAsync(string key, CancellationToken token = default) => throw new NotSupportedException();

        private Task WaitAsync()
        {
            WantsToWrite.TrySetResult();
            return MayWrite.Task;
        }
    }
}
