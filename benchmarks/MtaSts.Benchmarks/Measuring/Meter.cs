using System.Runtime;

namespace MtaSts.Benchmarks;

/// <summary>Measures comparisons such that neither the compiler at work nor a busy machine passes for the library's speed.</summary>
/// <remarks>
/// A virtual machine may run half as fast for seconds or minutes, and other processes take their share. Only operations that are measured in turns, a
/// fraction of a millisecond each, can be compared; and of those the rounds that nothing disturbed.
/// </remarks>
internal static class Meter
{
    // Shorter than a time slice of the operating system, so that most are not interrupted.
    private static readonly TimeSpan Slice = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan WarmUpSlice = TimeSpan.FromMicroseconds(50);

    // Tiered compilation waits for 100 ms without new methods, more than once for each of them. Processor time, because a process that
    // the others hold up compiles nothing while it waits.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs everything in turns until nothing has been compiled for a while.</summary>
    /// <param name="comparisons">What will be measured.</param>
    /// <param name="limit">The processor time after which to give up.</param>
    /// <returns>Whether it became quiet.</returns>
    /// <remarks>The compiler optimizes for what it has seen; so that it sees what it would see in a mail server, the usual inputs go first.</remarks>
    public static bool Settle(IReadOnlyList<Comparison> comparisons, TimeSpan limit)
    {
        TimeSpan end = Environment.CpuUsage.TotalTime + limit;
        return SettleUntil(end, comparisons.Where(static comparison => comparison.IsUsual)) & SettleUntil(end, comparisons);
    }

    /// <summary>Measures operation and baseline in turns. Settle first.</summary>
    public static Measurement Compare(Comparison comparison, int rounds)
    {
        Loop operation = new(comparison.Operation);
        Loop baseline = new(comparison.Baseline);
        for (int i = 0; i < 25; i++)
        {
            operation.Run(Slice);
            baseline.Run(Slice);
        }

        double[] times = new double[rounds];
        double[] baselineTimes = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            times[i] = operation.Run(Slice);
            baselineTimes[i] = baseline.Run(Slice);
        }

        double scale = (double)comparison.BaselineSize / comparison.OperationSize;
        return new(
            Median(times),
            Median(baselineTimes),
            times.Min() / baselineTimes.Min() * scale,
            Median([.. times.Zip(baselineTimes, (time, baselineTime) => time / baselineTime * scale)]));
    }

    /// <summary>The bytes that one operation allocates, once what it does the first time only is done.</summary>
    public static long Allocated(Repeated operation)
    {
        const int Times = 16;
        long least = long.MaxValue;
        for (int i = 0; i < 8; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            operation(Times);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (long)Math.Ceiling((double)least / Times);
    }

    private static bool SettleUntil(TimeSpan end, IEnumerable<Comparison> comparisons)
    {
        Loop[] loops = [.. comparisons.SelectMany(static comparison => (Loop[])[new(comparison.Operation), new(comparison.Baseline)])];
        TimeSpan quietSince = default;
        long compiled = 0;
        while (Environment.CpuUsage.TotalTime is var now && now < end)
        {
            foreach (Loop loop in loops)
            {
                loop.Run(WarmUpSlice);
            }

            if (JitInfo.GetCompiledMethodCount() is var count && count != compiled)
            {
                compiled = count;
                quietSince = now;
            }
            else if (now - quietSince > Quiet)
            {
                return true;
            }
        }

        return false;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
