namespace MtaSts.Tests;

/// <summary>Specifies how a delivery ends.</summary>
internal enum OutcomeKind
{
    /// <summary>With a policy, or with the result that no policy applies.</summary>
    Found,

    /// <summary>With an answer to the question whether a message may bounce, or with the end of a round.</summary>
    Answered,

    /// <summary>Canceled by its own token.</summary>
    Canceled,

    /// <summary>Canceled by the disposal.</summary>
    CanceledByDisposal,

    /// <summary>Rejected after the disposal.</summary>
    Disposed,
}
