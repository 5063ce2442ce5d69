namespace MtaSts;

/// <summary>Represents the result of a <see cref="Flight"/>.</summary>
/// <param name="Plan">The plan at the start of the flight, without the failure that each delivery tells by itself.</param>
/// <param name="Fetch">The result of the fetch; null if the entry had changed so that nothing was fetched.</param>
/// <param name="Refresh">The outcome of the fetch.</param>
/// <param name="IsUncertain">Whether the cache could not be read.</param>
internal sealed record FlightResult(RefreshPlan Plan, FetchResult? Fetch, RefreshResult Refresh, bool IsUncertain)
{
    /// <summary>The entry of the policy that applies; null if none applies.</summary>
    public CachedPolicy? AppliedEntry => Fetch is null ? Plan.AppliedEntry : Refresh.AppliedEntry;
}
