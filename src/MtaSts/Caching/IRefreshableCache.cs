namespace MtaSts;

/// <summary>Represents a cache that can list the policies that are due to be fetched again.</summary>
/// <remarks>
/// <para>Call <see cref="PolicyDiscovery.RefreshDueAsync"/> every few minutes, so that policies of domains without mail
/// do not expire (RFC 8461 section 10.2). A policy is due at an age of 24 hours, or at half its <c>max_age</c> if that
/// is sooner. Once a day is too slow for policies of two days or less.</para>
/// <para>The rules of <see cref="ICache"/> hold, so several threads may call all members at once.</para>
/// </remarks>
/// <example>
/// A round without a <see cref="PolicyDiscovery"/>:
/// <code>
/// await foreach (PolicyDomain domain in cache.DueForRefreshAsync(clock.GetUtcNow()))
/// {
///     TxtAnswer txt = await LookUpAsync(domain);
///     RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(domain), txt, clock.GetUtcNow());
///     if (plan.Action is not RefreshAction.Apply)
///     {
///         FetchResult fetch = await FetchAsync(domain);
///         await cache.UpdateAsync(domain, current => PolicyRefresh.Complete(plan, current, fetch).Entry);
///     }
/// }
/// </code>
/// </example>
public interface IRefreshableCache : ICache
{
    /// <summary>Lists the domains whose policy should be fetched again, with or without a TXT record.</summary>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <returns>
    /// The domains whose policy is unexpired, is due and was not tried in the last five minutes: those for which
    /// <see cref="PolicyRefresh.Plan"/> with <see cref="TxtAnswer.LookupFailed"/> asks for a fetch. In any order; each
    /// domain once. The cache may change during the enumeration: entries stored meanwhile may be missing.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(DateTimeOffset now, CancellationToken cancellationToken = default);
}
