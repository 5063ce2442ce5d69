namespace Quickstart;

/// <summary>Represents the clock of the simulated week. Its time changes only when the simulation sets it.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;
}
