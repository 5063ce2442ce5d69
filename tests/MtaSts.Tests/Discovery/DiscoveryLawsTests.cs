using System.Diagnostics;
using Xunit.Abstractions;

namespace MtaSts.Tests;

/// <summary>
/// Verifies the laws of <see cref="PolicyDiscovery"/> over random schedules of deliveries, cancellations, sources and
/// caches that are slow, hang and fail, clock jumps, rounds of refreshes and a disposal.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>At most one fetch of a domain runs at a time, and no more fetches than allowed run at once.</item>
/// <item>An id that failed is not tried again for five minutes, while the cache keeps what is written.</item>
/// <item>No accepted policy is lost while the cache works. If a write fails, the policy still applies.</item>
/// <item>No delivery waits for a fetch while an unexpired policy is at hand.</item>
/// <item>Each failure is told by one result and by one event.</item>
/// <item>No call of the source or the cache begins after the disposal.</item>
/// <item>No task leaks: each delivery and each refresh ends, and no timer is left.</item>
/// <item>No exception of the source or the cache goes unobserved.</item>
/// </list>
/// <para>After each step, <see cref="DiscoveryOracle"/> predicts all calls, results and events.</para>
/// <para>Set <c>MTASTS_SCHEDULES</c> to the number of schedules to explore. A failure prints its seed: set
/// <c>MTASTS_SEED</c> to it.</para>
/// </remarks>
[Collection(nameof(SerialCollection))]
public sealed class DiscoveryLawsTests(ITestOutputHelper output)
{
    private const int Schedules = 1_000;

    private static readonly string[] Cases =
    [
        .. from kind in Enum.GetNames<CallKind>()
           from end in (string[])["in time", "too late", "ends after all waits"]
           select $"{kind} {end}",
        .. Enum.GetNames<DiscoveryEventKind>().Select(static kind => $"event {kind}"),
        .. Enum.GetNames<OutcomeKind>().Select(static kind => $"delivery {kind}"),
        "refresh Found", "round Answered", "round Canceled", "round CanceledByDisposal", "told by one of 3",
    ];

    [Fact]
    public async Task RandomSchedules_EveryLawHolds()
    {
        using MarkedExceptions unobserved = new();
        Dictionary<string, int> tally = new(StringComparer.Ordinal);
        int schedules = LongRun.Schedules ?? Schedules;
        long start = Stopwatch.GetTimestamp();

        // A thread of the pool has no synchronization context, so that continuations run within their step.
        int steps = await Task.Run(() => Explore(schedules, tally));
        unobserved.Find().Should().BeEmpty("law 8");
        output.WriteLine($"{schedules:N0} schedules, {steps:N0} steps in {Stopwatch.GetElapsedTime(start).TotalSeconds:N1} s");
        foreach ((string what, int count) in tally.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{count,9:N0} {what}");
        }

        // Each case took place.
        if (schedules >= Schedules)
        {
            tally.Keys.Should().Contain(Cases);
        }
    }

    private static int Explore(int schedules, Dictionary<string, int> tally)
    {
        int steps = 0;
        for (int i = 0; i < schedules; i++)
        {
            DiscoverySchedule schedule = new(LongRun.Seed + i);
            schedule.Run();
            steps += schedule.Count;
            foreach ((string what, int count) in schedule.Tally)
            {
                tally[what] = tally.GetValueOrDefault(what) + count;
            }
        }

        return steps;
    }
}
