using System.Diagnostics;

namespace MtaSts;

/// <summary>Calls the source and the cache for a <see cref="PolicyDiscovery"/>.</summary>
/// <remarks>
/// Each call ends at its time limit, also where the source or the cache ignores its token. An exception becomes an
/// event and a result. After the disposal, each call is canceled.
/// </remarks>
internal sealed class DiscoveryCalls(
    ICache cache, IPolicySource source, PolicyDiscoveryOptions options, DiscoveryMetrics metrics, CancellationToken disposal)
{
    private readonly ICache _cache = cache;
    private readonly IPolicySource _source = source;
    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly TimeSpan _lookupTimeout = options.LookupTimeout;
    private readonly TimeSpan _fetchTimeout = options.FetchTimeout;
    private readonly Action<DiscoveryEvent>? _onEvent = options.OnEvent;
    private long _fetchCount;

    /// <summary>Reads the cache and looks up the TXT record at the same time.</summary>
    public async ValueTask<DomainState> FindAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        // Only a cancellation makes one of them throw. It ends the other one too, which nothing has to wait for.
        ValueTask<(CachedPolicy? Entry, bool IsUnread)> read = ReadAsync(domain, cancellationToken);
        ValueTask<TxtAnswer> lookup = LookUpAsync(domain, cancellationToken);
        (CachedPolicy? entry, bool isUnread) = await read.ConfigureAwait(false);
        TxtAnswer txt = await lookup.ConfigureAwait(false);
        return new(domain, entry, isUnread, txt, Volatile.Read(ref _fetchCount));
    }

    /// <summary>Reads the cache again. An entry that it has lost since counts as known.</summary>
    public async ValueTask<DomainState> ReadAgainAsync(DomainState known, CancellationToken cancellationToken)
    {
        (CachedPolicy? entry, bool isUnread) = await ReadAsync(known.Domain, cancellationToken).ConfigureAwait(false);
        return known with { Entry = entry ?? known.Entry, IsUnread = isUnread && known.IsUnread };
    }

    /// <summary>Lists the domains that are due. Each step has a time limit.</summary>
    public IAsyncEnumerable<PolicyDomain> ListDueAsync(IRefreshableCache refreshable, CancellationToken cancellationToken) =>
        TimeLimit.EnumerateAsync(
            refreshable.DueForRefreshAsync(_clock.GetUtcNow(), cancellationToken), _lookupTimeout, _clock, cancellationToken, disposal);

    /// <summary>Fetches the policy. Only the disposal ends it before its time limit.</summary>
    public async Task<(FetchResult Fetch, Exception? Exception, long Number)> FetchAsync(PolicyDomain domain)
    {
        long number = Interlocked.Increment(ref _fetchCount);
        long began = _clock.GetTimestamp();
        Activity? activity = metrics.BeginFetch(domain);
        FetchResult? fetch = null;
        try
        {
            (fetch, Exception? exception) = await TryAsync(
                static async (call, token) =>
                {
                    // A source that blocks its thread must hold up neither a delivery nor the time limit.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    return await call.Self._source.FetchPolicyAsync(call.Domain, token).ConfigureAwait(false);
                },
                domain,
                _fetchTimeout,
                CancellationToken.None).ConfigureAwait(false);
            exception ??= NullOf(fetch);

            // An HTTP client reports its own time limit as a cancellation.
            bool isLate = exception is TimeoutException or OperationCanceledException;
            fetch ??= FetchResult.Failed(isLate ? FetchStatus.TimedOut : FetchStatus.ConnectionFailed);
            return (fetch, exception, number);
        }
        finally
        {
            metrics.EndFetch(activity, fetch, _clock.GetElapsedTime(began));
        }
    }

    /// <summary>Stores the result of a fetch. The disposal waits for it, because a policy must not be lost.</summary>
    /// <param name="known">The state before the fetch, whose entry counts if the cache fails.</param>
    /// <param name="plan">The plan that asked for the fetch.</param>
    /// <param name="fetch">The result of the fetch.</param>
    public async Task<RefreshResult> StoreAsync(DomainState known, RefreshPlan plan, FetchResult fetch)
    {
        RefreshResult result = default;

        // A write that the store makes after the time limit must not replace a policy that was stored meanwhile.
        (_, Exception? exception) = await TimeLimit.TryAsync(
            (store, limit) => store.UpdateAsync(
                known.Domain,
                current => limit.IsCancellationRequested && current?.Policy is not null && IsOther(current, known.Entry)
                    ? null
                    : (result = PolicyRefresh.Complete(plan, current, fetch)).Entry,
                CancellationToken.None),
            _cache,
            _lookupTimeout,
            _clock,
            CancellationToken.None,
            CancellationToken.None).ConfigureAwait(false);
        if (exception is null)
        {
            return result;
        }

        Tell(new(DiscoveryEventKind.CacheWriteFailed, known.Domain) { Exception = exception });
        return PolicyRefresh.Complete(plan, known.Entry, fetch);
    }

    /// <summary>Passes an event to the caller's handler.</summary>
    public void Tell(DiscoveryEvent discoveryEvent) => Telemetry.Tell(discoveryEvent, _onEvent);

    private static bool IsOther(CachedPolicy entry, CachedPolicy? known) => (entry.Id, entry.FetchedAt) != (known?.Id, known?.FetchedAt);

    private static InvalidOperationException? NullOf(object? returned) => returned is null ? new("The policy source returned null.") : null;

    private async ValueTask<(CachedPolicy? Entry, bool IsUnread)> ReadAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        (CachedPolicy? entry, Exception? exception) = await TryAsync(
            static (call, token) => call.Self._cache.GetAsync(call.Domain, token), domain, _lookupTimeout, cancellationToken)
            .ConfigureAwait(false);
        if (exception is not null)
        {
            Tell(new(DiscoveryEventKind.CacheReadFailed, domain) { Exception = exception });
        }

        return (entry, exception is not null);
    }

    private async ValueTask<TxtAnswer> LookUpAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        (TxtAnswer? answer, Exception? exception) = await TryAsync(
            static (call, token) => call.Self._source.LookUpRecordAsync(call.Domain, token), domain, _lookupTimeout, cancellationToken)
            .ConfigureAwait(false);
        exception ??= NullOf(answer);
        answer ??= TxtAnswer.LookupFailed;
        metrics.LookedUp(answer);
        if (answer.Status is TxtStatus.LookupFailed)
        {
            Tell(new(DiscoveryEventKind.LookupFailed, domain) { Exception = exception });
        }

        return answer;
    }

    private ValueTask<(T? Value, Exception? Exception)> TryAsync<T>(
        Func<(DiscoveryCalls Self, PolicyDomain Domain), CancellationToken, ValueTask<T>> call,
        PolicyDomain domain,
        TimeSpan limit,
        CancellationToken cancellationToken) =>
        TimeLimit.TryAsync(call, (this, domain), limit, _clock, cancellationToken, disposal);
}
