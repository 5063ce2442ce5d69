using System.Collections.Concurrent;
using MtaSts;
using static System.FormattableString;

namespace Quickstart;

/// <summary>Represents a mail sender: its calls of the library and its use of the results.</summary>
/// <remarks>
/// Each call waits for the fetches that it started. A real sender would not, but then the order of the output would
/// depend on the threads.
/// </remarks>
/// <param name="domain">The policy domain of all its mail, and its simulated network.</param>
internal sealed class SimulatedSender(SimulatedDomain domain) : IAsyncDisposable
{
    private readonly SimulatedClock _clock = new();
    private readonly ConcurrentQueue<DiscoveryEvent> _events = new();
    private InMemoryCache _cache = new();
    private PolicyDiscovery? _discovery;
    private DiscoveredPolicy? _denied; // The result whose policy denied the last denied message.

    private PolicyDiscovery Discovery =>
        _discovery ??= new(_cache, domain, new() { TimeProvider = _clock, OnEvent = _events.Enqueue });

    private CachedPolicy? Cached => _cache.TryGet(domain.Domain.Name, out CachedPolicy? entry) ? entry : null;

    /// <summary>Delivers a message unless the policy forbids it (RFC 8461 section 5.1).</summary>
    /// <param name="mxHost">The MX host in the DNS.</param>
    /// <param name="tls">The outcome of a handshake with it.</param>
    /// <param name="now">The time.</param>
    /// <returns>The decisions on the policy and on the MX host, and the results of fetches.</returns>
    public async Task<IReadOnlyList<SenderDecision>> DeliverAsync(string mxHost, TlsOutcome tls, DateTimeOffset now)
    {
        _clock.Now = now;
        string known = $"{InWords(domain.Txt)}; {InWords(Cached, now)}";
        DiscoveredPolicy found = await Discovery.DiscoverAsync(domain.Domain);
        string told = $"{known}{InWords(found.Failure, found.ShouldAlert)}";
        Judgement judgement = Judge(found, mxHost, tls);
        if (found.Refresh is not { } refresh)
        {
            SenderDecision[] fetches = [.. Fetches(found)];
            return fetches is []
                ? [new("Apply", told), Describe(judgement)]
                : [new("Fetch", known), .. fetches, Describe(judgement)];
        }

        DiscoveredPolicy refreshed = await refresh;
        SenderDecision applied = new("ApplyAndFetch", told);
        if (judgement.Decision.Verdict is not Verdict.Deny || refreshed.Policy == found.Policy)
        {
            return [applied, Describe(judgement), .. Fetches(refreshed)];
        }

        // The message waited for the fetch and is tried again. Nothing is reported by the policy that has ended.
        Judgement second = Judge(refreshed, mxHost, tls);
        return [applied, Describe(judgement, isReported: false), .. Fetches(refreshed), Describe(second)];
    }

    /// <summary>Refreshes the policies that are due, with or without mail (RFC 8461 section 10.2).</summary>
    public async Task<IReadOnlyList<SenderDecision>> RefreshAsync(DateTimeOffset now)
    {
        _clock.Now = now;
        string known = $"{domain.Domain} is due: {InWords(domain.Txt)}; {InWords(Cached, now)}";
        await Discovery.RefreshDueAsync();
        return [.. Fetches().Select(fetch => fetch with { Why = $"{known}; {fetch.Why}" })];
    }

    /// <summary>
    /// Saves the cache, ends the process, and starts another that loads the cache (RFC 8461 section 10.2).
    /// </summary>
    public async Task<IReadOnlyList<SenderDecision>> RestartAsync(DateTimeOffset now)
    {
        using MemoryStream file = new();
        await _cache.SaveAsync(file);
        await DisposeAsync();

        _discovery = null;
        _cache = new();
        file.Position = 0;
        CacheLoadResult result = await _cache.LoadAsync(file);
        return [new(Invariant($"loaded {result.Loaded}"), Invariant($"{InWords(Cached, now)}; damaged entries: {result.Damaged}"))];
    }

    /// <summary>
    /// Determines whether the last denied message may be returned to its author (RFC 8461 section 5).
    /// </summary>
    public async Task<IReadOnlyList<SenderDecision>> CheckBeforeFailingAsync(DateTimeOffset now)
    {
        _clock.Now = now;
        DiscoveredPolicy denied = _denied ?? throw new InvalidOperationException("No message was denied.");
        bool mayFail = await Discovery.MayFailPermanentlyAsync(denied);
        string why = $"MayFailPermanentlyAsync: {InWords(domain.Txt)}; denied under id {denied.Entry!.Id}";
        return [.. Fetches(), new(mayFail ? "may return" : "must stay", why)];
    }

    public async ValueTask DisposeAsync() => await Discovery.DisposeAsync();

    private static SenderDecision Describe(Judgement judgement, bool isReported = true)
    {
        string report = isReported ? InWords(judgement.Decision.Failure) : "";
        return new(judgement.VerdictInWords, $"{judgement.MxHost}: {judgement.Why}{report}");
    }

    // Decides before connecting and, unless the host is denied, again after the handshake.
    private Judgement Judge(DiscoveredPolicy found, string mxHost, TlsOutcome tls)
    {
        const string NoPolicy = "no policy is cached or fetched";
        Judgement judgement = new(found.Policy, NoPolicy, mxHost, tls: null);
        if (judgement.Decision.Verdict is not Verdict.Deny)
        {
            judgement = new(found.Policy, NoPolicy, mxHost, tls);
        }

        _denied = judgement.Decision.Verdict is Verdict.Deny ? found : _denied;
        return judgement;
    }

    // The fetches that ended since the last call, and the failure to report by the delivery that waited, if one did.
    private IEnumerable<SenderDecision> Fetches(DiscoveredPolicy? result = null)
    {
        string failure = result is null ? "" : InWords(result.Failure, result.ShouldAlert);
        while (_events.TryDequeue(out DiscoveryEvent? told))
        {
            if (told.Fetch is { } fetch)
            {
                string kept = Cached is { Policy: { } policy } entry
                    ? Invariant($"; id {entry.Id}, mode {Printable.Word(policy.Mode)} until {entry.ExpiresAt:yyyy-MM-dd HH:mm}")
                    : "";
                yield return new($"{told.Kind}", $"fetch {fetch.Status}{kept}{failure}");
            }
        }
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

    private static string InWords(TlsFailure failure, bool shouldAlert) =>
        InWords(failure) + (shouldAlert ? "; alert" : "");

    private static string InWords(TlsFailure failure) => failure is TlsFailure.None ? "" : $"; report {failure.ToReportString()}";
}
