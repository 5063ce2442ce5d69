namespace MtaSts;

/// <summary>
/// Represents the outcome of a fetch, by <see cref="PolicyRefresh.Complete(RefreshPlan, CachedPolicy?, FetchResult)"/>.
/// </summary>
/// <remarks>
/// An immutable value, safe for use by several threads. <c>default</c> means that there is no policy.
/// </remarks>
public readonly record struct RefreshResult
{
    /// <summary>The outcome.</summary>
    public RefreshStatus Status { get; internal init; }

    /// <summary>
    /// The policy to apply to this delivery: the one just fetched, even with a <c>max_age</c> of 0, or the cached one;
    /// null if no policy applies.
    /// </summary>
    public Policy? Policy => AppliedEntry?.Policy;

    /// <summary>
    /// The cache entry whose policy applies; null if no policy applies.
    /// <see cref="PolicyRefresh.MayFailPermanently"/> takes it.
    /// </summary>
    public CachedPolicy? AppliedEntry { get; internal init; }

    /// <summary>
    /// The entry to store in the cache for the policy domain. Null if there is nothing to store, such as when a fetch
    /// that began later has been stored.
    /// </summary>
    public CachedPolicy? Entry { get; internal init; }

    /// <summary>
    /// The failure to report (RFC 8461 section 6): that of the fetch, or else that of the plan;
    /// <see cref="TlsFailure.None"/> if nothing failed. A delivery that has already reported the
    /// <see cref="RefreshPlan.Failure"/> does not report this one as well.
    /// </summary>
    public TlsFailure Failure { get; internal init; }

    /// <summary>
    /// Indicates whether to alert an administrator (RFC 8461 section 3.3). It is true if an unexpired policy could not
    /// be refreshed and its mode is not <c>none</c>, or if the plan asked for an alert.
    /// </summary>
    public bool ShouldAlert { get; internal init; }

    /// <summary>
    /// Returns the result as one line of printable ASCII for a log, such as
    /// <c>Errored, mode enforce, 2 mx, max_age 604800, report sts-policy-fetch-error, alert</c>.
    /// </summary>
    public override string ToString() => Escaping.Join(
        $"{Status}",
        Policy?.Summary ?? "no policy",
        Failure is TlsFailure.None ? null : $"report {Failure.ToReportString()}",
        ShouldAlert ? "alert" : null);
}
