namespace OutboundMta;

/// <summary>The MTA's resolver.</summary>
public interface ITxtResolver
{
    /// <summary>Looks up the TXT records at a name. <see cref="TxtAnswer.LookupFailed"/> for SERVFAIL and time-outs; <see cref="TxtAnswer.NoRecord"/> for NXDOMAIN.</summary>
    Task<TxtAnswer> LookUpTxtAsync(string name);
}

/// <summary>What a delivery needs to know of the policy domain.</summary>
/// <param name="Entry">The cache entry whose policy applies; null if none applies.</param>
/// <param name="Failure">The one failure to report for this delivery (RFC 8460); <see cref="TlsFailure.None"/> if nothing failed.</param>
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
    public async Task<FoundPolicy> FindPolicyAsync(string domain)
    {
        if (!Sts.TryNormalize(domain, out string? name) || name.Length > PolicyDomain.MaxLength)
        {
            return default; // An address literal has no policy. A name over 244 octets can have no TXT record.
        }

        TxtAnswer txt = await resolver.LookUpTxtAsync(Sts.RecordName(name)); // TxtAnswer.LookupFailed for SERVFAIL and time-outs
        (RefreshPlan plan, _, RefreshResult? result) = await RefreshAsync(name, txt);
        return result is { } refreshed
            ? new(refreshed.AppliedEntry, refreshed.Failure, refreshed.ShouldAlert) // The failure of the plan is in that of the result.
            : new(plan.AppliedEntry, plan.Failure, plan.ShouldAlert);
    }

    /// <summary>Determines whether a message that a policy denied may bounce (RFC 8461, Section 5).</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="judged">The entry whose policy denied the delivery.</param>
    public async Task<bool> MayFailPermanentlyAsync(string domain, CachedPolicy judged)
    {
        TxtAnswer fresh = await resolver.LookUpTxtAsync(Sts.RecordName(domain));
        (RefreshPlan plan, FetchResult? fetch, _) = await RefreshAsync(domain, fresh); // tries the policy of another id
        bool hasJustFailed = fresh.Status is TxtStatus.Found && plan.HasJustFailed; // by this attempt to deliver, or another message's
        return hasJustFailed || PolicyRefresh.MayFailPermanently(judged, fresh, fetch);
    }

    private async Task<(RefreshPlan Plan, FetchResult? Fetch, RefreshResult? Result)> RefreshAsync(string name, TxtAnswer txt)
    {
        CachedPolicy? cached = await cache.GetAsync(name);
        RefreshPlan plan = PolicyRefresh.Plan(cached, txt, clock.GetUtcNow());
        if (plan.Action is RefreshAction.Apply)
        {
            return (plan, null, null);
        }

        FetchResult fetch = await fetcher.FetchAsync(name);
        cached = await cache.GetAsync(name); // Read again: another delivery may have fetched meanwhile.
        RefreshResult result = PolicyRefresh.Complete(plan, cached, fetch);
        if (result.Entry is not null)
        {
            await cache.SetAsync(name, result.Entry);
        }

        return (plan, fetch, result);
    }
}
