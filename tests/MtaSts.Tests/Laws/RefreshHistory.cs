namespace MtaSts.Tests;

/// <summary>
/// Models freshness (RFC 8461, Sections 3.3, 5.1, 6 and 10.2) slowly, for a clock that only goes forward. It keeps
/// every completed fetch of a domain, and derives each decision from this list. It has no notion of cache entries.
/// </summary>
internal sealed class RefreshHistory
{
    private readonly List<Attempt> _attempts = [];

    /// <summary>
    /// The accepted attempt that began last; of several that began together, the one that completed last.
    /// </summary>
    private Attempt? Accepted =>
        _attempts.FindAll(static attempt => attempt.Fetch.Policy is not null).OrderBy(static attempt => attempt.Began).LastOrDefault();

    /// <summary>Returns the policy that applies: that of the accepted fetch, until its max_age expires.</summary>
    public Policy? PolicyAt(DateTimeOffset now) =>
        Accepted is { } accepted && now < accepted.Began + accepted.Fetch.Policy!.MaxAge ? accepted.Fetch.Policy : null;

    public (RefreshAction Action, Policy? Policy, TlsFailure Failure) Plan(string? id, DateTimeOffset now)
    {
        Policy? policy = PolicyAt(now);
        RefreshAction action = (policy is not null, id is not null) switch
        {
            _ when IsBackingOff(id, now) => RefreshAction.Apply,
            (true, true) when id != Accepted!.PolicyId => RefreshAction.ApplyAndFetch,
            (true, _) => IsDue(now) ? RefreshAction.ApplyAndFetch : RefreshAction.Apply,
            (false, true) => RefreshAction.Fetch,
            (false, false) => RefreshAction.Apply,
        };
        return (action, policy, id is null && policy is { Mode: not PolicyMode.None } ? TlsFailure.StsPolicyFetchError : TlsFailure.None);
    }

    /// <summary>Adds an attempt and returns its outcome.</summary>
    /// <param name="id">The id in the record; null if there was none.</param>
    /// <param name="planned">What the model planned when the fetch began.</param>
    /// <param name="plannedId">The id of the policy that applied then.</param>
    /// <param name="fetch">The result of the fetch.</param>
    /// <param name="began">When the fetch began.</param>
    public (RefreshStatus Status, Policy? Policy, TlsFailure Failure, bool ShouldAlert) Complete(
        string? id,
        (RefreshAction Action, Policy? Policy, TlsFailure Failure) planned,
        string? plannedId,
        FetchResult fetch,
        DateTimeOffset began)
    {
        string? known = Accepted?.PolicyId;
        string policyId = id ?? plannedId!;
        if (fetch.Policy is not null && !(Accepted?.Began > began))
        {
            // The policy host works again: failed attempts for this id, or without an id, no longer block a fetch.
            _attempts.RemoveAll(attempt => attempt.Fetch.Policy is null && (attempt.Id is null || attempt.Id == policyId));
        }

        _attempts.Add(new(began, id, policyId, fetch));

        // The policy at the start of the fetch, including one fetched in the meantime.
        Policy? policy = PolicyAt(began) ?? planned.Policy;
        bool isProtected = policy is { Mode: not PolicyMode.None };
        TlsFailure failure = fetch.Policy is null && (id is not null || isProtected) ? fetch.Failure : planned.Failure;
        bool shouldAlert = (fetch.Policy is null && isProtected) || planned.Failure is not TlsFailure.None;
        return fetch.Policy is null
            ? (RefreshStatus.Errored, policy, failure, shouldAlert)
            : (policyId == known ? RefreshStatus.Renewed : RefreshStatus.Found, Accepted!.Fetch.Policy, failure, shouldAlert);
    }

    /// <summary>Returns the id of the policy that applies.</summary>
    public string? PolicyIdAt(DateTimeOffset now) => PolicyAt(now) is null ? null : Accepted!.PolicyId;

    private bool IsDue(DateTimeOffset now)
    {
        TimeSpan age = now - Accepted!.Began;
        return age >= TimeSpan.FromHours(24) || age + age >= Accepted.Fetch.Policy!.MaxAge;
    }

    /// <summary>
    /// Returns whether a fetch is blocked: within five minutes an attempt failed for this id (for any id if the record
    /// has none), or attempts failed for eight ids.
    /// </summary>
    private bool IsBackingOff(string? id, DateTimeOffset now)
    {
        string?[] failed =
        [
            .. _attempts
                .Where(attempt => attempt.Fetch.Policy is null && now - attempt.Began < TimeSpan.FromMinutes(5))
                .Select(static attempt => attempt.Id)
                .Distinct(StringComparer.Ordinal),
        ];
        return id is null ? failed.Length > 0 : failed.Contains(id, StringComparer.Ordinal) || failed.Length >= 8;
    }

    /// <summary>Represents one attempt to fetch.</summary>
    /// <param name="Began">When the fetch began.</param>
    /// <param name="Id">The id in the record; null if there was none.</param>
    /// <param name="PolicyId">The id under which the policy is stored.</param>
    /// <param name="Fetch">The result.</param>
    private sealed record Attempt(DateTimeOffset Began, string? Id, string PolicyId, FetchResult Fetch);
}
