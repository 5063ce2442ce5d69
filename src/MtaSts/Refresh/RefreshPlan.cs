namespace MtaSts;

/// <summary>Represents the decision of <see cref="PolicyRefresh.Plan"/> before a delivery.</summary>
/// <remarks>
/// An immutable value, safe for use by several threads. <c>default</c> means to deliver without a policy. A plan that
/// asks for a fetch also holds what <see cref="PolicyRefresh.Complete(RefreshPlan, CachedPolicy?, FetchResult)"/>
/// needs: the id of the TXT record and the time.
/// </remarks>
public readonly record struct RefreshPlan
{
    /// <summary>The action: deliver, fetch, or both.</summary>
    public RefreshAction Action { get; internal init; }

    /// <summary>The unexpired policy that applies until another one is fetched; null if no policy applies.</summary>
    public Policy? Policy => AppliedEntry?.Policy;

    /// <summary>
    /// The cache entry whose policy applies; null if no policy applies.
    /// <see cref="PolicyRefresh.MayFailPermanently"/> takes it.
    /// </summary>
    public CachedPolicy? AppliedEntry { get; internal init; }

    /// <summary>
    /// The failure to report (RFC 8461 section 6). <see cref="TlsFailure.StsPolicyFetchError"/> if no usable record
    /// was found although an unexpired policy is cached whose mode is not <c>none</c>; otherwise,
    /// <see cref="TlsFailure.None"/>. One delivery reports one failure of its policy. A delivery that waits for the
    /// fetch reports the <see cref="RefreshResult.Failure"/> instead, which includes this one.
    /// </summary>
    public TlsFailure Failure { get; internal init; }

    /// <summary>
    /// Indicates whether to alert an administrator (RFC 8461 sections 3.3 and 10.2): the TXT record of a domain with
    /// an active policy is missing or unreachable.
    /// </summary>
    public bool ShouldAlert => Failure is not TlsFailure.None;

    /// <summary>
    /// Indicates whether a fetch is due but not made, because an attempt with the same id failed less than five minutes
    /// ago. Without a usable record, any attempt counts. Before a bounce, such an attempt counts as one that was just
    /// made: see <see cref="PolicyRefresh.MayFailPermanently"/>.
    /// </summary>
    public bool HasJustFailed { get; internal init; }

    /// <summary>The id of the TXT record, if the plan asks for a fetch; null without a usable record.</summary>
    internal string? Id { get; init; }

    /// <summary>The time of a plan that asks for a fetch.</summary>
    internal DateTimeOffset Now { get; init; }

    /// <summary>
    /// Returns the plan as one line of printable ASCII for a log, such as <c>ApplyAndFetch, mode enforce, 2 mx, max_age
    /// 604800</c>.
    /// </summary>
    public override string ToString() => Escaping.Join(
        $"{Action}",
        Policy?.Summary ?? "no policy",
        HasJustFailed ? "just failed" : null,
        Failure is TlsFailure.None ? null : $"report {Failure.ToReportString()}",
        ShouldAlert ? "alert" : null);
}
