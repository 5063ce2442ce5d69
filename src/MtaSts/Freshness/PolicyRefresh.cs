using System.Collections.Immutable;

namespace MtaSts;

/// <summary>When to fetch a policy, which one applies meanwhile, and what to remember (RFC 8461, Sections 3.3, 5.1, 6 and 10.2).</summary>
/// <remarks>
/// <para>For each delivery, look up the TXT record, ask <see cref="Plan"/>, and if it says so, fetch and hand the outcome to <see cref="Complete"/>.</para>
/// <code>
/// cached                                       TXT             Action                             policy meanwhile
/// unexpired, same id, fetched under 24 h ago   found           Apply                              cached
/// unexpired, same id, fetched earlier          found           ApplyAndFetch                      cached
/// unexpired, other id                          found           ApplyAndFetch                      cached
/// unexpired                                    anything else   Apply; ApplyAndFetch after 24 h    cached
/// none or expired                              found           Fetch                              none
/// none or expired                              anything else   Apply                              none
/// any, failed under 5 min ago                  any             Apply                              cached if unexpired
/// </code>
/// <para>These laws hold for every order of events and for any clock:</para>
/// <list type="bullet">
/// <item>Nothing but an accepted fetch, or its own expiry, ends the use of a policy: neither a look-up that fails, nor a record that is gone, nor a
/// policy host that is down. An attacker can bring about each of those.</item>
/// <item>Nothing but an accepted fetch moves an expiry. An unchanged id does not.</item>
/// <item>After an attempt that failed, there is none with the same id for five minutes; without a usable record, none after any attempt. In any five
/// minutes, attempts with eight different ids fail at most.</item>
/// <item>While mail flows, an unexpired policy is fetched anew once a day, whatever the TXT record says.</item>
/// <item>A clock that goes backwards neither ends a policy nor keeps an attempt back for more than twice those five minutes.</item>
/// </list>
/// <para>Pure functions of their arguments, safe for use by several threads. <see cref="Plan"/> allocates nothing.</para>
/// </remarks>
/// <example>
/// <code>
/// CachedPolicy? cached = await cache.GetAsync(domain);
/// RefreshPlan plan = PolicyRefresh.Plan(cached, txt, now);
/// Policy? policy = plan.Policy;
/// if (plan.Action is not RefreshAction.Apply)
/// {
///     FetchResult fetch = await FetchAsync(domain);
///     cached = await cache.GetAsync(domain); // Once more: another delivery may have fetched it meanwhile.
///     RefreshResult result = PolicyRefresh.Complete(cached, txt, fetch, now);
///     if (result.Entry is not null)
///     {
///         await cache.SetAsync(domain, result.Entry);
///     }
///
///     policy = result.Policy;
/// }
/// </code>
/// </example>
public static class PolicyRefresh
{
    /// <summary>How often an unexpired policy is fetched anew: once a day (Section 3.3).</summary>
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromHours(24);

    /// <summary>How long a failed attempt keeps back the next (Section 3.3).</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(5);

    /// <summary>Tells what to do before a delivery.</summary>
    /// <param name="cached">What the cache holds for the policy domain, expired or not; null if nothing.</param>
    /// <param name="txt">The outcome of the TXT look-up, which may have failed.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether to fetch, and which policy applies meanwhile.</returns>
    /// <exception cref="ArgumentNullException">The answer is null.</exception>
    public static RefreshPlan Plan(CachedPolicy? cached, TxtAnswer txt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(txt);
        CachedPolicy? valid = Unexpired(cached, now);
        string? id = txt.Record?.Id;
        bool isDue = valid is null
            ? id is not null
            : (id is not null && id != valid.Id) || Distance(now, valid.FetchedAt) >= RefreshInterval;

        RefreshAction action = !isDue || IsHeldBack(cached, id, now) ? RefreshAction.Apply
            : valid is null ? RefreshAction.Fetch
            : RefreshAction.ApplyAndFetch;

        // Section 6: a policy fetch failure of any kind when a valid policy is cached, and no record to be found is one.
        TlsFailure failure = id is null && IsProtecting(valid) ? TlsFailure.StsPolicyFetchError : TlsFailure.None;
        return new(action, valid?.Policy, failure);
    }

    /// <summary>Takes in the outcome of a fetch that <see cref="Plan"/> asked for.</summary>
    /// <param name="cached">
    /// What the cache holds for the policy domain after the fetch. Not what <see cref="Plan"/> was given: a fetch takes time, and the outcome of another one
    /// may have been stored meanwhile, which would be lost.
    /// </param>
    /// <param name="txt">The outcome of the TXT look-up, as given to <see cref="Plan"/>.</param>
    /// <param name="fetch">The outcome of the fetch.</param>
    /// <param name="now">The time of the fetch, from which the policy's <c>max_age</c> counts.</param>
    /// <returns>The policy to apply now, and the entry to store.</returns>
    /// <exception cref="ArgumentNullException">The answer or the outcome is null.</exception>
    public static RefreshResult Complete(CachedPolicy? cached, TxtAnswer txt, FetchResult fetch, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(txt);
        ArgumentNullException.ThrowIfNull(fetch);
        CachedPolicy? valid = Unexpired(cached, now);
        string? id = txt.Record?.Id;

        // Without a record the domain has no policy to discover (Section 3.1); a cached one can be renewed all the same (Section 10.2).
        if ((id ?? valid?.Id) is not { } newId)
        {
            return default;
        }

        if (fetch.Policy is { } fetched)
        {
            CachedPolicy entry = new(newId, fetched, now.UtcTicks, Recent(cached, now).RemoveAll(attempt => attempt.Id is null || attempt.Id == newId));
            RefreshStatus status = newId == cached?.Id ? RefreshStatus.Renewed : RefreshStatus.Found;
            return new(status, fetched, entry, TlsFailure.None, shouldAlert: false);
        }

        // Section 6: a failed fetch is to be reported if there is a record, or an unexpired policy whose mode is not none.
        // Section 3.3: and an administrator is to hear of a failed refresh, unless that mode is none.
        return new(
            RefreshStatus.Errored,
            valid?.Policy,
            new CachedPolicy(cached?.Id, cached?.Policy, cached?.FetchedAt.UtcTicks ?? 0, Remember(cached, id, now)),
            id is not null || IsProtecting(valid) ? fetch.Failure : TlsFailure.None,
            shouldAlert: IsProtecting(valid));
    }

    /// <summary>
    /// Tells whether a message that a policy kept from being delivered may be returned to its sender: not before a look-up has shown that the domain has
    /// no other policy by now (Section 5).
    /// </summary>
    /// <param name="judged">The entry with the policy that denied the delivery.</param>
    /// <param name="fresh">A TXT look-up made after the denial.</param>
    /// <returns>
    /// False if the look-up failed or shows another id: try again with the new policy. True allows what the sender's rules for temporary failures ask for,
    /// such as a return after some days; it does not ask for it.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static bool MayFailPermanently(CachedPolicy judged, TxtAnswer fresh)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(fresh);
        return fresh.Status is not TxtStatus.LookupFailed && (fresh.Record is null || fresh.Record.Id == judged.Id);
    }

    private static CachedPolicy? Unexpired(CachedPolicy? cached, DateTimeOffset now) => cached is null || cached.IsExpired(now) ? null : cached;

    private static bool IsProtecting(CachedPolicy? valid) => valid is { Policy.Mode: not PolicyMode.None };

    private static bool IsHeldBack(CachedPolicy? cached, string? id, DateTimeOffset now)
    {
        if (cached is null)
        {
            return false;
        }

        int recent = 0;
        foreach (FailedAttempt attempt in cached.FailedAttempts)
        {
            if (IsRecent(attempt, now))
            {
                recent++;
                if (id is null || attempt.Id == id)
                {
                    return true;
                }
            }
        }

        return recent == CachedPolicy.MaxFailedAttempts;
    }

    private static ImmutableArray<FailedAttempt> Recent(CachedPolicy? cached, DateTimeOffset now) =>
        cached?.FailedAttempts.RemoveAll(attempt => !IsRecent(attempt, now)) ?? [];

    private static ImmutableArray<FailedAttempt> Remember(CachedPolicy? cached, string? id, DateTimeOffset now)
    {
        ImmutableArray<FailedAttempt> others = Recent(cached, now).RemoveAll(attempt => attempt.Id == id);
        if (others.Length == CachedPolicy.MaxFailedAttempts)
        {
            others = others.RemoveAt(0);
        }

        return others.Add(new(id, now.ToUniversalTime()));
    }

    private static bool IsRecent(FailedAttempt attempt, DateTimeOffset now) => Distance(now, attempt.At) < RetryInterval;

    // Either way, so that an instant that a clock put far into the future does not count as a moment ago until then.
    private static TimeSpan Distance(DateTimeOffset now, DateTimeOffset then) => (now - then).Duration();
}
