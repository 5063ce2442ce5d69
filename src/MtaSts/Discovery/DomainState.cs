namespace MtaSts;

/// <summary>Represents the cache entry and the TXT record of a domain.</summary>
/// <param name="Domain">The policy domain.</param>
/// <param name="Entry">The cache entry; null if there is none.</param>
/// <param name="IsUnread">Whether the cache could not be read, which counts as a miss.</param>
/// <param name="Txt">The answer to the TXT lookup.</param>
/// <param name="FetchCount">The number of fetches that had begun when the lookup ended.</param>
internal readonly record struct DomainState(PolicyDomain Domain, CachedPolicy? Entry, bool IsUnread, TxtAnswer Txt, long FetchCount)
{
    /// <summary>The id of the TXT record; null without a usable record.</summary>
    public string? Id => Txt.Record?.Id;

    /// <summary>Plans by this state.</summary>
    public RefreshPlan Plan(TimeProvider clock) => PolicyRefresh.Plan(Entry, Txt, clock.GetUtcNow());
}
