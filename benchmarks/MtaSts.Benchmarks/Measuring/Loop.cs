using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MtaSts.Benchmarks;

/// <summary>An operation together with the number of times that fills a slice of time.</summary>
/// <remarks>
/// Where in memory the stack happens to stand can make the same code slower by more than a quarter: in every run of one process, and not at all in those
/// of the next. So each run has its stack elsewhere.
/// </remarks>
internal sealed class Loop(Repeated operation)
{
    private const int MaxTimes = 1 << 24;

    // A cache line and a quarter: as the stack is aligned to 16 bytes, 256 runs take each place of a page once.
    private const int StackStep = 80;
    private const int Page = 4_096;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private int _times = 1;
    private double _least = double.MaxValue;
    private int _stackOffset;

    /// <summary>Runs the operation for about so long.</summary>
    /// <returns>The time of one operation, in nanoseconds.</returns>
    public double Run(TimeSpan slice)
    {
        long start = Stopwatch.GetTimestamp();
        RunFurtherDown(_stackOffset);
        double nanoseconds = (Stopwatch.GetTimestamp() - start) * NanosecondsPerTick / _times; // A TimeSpan counts in hundreds of nanoseconds.

        // From the shortest time, because one that was interrupted would leave the next runs too short to be measured. At most double, as the
        // first times are no guide to the later ones.
        _least = Math.Min(_least, nanoseconds);
        _times = (int)Math.Clamp(slice.TotalNanoseconds / _least, 1, Math.Min(2L * _times, MaxTimes));
        _stackOffset = (_stackOffset + StackStep) % Page;
        return nanoseconds;
    }

    // The memory is read afterwards, so that it has to be there.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int RunFurtherDown(int bytes)
    {
        Span<byte> above = stackalloc byte[bytes];
        int succeeded = operation(_times);
        return above.IsEmpty ? succeeded : succeeded + above[^1];
    }
}
