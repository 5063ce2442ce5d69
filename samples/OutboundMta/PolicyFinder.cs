namespace OutboundMta;

/// <summary>The MTA's resolver.</summary>
public interface ITxtResolver
{
    /// <summary>Looks up the TXT records at a name.</summary>
    /// <returns>
    /// <see cref="TxtAnswer.NoRecord"/> for NXDOMAIN; <see cref="TxtAnswer.LookupFailed"/> for SERVFAIL and timeouts.
    /// </returns>
    Task<TxtAnswer> LookUpTxtAsync(string name);
}

/// <summary>The policy that applies to a delivery, and the failure to report.</summary>
/// <param name="Entry">The cache entry whose policy applies; null if none applies.</param>
/// <param name="Failure">
/// The one failure to report for this delivery (RFC 8460); <see cref="TlsFailure.None"/> if nothing failed.
/// </param>
/// <param name="ShouldAlert">Whether to alert an administrator.</param>
public readonly record struct FoundPolicy(CachedPolicy? Entry, TlsFailure Failure, bool ShouldAlert)
{
    public Policy? Policy => Entry?.Policy;
}

/// <summary>Finds the policy before a delivery, as the README shows it.</summary>
public sealed class PolicyFinder(ICache cache, ITxtResolver resolver, PolicyFetcher fetcher, TimeProvider clock)
{
    /// <summary>Finds the policy that applies to a delivery.</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host.</param>
    public async Task<FoundPolicy> FindPolicyAsync(PolicyDomain domain)
    {
        TxtAnswer txt = await resolver.LookUpTxtAsync(domain.RecordName); // TxtAnswer.LookupFailed for SERVFAIL and timeouts
        (RefreshPlan plan, _, RefreshResult? result) = await RefreshAsync(domain, txt);
        return result is { } refreshed
            ? new(refreshed.AppliedEntry, refreshed.Failure, refreshed.ShouldAlert) // includes the failure of the plan
            : new(plan.AppliedEntry, plan.Failure, plan.ShouldAlert);
    }

    /// <summary>Determines whether a message that a policy denied may bounce (RFC 8461, Section 5).</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="judged">The entry whose policy denied the delivery.</param>
    public async Task<bool> MayFailPermanentlyAsync(PolicyDomain domain, CachedPolicy judged)
    {
        TxtAnswer fresh = await resolver.LookUpTxtAsync(domain.RecordName);
        (RefreshPlan plan, FetchResult? fetch, _) = await RefreshAsync(domain, fresh); // tries the policy of another id
        bool hasJustFailed = fresh.Status is TxtStatus.Found && plan.HasJustFailed; // by this attempt to deliver, or another message's
        return hasJustFailed || PolicyRefresh.MayFailPermanently(judged, fresh, fetch);
    }

    private async Task<(RefreshPlan Plan, FetchResult? Fetch, RefreshResult? Result)> RefreshAsync(PolicyDomain domain, TxtAnswer txt)
    {
        RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(domain), txt, clock.GetUtcNow());
        if (plan.Action is RefreshAction.Apply)
        {
            return (plan, null, null);
        }

        FetchResult fetch = await fetcher.FetchAsync(domain);
        RefreshResult result = default;
        await cache.UpdateAsync(domain, current => (result = PolicyRefresh.Complete(plan, current, fetch)).Entry);
        return (plan, fetch, result);
    }
}
