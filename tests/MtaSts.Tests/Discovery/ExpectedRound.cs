namespace MtaSts.Tests;

/// <summary>Represents a round of refreshes, in the oracle.</summary>
/// <param name="owner">The number of the round.</param>
/// <param name="due">The domains that are due.</param>
internal sealed class ExpectedRound(int owner, IEnumerable<int> due)
{
    public int Owner => owner;

    /// <summary>The domains whose turn has not come.</summary>
    public Queue<int> Due { get; } = new(due);

    public List<ExpectedDelivery> Active { get; } = [];

    /// <summary>Why the round ends early.</summary>
    public OutcomeKind? Fault { get; set; }

    public Outcome? End { get; set; }
}
