namespace MtaSts;

/// <summary>What came of a fetch, by <see cref="PolicyRefresh.Complete"/>.</summary>
/// <remarks>An immutable value, safe for use by several threads. <c>default</c> is that there is no policy.</remarks>
public readonly record struct RefreshResult
{
    internal RefreshResult(RefreshStatus status, Policy? policy, CachedPolicy? entry, TlsFailure failure, bool shouldAlert)
    {
        Status = status;
        Policy = policy;
        Entry = entry;
        Failure = failure;
        ShouldAlert = shouldAlert;
    }

    /// <summary>What came of the fetch.</summary>
    public RefreshStatus Status { get; }

    /// <summary>The policy to apply to this delivery: that fetched just now, even with a <c>max_age</c> of 0, or the cached one; null if there is none.</summary>
    public Policy? Policy { get; }

    /// <summary>The entry to store in the cache for the policy domain; null if there is nothing to store.</summary>
    public CachedPolicy? Entry { get; }

    /// <summary>What to report (RFC 8461, Section 6); <see cref="TlsFailure.None"/> if nothing is.</summary>
    public TlsFailure Failure { get; }

    /// <summary>Whether an administrator should hear of it (RFC 8461, Section 3.3): the refresh of an unexpired policy failed whose mode is not none.</summary>
    public bool ShouldAlert { get; }
}
