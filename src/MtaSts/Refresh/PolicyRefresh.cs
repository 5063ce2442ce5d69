using System.Collections.Immutable;

namespace MtaSts;

/// <summary>
/// Decides when to fetch a policy, which policy applies meanwhile, and what to store (RFC 8461 sections 3.3, 5.1, 6
/// and 10.2).
/// </summary>
/// <remarks>
/// <para><see cref="PolicyDiscovery"/> calls these functions. Call them yourself only in a loop of your own.</para>
/// <para>For each delivery, look up the TXT record and ask for a <see cref="Plan"/>. If the plan asks for a fetch, pass
/// it and the result of the fetch to <see cref="Complete(RefreshPlan, CachedPolicy?, FetchResult)"/>, within
/// <see cref="ICache.UpdateAsync"/>.</para>
/// <code>
/// cached                                       TXT             Action                             policy meanwhile
/// unexpired, same id, not due                  found           Apply                              cached
/// unexpired, same id, due                      found           ApplyAndFetch                      cached
/// unexpired, other id                          found           ApplyAndFetch                      cached
/// unexpired                                    anything else   Apply; ApplyAndFetch once due      cached
/// no entry, or expired                         found           Fetch                              no policy
/// no entry, or expired                         anything else   Apply                              no policy
/// any, failed under 5 min ago                  any             Apply                              cached if unexpired
/// </code>
/// <para>A policy is due at an age of 24 hours, or at half its <c>max_age</c> if that is sooner. It is also due
/// when its <see cref="CachedPolicy.FetchedAt"/> is more than five minutes in the future: the clock was wrong
/// then.</para>
/// <para>These laws hold for every order of events, while the clock is right to within five minutes:</para>
/// <list type="bullet">
/// <item>
/// Only an accepted fetch or its own expiry ends the use of a policy. A failed lookup, a missing record or an
/// unreachable policy host never does: an attacker can cause all three.
/// </item>
/// <item>Only an accepted fetch extends a policy. An unchanged id does not.</item>
/// <item>Of two fetches, the one that began later wins, even if it ends first.</item>
/// <item>
/// The policy of a plan applies to the delivery that it was made for, even if the cache has lost the entry or the
/// policy expires during the fetch.
/// </item>
/// <item>
/// After a failed attempt, five minutes pass before the next one with the same id, unless a fetch was accepted since.
/// Without a usable record, five minutes pass after any attempt. At most eight different ids are tried and fail within
/// five minutes.
/// </item>
/// <item>
/// While mail flows, an unexpired policy is fetched again when it is due, also when its TXT record is missing or
/// unreachable. As long as the policy host answers, and a message comes at least once in half a <c>max_age</c>, no
/// delivery finds an expired policy.
/// </item>
/// </list>
/// <para>A clock that goes back once delays a fetch by at most ten minutes. If a wrong clock dated an entry in the
/// future, a newer fetch replaces it. A fetch that fails changes its date to the time of that fetch.</para>
/// <para>Do not fetch before the clock is synchronized. To a clock that is far behind, every entry is dated in the
/// future: a failed fetch changes the date to a time long past, and the policy expires early.</para>
/// <para>Pure functions of their arguments, safe for use by several threads. <see cref="Plan"/> allocates
/// nothing.</para>
/// </remarks>
/// <example>
/// <code>
/// RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(domain), txt, clock.GetUtcNow());
/// Policy? policy = plan.Policy;
/// if (plan.Action is not RefreshAction.Apply)
/// {
///     FetchResult fetch = await FetchAsync(domain);
///     RefreshResult result = default;
///     await cache.UpdateAsync(domain, current => (result = PolicyRefresh.Complete(plan, current, fetch)).Entry);
///     policy = result.Policy;
/// }
/// </code>
/// </example>
public static class PolicyRefresh
{
    /// <summary>Decides whether to fetch before a delivery, and which policy applies meanwhile.</summary>
    /// <param name="cached">The cache entry of the policy domain, expired or not; null if there is none.</param>
    /// <param name="txt">The outcome of the TXT lookup, which may have failed.</param>
    /// <param name="now">
    /// The time. If the plan asks for a fetch, this counts as the time at which the fetch begins: plan right before it.
    /// </param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="txt"/> is null.</exception>
    public static RefreshPlan Plan(CachedPolicy? cached, TxtAnswer txt, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(txt);
        CachedPolicy? valid = Unexpired(cached, now);
        string? id = txt.Record?.Id;
        bool isDue = valid is null ? id is not null : (id is not null && id != valid.Id) || valid.IsDue(now);
        RefreshPlan apply = new()
        {
            AppliedEntry = valid,

            // RFC 8461 section 6: a valid policy is cached, and to find no record is a policy fetch failure of any
            // kind.
            Failure = id is null && IsProtecting(valid) ? TlsFailure.StsPolicyFetchError : TlsFailure.None,
            HasJustFailed = isDue && cached?.HasJustFailed(id, now) is true,
        };
        return !isDue || apply.HasJustFailed || cached?.HasFailedTooOften(now) is true
            ? apply
            : apply with { Action = valid is null ? RefreshAction.Fetch : RefreshAction.ApplyAndFetch, Id = id, Now = now };
    }

    /// <summary>Applies the result of the fetch that <see cref="Plan"/> requested.</summary>
    /// <param name="plan">The plan. It contains the id of the TXT record and the time at which the fetch began.</param>
    /// <param name="cached">
    /// The cache entry of the policy domain after the fetch, as <see cref="ICache.UpdateAsync"/> passes it. Never the
    /// one that <see cref="Plan"/> was given: another delivery may have stored a newer entry during the fetch.
    /// </param>
    /// <param name="fetch">The result of the fetch.</param>
    /// <returns>
    /// The policy to apply to the delivery that the plan was made for, and the entry to store. Its
    /// <see cref="RefreshResult.Failure"/> and <see cref="RefreshResult.ShouldAlert"/> include those of the plan: a
    /// delivery that waits for the result reports the result alone.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="fetch"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="plan"/> does not ask for a fetch.</exception>
    public static RefreshResult Complete(RefreshPlan plan, CachedPolicy? cached, FetchResult fetch)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        if (plan.Action is RefreshAction.Apply)
        {
            throw new ArgumentException("The plan does not ask for a fetch.", nameof(plan));
        }

        RefreshResult result = Complete(cached, plan.AppliedEntry, plan.Id, fetch, plan.Now);
        return result with
        {
            Failure = result.Failure is TlsFailure.None ? plan.Failure : result.Failure,
            ShouldAlert = result.ShouldAlert || plan.ShouldAlert,
        };
    }

    /// <summary>
    /// Applies the result of a fetch that was made without a plan, such as one that an administrator started.
    /// </summary>
    /// <param name="cached">
    /// The cache entry of the policy domain after the fetch. If the cache lost the entry during the fetch, its policy
    /// is lost: <see cref="Complete(RefreshPlan, CachedPolicy?, FetchResult)"/> keeps it.
    /// </param>
    /// <param name="txt">The outcome of the TXT lookup.</param>
    /// <param name="fetch">The result of the fetch.</param>
    /// <param name="now">The time at which the fetch began, from which the policy's <c>max_age</c> counts.</param>
    /// <returns>The policy to apply now, and the entry to store.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="txt"/> or <paramref name="fetch"/> is null.</exception>
    public static RefreshResult Complete(CachedPolicy? cached, TxtAnswer txt, FetchResult fetch, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(txt);
        ArgumentNullException.ThrowIfNull(fetch);
        return Complete(cached, planned: null, txt.Record?.Id, fetch, now);
    }

    /// <summary>
    /// Determines whether a denied message may bounce. RFC 8461 section 5 allows it only after a new lookup shows no
    /// other policy.
    /// </summary>
    /// <param name="judged">
    /// The entry whose policy denied the delivery: <see cref="RefreshPlan.AppliedEntry"/> or
    /// <see cref="RefreshResult.AppliedEntry"/>.
    /// </param>
    /// <param name="fresh">A TXT lookup made after the denial.</param>
    /// <param name="fetch">
    /// The result of a fetch made after <paramref name="fresh"/>, if that shows another id; null if nothing was
    /// fetched.
    /// </param>
    /// <returns>
    /// <see langword="true"/> if the lookup completed and shows no other id, or if the policy of the other id could not
    /// be fetched; otherwise, <see langword="false"/>. Then look up again later, or deliver by the new policy.
    /// <see langword="true"/> permits a bounce under the sender's retry rules; it does not require one.
    /// </returns>
    /// <remarks>
    /// <para>Ask for a plan with <paramref name="fresh"/>, and fetch if the plan asks for it. If another delivery has
    /// just tried the other id (<see cref="RefreshPlan.HasJustFailed"/>), a bounce is permitted without another
    /// attempt. This method cannot see that attempt and returns <see langword="false"/>: check
    /// <see cref="RefreshPlan.HasJustFailed"/> first, unless the lookup failed.</para>
    /// <para>A lookup that fails never permits a bounce. The lifetime of the message in the sender's queue limits how
    /// long that can last: a message that has reached it may always be returned.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="judged"/> or <paramref name="fresh"/> is
    /// null.</exception>
    public static bool MayFailPermanently(CachedPolicy judged, TxtAnswer fresh, FetchResult? fetch = null)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ArgumentNullException.ThrowIfNull(fresh);
        bool showsAnotherId = fresh.Record is { } record && record.Id != judged.Id;
        return fresh.Status is not TxtStatus.LookupFailed && (!showsAnotherId || fetch is { Policy: null });
    }

    // The core of both overloads. The planned entry is the one whose policy applied when the fetch began.
    private static RefreshResult Complete(CachedPolicy? cached, CachedPolicy? planned, string? id, FetchResult fetch, DateTimeOffset now)
    {
        CachedPolicy? applied = Unexpired(cached, now) ?? planned;

        // Without a record the domain has no policy to discover (RFC 8461 section 3.1); a cached one can still be
        // renewed (RFC 8461 section 10.2).
        if ((id ?? (planned ?? applied)?.Id) is not { } newId)
        {
            return default;
        }

        // A cache that lost the planned entry during the fetch gets it back, with its failed attempts.
        bool isLost = planned is not null && cached?.Policy is null;
        CachedPolicy? known = isLost ? planned : cached;
        IEnumerable<FailedAttempt> attempts = [.. isLost ? planned!.FailedAttempts : [], .. cached?.FailedAttempts ?? []];
        if (fetch.Policy is { } fetched)
        {
            CachedPolicy? newer = BeganLater(cached, planned, now) ? cached : null;
            attempts = attempts.Where(attempt => attempt.Id is not null && attempt.Id != newId);
            CachedPolicy? entry = newer is null ? new(newId, fetched, now.UtcTicks, Recent(attempts, newId, now)) : null;
            return new()
            {
                Status = newId == known?.Id ? RefreshStatus.Renewed : RefreshStatus.Found,
                AppliedEntry = newer ?? entry,
                Entry = entry,
            };
        }

        DateTimeOffset fetchedAt = known is null ? default : known.IsDatedInFuture(now) ? now : known.FetchedAt;
        attempts = attempts.Append(new(id, now.ToUniversalTime()));
        return new()
        {
            Status = RefreshStatus.Errored,
            AppliedEntry = applied,
            Entry = new(known?.Id, known?.Policy, fetchedAt.UtcTicks, Recent(attempts, id, now)),

            // RFC 8461 section 6: a failed fetch is reported if there is a record, or an unexpired policy whose mode is
            // not none.
            Failure = id is not null || IsProtecting(applied) ? fetch.Failure : TlsFailure.None,

            // RFC 8461 section 3.3: an administrator is alerted to a failed refresh, unless that mode is none.
            ShouldAlert = IsProtecting(applied),
        };
    }

    private static CachedPolicy? Unexpired(CachedPolicy? cached, DateTimeOffset now) =>
        cached is null || cached.IsExpired(now) ? null : cached;

    private static bool IsProtecting(CachedPolicy? valid) => valid is { Policy.Mode: not PolicyMode.None };

    // Within the tolerance, another fetch stored the entry, and that fetch began after now. Beyond it, a clock was
    // wrong. The planned entry is older than this fetch: if its date is later, the clock has gone back a little.
    private static bool BeganLater(CachedPolicy? cached, CachedPolicy? planned, DateTimeOffset now) =>
        cached?.Policy is not null && cached.FetchedAt > now && !cached.IsDatedInFuture(now)
        && (cached.Id, cached.FetchedAt) != (planned?.Id, planned?.FetchedAt);

    // The latest attempt of each id, the latest last. Another fetch for an id may have begun later and failed sooner.
    // If there are too many, the earliest go, but never the attempt of the id that was just tried.
    private static ImmutableArray<FailedAttempt> Recent(IEnumerable<FailedAttempt> attempts, string? triedId, DateTimeOffset now) =>
    [
        .. attempts
            .Where(attempt => attempt.IsRecent(now))
            .OrderBy(static attempt => attempt.At)
            .Reverse()
            .DistinctBy(static attempt => attempt.Id, StringComparer.Ordinal)
            .OrderByDescending(attempt => attempt.Id == triedId)
            .Take(CachedPolicy.MaxFailedAttempts)
            .Reverse()
            .OrderBy(static attempt => attempt.At),
    ];
}
