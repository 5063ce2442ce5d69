namespace MtaSts.Tests;

/// <summary>
/// A slow model of freshness (RFC 8461, Sections 3.3, 5.1, 6 and 10.2): it keeps every attempt to fetch that was ever made for a domain, and works out from
/// this list, each time anew, what applies and what to do. It knows nothing of cached entries.
/// </summary>
internal sealed class RefreshHistory
{
    private readonly List<Attempt> _attempts = [];

    /// <summary>The attempt that was accepted last.</summary>
    private Attempt? Accepted => _attempts.LastOrDefault(static attempt => attempt.Fetch.Policy is not null);

    /// <summary>The policy that applies: that of the accepted fetch, until its max_age is over.</summary>
    public Policy? PolicyAt(DateTimeOffset now) => Accepted is { } accepted && now < accepted.At + accepted.Fetch.Policy!.MaxAge ? accepted.Fetch.Policy : null;

    public (RefreshAction Action, Policy? Policy, TlsFailure Failure) Plan(string? id, DateTimeOffset now)
    {
        Policy? policy = PolicyAt(now);
        RefreshAction action = (policy is not null, id is not null) switch
        {
            _ when IsHeldBack(id, now) => RefreshAction.Apply,
            (true, true) when id != Accepted!.PolicyId => RefreshAction.ApplyAndFetch,
            (true, _) => now - Accepted!.At >= TimeSpan.FromHours(24) ? RefreshAction.ApplyAndFetch : RefreshAction.Apply,
            (false, true) => RefreshAction.Fetch,
            (false, false) => RefreshAction.Apply,
        };
        return (action, policy, id is null && policy is { Mode: not PolicyMode.None } ? TlsFailure.StsPolicyFetchError : TlsFailure.None);
    }

    /// <summary>Notes an attempt, and tells what came of it.</summary>
    public (RefreshStatus Status, Policy? Policy, TlsFailure Failure, bool ShouldAlert) Complete(string? id, FetchResult fetch, DateTimeOffset now)
    {
        Policy? policy = PolicyAt(now);
        bool isProtected = policy is { Mode: not PolicyMode.None };
        string? known = Accepted?.PolicyId;
        string? policyId = id ?? (policy is null ? null : known);
        if (policyId is null)
        {
            return (RefreshStatus.NotFound, null, TlsFailure.None, false); // no record, no policy: such a fetch was for nothing
        }

        _attempts.Add(new(now, id, policyId, fetch));
        return fetch.Policy is null
            ? (RefreshStatus.Errored, policy, id is not null || isProtected ? fetch.Failure : TlsFailure.None, isProtected)
            : (policyId == known ? RefreshStatus.Renewed : RefreshStatus.Found, fetch.Policy, TlsFailure.None, false);
    }

    /// <summary>An attempt for this id failed in the last five minutes; or any did, and there is no id; or attempts for eight others did.</summary>
    private bool IsHeldBack(string? id, DateTimeOffset now)
    {
        string?[] failed =
        [
            .. _attempts
                .Where(attempt => attempt.Fetch.Policy is null && now - attempt.At < TimeSpan.FromMinutes(5))
                .Select(static attempt => attempt.Id)
                .Distinct(StringComparer.Ordinal),
        ];
        return id is null ? failed.Length > 0 : failed.Contains(id, StringComparer.Ordinal) || failed.Length >= 8;
    }

    /// <summary>One attempt to fetch.</summary>
    /// <param name="At">When the fetch ended.</param>
    /// <param name="Id">The id in the record; null if there was none.</param>
    /// <param name="PolicyId">The id that the policy goes by.</param>
    /// <param name="Fetch">The outcome.</param>
    private sealed record Attempt(DateTimeOffset At, string? Id, string PolicyId, FetchResult Fetch);
}
