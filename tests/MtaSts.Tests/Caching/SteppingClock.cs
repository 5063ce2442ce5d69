namespace MtaSts.Tests;

/// <summary>Represents a clock whose wall time can be set, while its monotonic time only goes on.</summary>
internal sealed class SteppingClock(DateTimeOffset start) : TimeProvider
{
    private TimeSpan _elapsed;
    private TimeSpan _offset;

    public TimeSpan Elapsed => _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => start + _elapsed + _offset;

    /// <summary>Lets time pass.</summary>
    public void Advance(TimeSpan time) => _elapsed += time;

    /// <summary>Sets the wall time forward or back.</summary>
    public void Step(TimeSpan offset) => _offset += offset;
}
