namespace MtaSts.Tests;

/// <summary>Represents how a delivery ends, by the oracle.</summary>
/// <param name="Kind">The kind of end.</param>
internal sealed record Outcome(OutcomeKind Kind)
{
    /// <summary>The entry of the policy that applies.</summary>
    public CachedPolicy? Entry { get; init; }

    /// <summary>The failure that this delivery tells, unless <see cref="Tells"/> is set.</summary>
    public TlsFailure Failure { get; init; }

    public bool ShouldAlert { get; init; }

    public bool IsUncertain { get; init; }

    public bool HasRefresh { get; init; }

    /// <summary>The flight whose failure this delivery or another one tells; null if it tells none of a flight.</summary>
    public ExpectedFlight? Tells { get; init; }

    /// <summary>Indicates whether a message may bounce.</summary>
    public bool Answer { get; init; }
}
