namespace MtaSts.Tests;

/// <summary>Represents a call of the source or the cache that ends when the test says so.</summary>
/// <param name="key">The identity of the call.</param>
/// <param name="token">The token that the library has passed.</param>
internal sealed class HeldCall(CallKey key, CancellationToken token)
{
    public CallKey Key => key;

    /// <summary>Ends the call.</summary>
    public Action<Response> End { get; set; } = static _ => { };

    public bool HasEnded { get; set; }

    /// <summary>Indicates whether the call runs and its result counts.</summary>
    public bool IsActive => !HasEnded && !token.IsCancellationRequested;
}
