namespace MtaSts;

/// <summary>Keeps what is known of policy domains between deliveries.</summary>
/// <remarks>
/// <para>What an implementation must do:</para>
/// <list type="bullet">
/// <item>
/// Keys. Domains in any letter case, with or without the trailing dot of the root, in U-labels or A-labels, are one key. <see cref="Sts.TryNormalize"/>
/// gives one spelling for all of them, and tells what is no domain name.
/// </item>
/// <item>
/// Values. An entry comes out as it went in, expired or not: whether it still applies is <see cref="PolicyRefresh"/>'s business, which wants expired entries
/// too, for the failed attempts that they remember. An entry is immutable, so the same instance may be given to everyone;
/// <see cref="CachedPolicy.Serialize"/> is for caches that keep bytes.
/// </item>
/// <item>
/// Loss. A cache may forget an entry at any time; but each one lost before it expires is a delivery that an attacker can downgrade
/// (RFC 8461, Section 10.2). So keep entries until <see cref="CachedPolicy.ExpiresAt"/> or five minutes after
/// <see cref="CachedPolicy.FailedAt"/>, whichever is later, across restarts if possible, and drop those without a policy first, then the
/// expired ones. An entry without a policy must never evict an unexpired policy: an attacker can have any number of names with a dead
/// policy host.
/// </item>
/// <item>
/// Threads. All members may be called by several threads at once. A call sees all calls for the same key that ended before it began; of two that run at once,
/// either may be last.
/// </item>
/// <item>Errors. What the store throws may come through. A null argument: <see cref="ArgumentNullException"/>. A domain that is no name: null for a read, nothing for a removal, <see cref="ArgumentException"/> for a write.</item>
/// </list>
/// <para>
/// Reading, fetching and storing are not atomic. Read the entry again after a fetch, before
/// <see cref="PolicyRefresh.Complete(RefreshPlan, CachedPolicy?, FetchResult)"/>, so that a slow fetch that fails does not remove what a
/// quicker one has stored.
/// </para>
/// <para>Caching an entry for a whole provider is wrong: subdomains have policies of their own (Section 3.4).</para>
/// </remarks>
public interface ICache
{
    /// <summary>Reads the entry of a policy domain.</summary>
    /// <param name="domain">The policy domain, in any spelling.</param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>The entry, expired or not; null if there is none.</returns>
    ValueTask<CachedPolicy?> GetAsync(string domain, CancellationToken cancellationToken = default);

    /// <summary>Stores the entry of a policy domain in place of any other.</summary>
    /// <param name="domain">The policy domain, in any spelling.</param>
    /// <param name="entry">The entry, as <see cref="PolicyRefresh.Complete(RefreshPlan, CachedPolicy?, FetchResult)"/> returned it.</param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>A task that ends when a read would find the entry.</returns>
    /// <exception cref="ArgumentException">The domain is no domain name.</exception>
    ValueTask SetAsync(string domain, CachedPolicy entry, CancellationToken cancellationToken = default);

    /// <summary>Forgets a policy domain, if it is known. Nothing in MTA-STS asks for this: it is for administrators and tests.</summary>
    /// <param name="domain">The policy domain, in any spelling.</param>
    /// <param name="cancellationToken">Ends the wait for a slow store.</param>
    /// <returns>A task that ends when a read would find nothing.</returns>
    ValueTask RemoveAsync(string domain, CancellationToken cancellationToken = default);
}
