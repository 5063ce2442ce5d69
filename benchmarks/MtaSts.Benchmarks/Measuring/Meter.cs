using System.Runtime;

namespace MtaSts.Benchmarks;

/// <summary>Measures comparisons independently of the compiler's work and of other processes.</summary>
/// <remarks>
/// A virtual machine can run half as fast for seconds or minutes. Operation and baseline are therefore measured
/// alternately, in slices of a fraction of a millisecond, and the ratio is that of the undisturbed slices.
/// </remarks>
internal static class Meter
{
    // Shorter than a time slice of the operating system: most slices are not interrupted.
    private static readonly TimeSpan Slice = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan WarmUpSlice = TimeSpan.FromMicroseconds(50);

    // Tiered compilation waits for 100 ms without new methods, several times for each method. Measured as processor
    // time, because a process that waits for a processor compiles nothing.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs all operations alternately until the compiler has been idle for a while.</summary>
    /// <param name="comparisons">The comparisons to measure.</param>
    /// <param name="limit">The processor time after which to give up.</param>
    /// <returns><see langword="true"/> if the compiler became idle; otherwise, <see langword="false"/>.</returns>
    /// <remarks>Typical inputs run first: the compiler optimizes for the paths that it has seen.</remarks>
    public static bool Settle(IReadOnlyList<Comparison> comparisons, TimeSpan limit)
    {
        TimeSpan end = Environment.CpuUsage.TotalTime + limit;
        return SettleUntil(end, comparisons.Where(static comparison => comparison.IsTypical)) & SettleUntil(end, comparisons);
    }

    /// <summary>Measures operation and baseline alternately. Call <see cref="Settle"/> first.</summary>
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

    /// <summary>Measures the bytes that one operation allocates, without the allocations of its first run.</summary>
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
