namespace MtaSts.Tests;

/// <summary>Represents a call of the source or the cache that the oracle expects.</summary>
/// <param name="key">The identity of the call.</param>
/// <param name="actor">The delivery or the flight that waits for the call.</param>
/// <param name="deadline">The time at which the call is too late.</param>
internal sealed class ExpectedCall(CallKey key, object actor, DateTimeOffset deadline)
{
    public CallKey Key => key;

    public object Actor => actor;

    public DateTimeOffset Deadline => deadline;

    /// <summary>The action that follows from the response.</summary>
    public Action<Response> Then { get; set; } = static _ => { };

    /// <summary>The effect of the call on the store, even if its response is too late.</summary>
    public Action Apply { get; set; } = static () => { };

    /// <summary>Indicates whether the source or the cache has ended the call.</summary>
    public bool HasEnded { get; set; }

    /// <summary>Indicates whether the library waits for the call no longer.</summary>
    public bool IsAbandoned { get; set; }

    public bool IsLive => !HasEnded && !IsAbandoned;

    /// <summary>The call that the library has made.</summary>
    public HeldCall? Actual { get; set; }
}
