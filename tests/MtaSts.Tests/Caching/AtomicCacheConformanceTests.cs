using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the rules for an <see cref="ICache"/> whose updates are atomic.</summary>
public abstract class AtomicCacheConformanceTests : CacheConformanceTests
{
    private const int Tasks = 8;

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static readonly PolicyDomain Example = PolicyDomain.Parse("example.com");

    [Fact]
    public async Task Update_CountedBySeveralTasks_LosesNothing()
    {
        const int Rounds = 200;
        ICache cache = Create();
        int calls = 0;
        int[][] returned = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Task.Run(async () =>
        {
            int[] numbers = new int[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                numbers[i] = Number(await cache.UpdateAsync(Example, current =>
                {
                    Interlocked.Increment(ref calls);
                    return new CachedPolicy((Number(current) + 1).ToString(CultureInfo.InvariantCulture), MakePolicy(), Now);
                }));
            }

            return numbers;
        })));

        Number(await cache.GetAsync(Example)).Should().Be(Tasks * Rounds);
        calls.Should().BeGreaterThanOrEqualTo(Tasks * Rounds, "an update may be called again");
        returned.SelectMany(static numbers => numbers).Order().Should()
            .Equal(Enumerable.Range(1, Tasks * Rounds), "each update returns the entry that it stored");
    }

    [Fact]
    public async Task Update_FailedAttemptsOfSeveralTasks_AreAllRemembered()
    {
        for (int round = 0; round < 50; round++)
        {
            ICache cache = Create();
            CachedPolicy entry = new(Id, MakePolicy(), Now);
            await cache.SetAsync(Example, entry);

            await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(async () => await cache.UpdateAsync(
                Example, Fail(string.Create(CultureInfo.InvariantCulture, $"task{task}"))))));

            CachedPolicy stored = (await cache.GetAsync(Example))!;
            IEnumerable<string> all = Enumerable.Range(0, Tasks).Select(static task => FormattableString.Invariant($"task{task}"));
            stored.FailedAttempts.Select(static attempt => attempt.Id).Should().BeEquivalentTo(all);
            stored.Policy.Should().Be(entry.Policy);
        }
    }

    private static int Number(CachedPolicy? entry) => entry is null ? 0 : int.Parse(entry.Id!, CultureInfo.InvariantCulture);
}
