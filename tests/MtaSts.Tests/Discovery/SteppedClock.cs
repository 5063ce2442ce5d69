namespace MtaSts.Tests;

/// <summary>Represents a clock that the test moves. It counts its timers, and its time of day may jump.</summary>
internal sealed class SteppedClock : FakeTimeProvider
{
    private int _created;
    private int _disposed;

    public SteppedClock()
        : base(CacheSamples.Noon)
    {
    }

    /// <summary>The difference between the time of day and the time that the timers measure.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>The time that the timers measure.</summary>
    public DateTimeOffset Measured => base.GetUtcNow();

    /// <summary>The number of timers so far.</summary>
    public int CreatedTimers => Volatile.Read(ref _created);

    /// <summary>The number of timers that were disposed so far.</summary>
    public int DisposedTimers => Volatile.Read(ref _disposed);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Skew;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Counted timer = new(this, base.CreateTimer(callback, state, dueTime, period));
        Interlocked.Increment(ref _created);
        return timer;
    }

    private sealed class Counted(SteppedClock clock, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Increment(ref clock._disposed);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
