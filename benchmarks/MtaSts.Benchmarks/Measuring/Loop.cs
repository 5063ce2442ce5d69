using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MtaSts.Benchmarks;

/// <summary>Repeats an operation for a slice of time.</summary>
/// <remarks>
/// Some stack offsets slow the same code by over 25%, in every run of one process and in no run of another. Each run
/// therefore uses another offset.
/// </remarks>
internal sealed class Loop(Repeated operation)
{
    private const int MaxTimes = 1 << 24;

    // A cache line and a quarter: with the stack aligned to 16 bytes, 256 runs use each offset in a page once.
    private const int StackStep = 80;
    private const int Page = 4_096;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private int _times = 1;
    private double _least = double.MaxValue;
    private int _stackOffset;

    /// <summary>Runs the operation for about one slice.</summary>
    /// <returns>The time of one operation in nanoseconds.</returns>
    public double Run(TimeSpan slice)
    {
        long start = Stopwatch.GetTimestamp();
        RunAtOffset(_stackOffset);

        // Not by TimeSpan, which has a resolution of 100 ns.
        double nanoseconds = (Stopwatch.GetTimestamp() - start) * NanosecondsPerTick / _times;

        // By the shortest time: after an interrupted run, the next runs would be too short to measure. At most
        // doubled: code that is not yet optimized does not predict later times.
        _least = Math.Min(_least, nanoseconds);
        _times = (int)Math.Clamp(slice.TotalNanoseconds / _least, 1, Math.Min(2L * _times, MaxTimes));
        _stackOffset = (_stackOffset + StackStep) % Page;
        return nanoseconds;
    }

    // The padding is read afterwards; otherwise, the compiler could remove it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int RunAtOffset(int bytes)
    {
        Span<byte> padding = stackalloc byte[bytes];
        int succeeded = operation(_times);
        return padding.IsEmpty ? succeeded : succeeded + padding[^1];
    }
}
