namespace OutboundMta;

/// <summary>Finds the policy with the pure functions alone, for a sender that has its own protocol around them.</summary>
/// <remarks>
/// <see cref="PolicyDiscovery"/> adds to it: shared fetches, time limits, a policy that applies while it is fetched
/// again, failures of the cache and the network, metrics.
/// </remarks>
public sealed class PolicyLoop(ICache cache, IPolicySource source, TimeProvider clock)
{
    /// <summary>Finds the policy that applies to a delivery, and waits for the fetch if one is due.</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host.</param>
    /// <param name="cancellationToken">Ends the lookup and the fetch.</param>
    /// <returns>The policy; null if no policy applies.</returns>
    public async Task<Policy?> FindPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        TxtAnswer txt = await source.LookUpRecordAsync(domain, cancellationToken);
        CachedPolicy? cached = await cache.GetAsync(domain, cancellationToken);
        RefreshPlan plan = PolicyRefresh.Plan(cached, txt, clock.GetUtcNow());
        if (plan.Action is RefreshAction.Apply)
        {
            return plan.Policy;
        }

        FetchResult fetch = await source.FetchPolicyAsync(domain, cancellationToken);
        RefreshResult result = default;
        await cache.UpdateAsync(
            domain, current => (result = PolicyRefresh.Complete(plan, current, fetch)).Entry, cancellationToken);
        return result.Policy;
    }
}
