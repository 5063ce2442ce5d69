using System.Diagnostics;

namespace MtaSts.Benchmarks;

/// <summary>An operation together with the number of times that fills a slice of time.</summary>
internal sealed class Loop(Repeated operation)
{
    private const int MaxTimes = 1 << 24;

    private int _times = 1;

    /// <summary>Runs the operation for about so long.</summary>
    /// <returns>The time of one operation, in nanoseconds.</returns>
    public double Run(TimeSpan slice)
    {
        long start = Stopwatch.GetTimestamp();
        operation(_times);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double nanoseconds = elapsed.TotalNanoseconds / _times;

        // At most double, as the first times are no guide to the later ones.
        _times = (int)Math.Clamp(slice / elapsed * _times, 1, Math.Min(2L * _times, MaxTimes));
        return nanoseconds;
    }
}
