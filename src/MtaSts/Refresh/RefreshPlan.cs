namespace MtaSts;

/// <summary>The decision of <see cref="PolicyRefresh.Plan"/> before a delivery.</summary>
/// <remarks>
/// An immutable value, safe for use by several threads. <c>default</c> is to deliver without a policy. A plan that asks for a fetch also
/// holds what <see cref="PolicyRefresh.Complete(RefreshPlan, CachedPolicy?, FetchResult)"/> needs: the id of the TXT record and the time.
/// </remarks>
public readonly record struct RefreshPlan
{
    internal RefreshPlan(CachedPolicy? appliedEntry, TlsFailure failure, bool hasJustFailed = false)
    {
        AppliedEntry = appliedEntry;
        Failure = failure;
        HasJustFailed = hasJustFailed;
    }

    internal RefreshPlan(RefreshAction action, CachedPolicy? appliedEntry, TlsFailure failure, string? id, DateTimeOffset now)
        : this(appliedEntry, failure)
    {
        Action = action;
        Id = id;
        Now = now;
    }

    /// <summary>Whether to fetch the policy.</summary>
    public RefreshAction Action { get; }

    /// <summary>The unexpired policy that applies until another one is fetched; null if there is none.</summary>
    public Policy? Policy => AppliedEntry?.Policy;

    /// <summary>The cache entry whose policy applies; null if none applies. <see cref="PolicyRefresh.MayFailPermanently"/> takes
    /// it.</summary>
    public CachedPolicy? AppliedEntry { get; }

    /// <summary>
    /// What to report (RFC 8461, Section 6): <see cref="TlsFailure.StsPolicyFetchError"/> if no usable record was found although an unexpired policy is cached
    /// whose mode is not <c>none</c>; otherwise, <see cref="TlsFailure.None"/>. A delivery that waits for the fetch reports the
    /// <see cref="RefreshResult.Failure"/> instead, which includes this one: one delivery reports one failure of its policy.
    /// </summary>
    public TlsFailure Failure { get; }

    /// <summary>
    /// Whether to alert an administrator (RFC 8461, Sections 3.3 and 10.2): the TXT record of a domain with an active policy is missing or
    /// unreachable.
    /// </summary>
    public bool ShouldAlert => Failure is not TlsFailure.None;

    /// <summary>
    /// Whether a fetch is due but not made, because an attempt with the same id (or any, without a usable record) failed less than five minutes
    /// ago. Before a bounce, such an attempt counts as one that was just made: see <see cref="PolicyRefresh.MayFailPermanently"/>.
    /// </summary>
    public bool HasJustFailed { get; }

    /// <summary>The id of the TXT record, if the plan asks for a fetch; null without a usable record.</summary>
    internal string? Id { get; }

    /// <summary>The time of a plan that asks for a fetch.</summary>
    internal DateTimeOffset Now { get; }

    /// <summary>Returns the plan as one line of printable ASCII for a log, such as <c>ApplyAndFetch, mode enforce, 2 mx, max_age
    /// 604800</c>.</summary>
    public override string ToString() => Escaping.Join(
        $"{Action}",
        Policy?.Summary ?? "no policy",
        HasJustFailed ? "just failed" : null,
        Failure is TlsFailure.None ? null : $"report {Failure.ToReportString()}",
        ShouldAlert ? "alert" : null);
}
