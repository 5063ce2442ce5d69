namespace MtaSts;

/// <summary>What to do before a delivery, by <see cref="PolicyRefresh.Plan"/>.</summary>
/// <remarks>An immutable value, safe for use by several threads. <c>default</c> is to deliver without a policy.</remarks>
public readonly record struct RefreshPlan
{
    internal RefreshPlan(RefreshAction action, Policy? policy, TlsFailure failure)
    {
        Action = action;
        Policy = policy;
        Failure = failure;
    }

    /// <summary>Whether to fetch the policy.</summary>
    public RefreshAction Action { get; }

    /// <summary>The unexpired policy that applies as long as nothing else was fetched; null if there is none.</summary>
    public Policy? Policy { get; }

    /// <summary>
    /// What to report (RFC 8461, Section 6): <see cref="TlsFailure.StsPolicyFetchError"/> if no usable record was found although an unexpired policy is cached
    /// whose mode is not none; otherwise <see cref="TlsFailure.None"/>.
    /// </summary>
    public TlsFailure Failure { get; }

    /// <summary>Whether an administrator should hear of it (RFC 8461, Sections 3.3 and 10.2): the record of a protected domain has gone or is kept from us.</summary>
    public bool ShouldAlert => Failure is not TlsFailure.None;
}
