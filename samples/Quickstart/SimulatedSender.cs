using MtaSts;
using static System.FormattableString;

namespace Quickstart;

/// <summary>
/// Represents a mail sender: its calls of the library and its use of the results. It has neither clock nor network.
/// </summary>
/// <param name="domain">The policy domain of all its mail.</param>
internal sealed class SimulatedSender(SimulatedDomain domain)
{
    private InMemoryCache _cache = new();
    private CachedPolicy? _deniedBy; // The cache entry whose policy denied the last denied message.

    /// <summary>Delivers a message unless the policy forbids it (RFC 8461 section 5.1).</summary>
    /// <param name="mxHost">The MX host in the DNS.</param>
    /// <param name="tls">The outcome of a handshake with it.</param>
    /// <param name="now">The time.</param>
    /// <returns>The decisions on the policy, on the result of the fetch, if any, and on the MX host.</returns>
    public async Task<IReadOnlyList<SenderDecision>> DeliverAsync(string mxHost, TlsOutcome tls, DateTimeOffset now)
    {
        CachedPolicy? entry = await _cache.GetAsync(PolicyDomain.Parse(domain.Name));
        RefreshPlan plan = PolicyRefresh.Plan(entry, domain.Txt, now);
        CachedPolicy? applied = plan.AppliedEntry;
        List<SenderDecision> decisions =
        [
            new($"{plan.Action}", $"{InWords(domain.Txt)}; {InWords(entry, now)}{InWords(plan.Failure, plan.ShouldAlert)}"),
        ];
        if (plan.Action is not RefreshAction.Apply)
        {
            RefreshResult result = await CompleteAsync(PolicyDomain.Parse(domain.Name), plan);
            applied = result.AppliedEntry;
            decisions.Add(new($"{result.Status}", InWords(domain.PolicyHost, result)));
        }

        Judgement judgement = Judge(applied?.Policy, mxHost, tls);
        decisions.Add(new(judgement.VerdictInWords, $"{mxHost}: {judgement.Why}{InWords(judgement.Decision.Failure)}"));
        _deniedBy = judgement.Decision.Verdict is Verdict.Deny ? applied : _deniedBy;
        return decisions;
    }

    /// <summary>Refreshes the policies that are due, with or without mail (RFC 8461 section 10.2).</summary>
    public async Task<IReadOnlyList<SenderDecision>> RefreshAsync(DateTimeOffset now)
    {
        List<SenderDecision> decisions = [];
        await foreach (PolicyDomain due in _cache.DueForRefreshAsync(now))
        {
            CachedPolicy? cached = await _cache.GetAsync(due);
            RefreshResult result = await CompleteAsync(due, PolicyRefresh.Plan(cached, domain.Txt, now));
            decisions.Add(new(
                $"{result.Status}",
                $"{due} is due: {InWords(domain.Txt)}; {InWords(cached, now)}; {InWords(domain.PolicyHost, result)}"));
        }

        return decisions;
    }

    /// <summary>
    /// Saves the cache, ends the process, and starts another that loads the cache (RFC 8461 section 10.2).
    /// </summary>
    public async Task<IReadOnlyList<SenderDecision>> RestartAsync(DateTimeOffset now)
    {
        using MemoryStream file = new();
        await _cache.SaveAsync(file);

        _cache = new();
        file.Position = 0;
        CacheLoadResult result = await _cache.LoadAsync(file);
        CachedPolicy? entry = await _cache.GetAsync(PolicyDomain.Parse(domain.Name));
        return [new(Invariant($"loaded {result.Loaded}"), Invariant($"{InWords(entry, now)}; damaged entries: {result.Damaged}"))];
    }

    /// <summary>
    /// Determines whether the last denied message may be returned to its author (RFC 8461 section 5).
    /// </summary>
    public IReadOnlyList<SenderDecision> CheckBeforeFailing()
    {
        CachedPolicy deniedBy = _deniedBy ?? throw new InvalidOperationException("No message was denied.");
        bool mayFail = PolicyRefresh.MayFailPermanently(deniedBy, domain.Txt);
        return [new(mayFail ? "may return" : "must stay", $"MayFailPermanently: {InWords(domain.Txt)}; denied under id {deniedBy.Id}")];
    }

    private async Task<RefreshResult> CompleteAsync(PolicyDomain due, RefreshPlan plan)
    {
        RefreshResult result = default;
        await _cache.UpdateAsync(due, current => (result = PolicyRefresh.Complete(plan, current, domain.PolicyHost)).Entry);
        return result;
    }

    // Decides before connecting and, unless the host is denied, again after the handshake.
    private static Judgement Judge(Policy? policy, string mxHost, TlsOutcome tls)
    {
        const string NoPolicy = "no policy is cached or fetched";
        Judgement before = new(policy, NoPolicy, mxHost, tls: null);
        return before.Decision.Verdict is Verdict.Deny ? before : new(policy, NoPolicy, mxHost, tls);
    }

    private static string InWords(TxtAnswer txt) => txt.Record is { } record ? $"TXT {txt.Status}, id {record.Id}" : $"TXT {txt.Status}";

    private static string InWords(CachedPolicy? cached, DateTimeOffset now)
    {
        string failed = cached?.FailedAt is { } failedAt ? $"; id {cached.FailedId} failed {InWords(now - failedAt)} ago" : "";
        return cached?.Policy is null ? $"nothing cached{failed}"
            : $"cached id {cached.Id}, fetched {InWords(now - cached.FetchedAt)} ago{(cached.IsExpired(now) ? ", expired" : "")}{failed}";
    }

    private static string InWords(TimeSpan age) =>
        age < TimeSpan.FromHours(1) ? Invariant($"{age.TotalMinutes:0} min") : Invariant($"{age.TotalHours:0.#} h");

    private static string InWords(FetchResult fetch, RefreshResult result)
    {
        string kept = result.Entry is { Policy: { } policy } entry
            ? Invariant($"; mode {Printable.Word(policy.Mode)} until {entry.ExpiresAt:yyyy-MM-dd HH:mm}")
            : "";
        return $"fetch {fetch.Status}{kept}{InWords(result.Failure, result.ShouldAlert)}";
    }

    private static string InWords(TlsFailure failure, bool shouldAlert = false) =>
        (failure is TlsFailure.None ? "" : $"; report {failure.ToReportString()}") + (shouldAlert ? "; alert" : "");
}
