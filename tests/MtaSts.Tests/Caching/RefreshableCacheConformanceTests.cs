using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the rules that <see cref="IRefreshableCache"/> documents for every implementation.</summary>
public abstract class RefreshableCacheConformanceTests : AtomicCacheConformanceTests
{
    // Around the limits of a day, of half a max_age, of five minutes and of the expiry.
    private static readonly TimeSpan[] Ages =
    [
        .. new[] { -300, 0, 60, 1_800, 3_600, 43_200, 86_400, 172_800, 604_800 }
            .SelectMany(static seconds => new[] { -1, 0, 1 }.Select(offset => TimeSpan.FromSeconds(seconds + offset))),
    ];

    private static readonly int[] MaxAges = [0, 60, 3_600, 86_399, 86_400, 172_800, 604_800, 31_557_600];

    [Fact]
    public async Task DueForRefresh_RandomEntries_AgreesWithTheModel()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Random random = new(8461);
        int dueInAll = 0;
        for (int round = 0; round < 20; round++)
        {
            IRefreshableCache cache = (IRefreshableCache)Create();
            List<string> due = [];
            for (int i = 0; i < 100; i++)
            {
                PolicyDomain domain = Domain(i);
                CachedPolicy entry = MakeRandom(random, now);
                await cache.SetAsync(domain, entry);
                if (IsDue(entry, now))
                {
                    due.Add(domain.Name);
                }

                (PolicyRefresh.Plan(entry, TxtAnswer.LookupFailed, now).Action is RefreshAction.ApplyAndFetch)
                    .Should().Be(IsDue(entry, now));
            }

            PolicyDomain[] listed = await cache.DueForRefreshAsync(now).ToArrayAsync();
            listed.Select(static domain => domain.Name).Should().BeEquivalentTo(due, "each due domain is listed once");
            dueInAll += due.Count;
        }

        dueInAll.Should().BeGreaterThan(200, "of 2,000");
    }

    [Fact]
    public async Task DueForRefresh_Canceled_Throws()
    {
        IRefreshableCache cache = (IRefreshableCache)Create();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await cache.SetAsync(Domain(0), new(Id, MakePolicy(), now - TimeSpan.FromDays(2)));
        CancellationToken canceled = new(canceled: true);

        Func<Task> call = async () => await cache.DueForRefreshAsync(now, canceled).ToArrayAsync();
        Func<Task> enumeration = async () => await cache.DueForRefreshAsync(now).ToArrayAsync(canceled);

        await call.Should().ThrowAsync<OperationCanceledException>();
        await enumeration.Should().ThrowAsync<OperationCanceledException>();
    }

    private static CachedPolicy MakeRandom(Random random, DateTimeOffset now)
    {
        TimeSpan age = random.GetItems(Ages, 1)[0];
        int maxAge = random.GetItems(MaxAges, 1)[0];
        FailedAttempt[] failures = random.Next(3) switch
        {
            0 => [new("a", now - TimeSpan.FromMinutes(5) - Tick + (random.Next(3) * Tick))],
            _ => [],
        };
        return random.Next(10) == 0
            ? MakeFailure(now - age)
            : new CachedPolicy(Id, MakePolicy(maxAge: maxAge), now - age).With(failures);
    }

    // The rules of the documentation of IRefreshableCache and PolicyRefresh.
    private static bool IsDue(CachedPolicy entry, DateTimeOffset now)
    {
        if (entry.Policy is null || entry.FetchedAt + entry.Policy.MaxAge <= now)
        {
            return false;
        }

        TimeSpan age = now - entry.FetchedAt;
        bool isOld = age >= TimeSpan.FromDays(1) || age + age >= entry.Policy.MaxAge || age < TimeSpan.FromMinutes(-5);
        return isOld && !entry.FailedAttempts.Any(attempt => now - attempt.At < TimeSpan.FromMinutes(5));
    }
}
