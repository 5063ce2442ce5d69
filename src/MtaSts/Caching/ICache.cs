namespace MtaSts;

/// <summary>Keeps the cache entries of policy domains between deliveries.</summary>
/// <remarks>
/// <para>An implementation must follow these rules:</para>
/// <list type="bullet">
/// <item>
/// Keys. The key is <see cref="PolicyDomain.Name"/>, which is in canonical form. Never use an entry for another domain:
/// subdomains have policies of their own (RFC 8461 section 3.4).
/// </item>
/// <item>
/// Values. A read returns the entry that was stored, expired or not. <see cref="PolicyRefresh"/> decides whether it
/// applies, and also needs the failed attempts of expired entries. Entries are immutable, so one instance may be
/// returned to all callers. Stores that keep bytes use <see cref="CachedPolicy.Serialize"/>. They treat data that
/// <see cref="CachedPolicy.TryDeserialize"/> rejects as a missing entry.
/// </item>
/// <item>
/// Loss. Keep an entry until <see cref="CachedPolicy.KeepUntil"/>, across restarts if possible. A store may lose an
/// entry earlier, but then an attacker can downgrade the next delivery (RFC 8461 section 10.2). If entries must go,
/// drop those without a policy first, then expired ones. An entry without a policy must never evict an unexpired
/// policy: an attacker can have any number of names with a dead policy host.
/// </item>
/// <item>
/// Updates. <see cref="UpdateAsync"/> is one atomic step for its domain. A store that cannot update atomically must say
/// so in its documentation. It keeps failed attempts under a key of their own, so that a failed fetch never overwrites
/// a policy.
/// </item>
/// <item>
/// Threads. Several threads may call all members at once. A call sees every call for the same domain that ended before
/// it began. Of two calls at the same time, either may be the last.
/// </item>
/// <item>
/// Errors. Exceptions of the store may go to the caller. A null argument throws <see cref="ArgumentNullException"/>.
/// </item>
/// </list>
/// <para>
/// <see cref="PolicyDiscovery"/> calls the cache. If you call it yourself, store the result of a fetch with
/// <see cref="UpdateAsync"/>. Get and Set as two steps lose policies when deliveries overlap. A slow fetch that fails
/// would overwrite the policy that a faster one has stored.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(domain), txt, clock.GetUtcNow());
/// if (plan.Action is not RefreshAction.Apply)
/// {
///     FetchResult fetch = await FetchAsync(domain);
///     RefreshResult result = default;
///     await cache.UpdateAsync(domain, current => (result = PolicyRefresh.Complete(plan, current, fetch)).Entry);
/// }
/// </code>
/// </example>
public interface ICache
{
    /// <summary>Gets the entry of a domain.</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>The entry, expired or not; null if there is none.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default);

    /// <summary>Updates the entry of a domain in one atomic step.</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="update">
    /// Returns the entry to store for the current one, which is null if there is none. Null stores nothing and leaves
    /// the current entry. The function must be pure: when another update comes between, it is called again with the
    /// newer entry. Its last call counts.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>
    /// The entry that is stored afterwards, as a read would return it. Null if nothing is stored:
    /// <paramref name="update"/> returned null without a current entry, or the store has no room for the entry or does
    /// not keep what has expired.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> or <paramref name="update"/> is
    /// null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <remarks>An exception of <paramref name="update"/> goes to the caller, and nothing is stored.</remarks>
    ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default);

    /// <summary>Stores the entry of a domain in place of any other.</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>
    /// A task that ends when a read would return the entry. A store without room may drop an entry without a policy.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> or <paramref name="entry"/> is
    /// null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <remarks>
    /// For administration, tests and copies of a cache. Results of a fetch need <see cref="UpdateAsync"/>.
    /// </remarks>
    ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default);

    /// <summary>Removes the entry of a domain, if any.</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>A task that ends when a read would return nothing.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <remarks>MTA-STS never requires this; it is for administration and tests.</remarks>
    ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default);
}
