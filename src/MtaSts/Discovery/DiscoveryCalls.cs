using System.Diagnostics;

namespace MtaSts;

/// <summary>Calls the source and the cache for a <see cref="PolicyDiscovery"/>.</summary>
/// <remarks>
/// Each call ends at its time limit, also where the source or the cache ignores its token. An exception becomes an event
/// and a result. After the disposal, each call is canceled.
/// </remarks>
internal sealed class DiscoveryCalls(
    ICache cache, IPolicySource source, PolicyDiscoveryOptions options, DiscoveryMetrics metrics, CancellationToken disposal)
{
    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly TimeSpan _lookupTimeout = options.LookupTimeout;
    private readonly TimeSpan _fetchTimeout = options.FetchTimeout;
    private readonly Action<DiscoveryEvent>? _onEvent = options.OnEvent;

    /// <summary>Reads the cache and looks up the TXT record, side by side.</summary>
    public ValueTask<(CacheRead Read, TxtAnswer Txt)> FindAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        ValueTask<CacheRead> read = ReadAsync(domain, cancellationToken);
        ValueTask<TxtAnswer> lookup = LookUpAsync(domain, cancellationToken);
        return read.IsCompletedSuccessfully && lookup.IsCompletedSuccessfully
            ? new((read.Result, lookup.Result))
            : BothAsync(read.AsTask(), lookup.AsTask());
    }

    /// <summary>Reads the cache. A failed read counts as a miss.</summary>
    public async ValueTask<CacheRead> ReadAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        ThrowIfEnded(cancellationToken);
        try
        {
            ValueTask<CachedPolicy?> read = cache.GetAsync(domain, cancellationToken);
            return new(await TimeLimit.WaitAsync(read, _lookupTimeout, _clock, cancellationToken, disposal).ConfigureAwait(false), IsFailed: false);
        }
        catch (Exception e)
        {
            ThrowIfEnded(cancellationToken);
            Tell(new(DiscoveryEventKind.CacheReadFailed, domain) { Exception = e });
            return new(Entry: null, IsFailed: true);
        }
    }

    /// <summary>Fetches the policy. Only the disposal ends it before its time limit.</summary>
    public async Task<(FetchResult Fetch, Exception? Exception)> FetchAsync(PolicyDomain domain)
    {
        ThrowIfEnded(CancellationToken.None);
        CancellationTokenSource end = new();
        long began = _clock.GetTimestamp();
        Activity? activity = metrics.BeginFetch(domain);
        FetchResult? result = null;
        Exception? exception = null;
        try
        {
            ValueTask<FetchResult> fetch = source.FetchPolicyAsync(domain, end.Token);
            result = Returned(await TimeLimit.WaitAsync(fetch, _fetchTimeout, _clock, disposal).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            TimeLimit.Observe(end.CancelAsync());
            ThrowIfEnded(CancellationToken.None);

            // An HTTP client reports its own time limit as a cancellation.
            result = FetchResult.Failed(e is TimeoutException or OperationCanceledException ? FetchStatus.TimedOut : FetchStatus.ConnectionFailed);
            exception = e;
        }
        finally
        {
            metrics.EndFetch(activity, result, _clock.GetElapsedTime(began));
        }

        return (result, exception);
    }

    /// <summary>Stores the result of a fetch. The disposal waits for it, because a policy must not be lost.</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="plan">The plan that asked for the fetch.</param>
    /// <param name="known">The entry before the fetch, which counts if the cache fails.</param>
    /// <param name="fetch">The result of the fetch.</param>
    public async Task<RefreshResult> StoreAsync(PolicyDomain domain, RefreshPlan plan, CachedPolicy? known, FetchResult fetch)
    {
        RefreshResult result = default;
        try
        {
            ValueTask<CachedPolicy?> update = cache.UpdateAsync(
                domain, current => (result = PolicyRefresh.Complete(plan, current, fetch)).Entry, CancellationToken.None);
            await TimeLimit.WaitAsync(update, _lookupTimeout, _clock, CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        catch (Exception e)
        {
            Tell(new(DiscoveryEventKind.CacheWriteFailed, domain) { Exception = e });
            return PolicyRefresh.Complete(plan, known, fetch);
        }
    }

    /// <summary>Passes an event to the caller's handler. A fault of the handler must not stop mail.</summary>
    public void Tell(DiscoveryEvent discoveryEvent)
    {
        try
        {
            _onEvent?.Invoke(discoveryEvent);
        }
        catch (Exception)
        {
        }
    }

    private static T Returned<T>(T? value) => value ?? throw new InvalidOperationException("The policy source returned null.");

    private static async ValueTask<(CacheRead Read, TxtAnswer Txt)> BothAsync(Task<CacheRead> read, Task<TxtAnswer> lookup)
    {
        await Task.WhenAll(read, lookup).ConfigureAwait(false);
        return (await read.ConfigureAwait(false), await lookup.ConfigureAwait(false));
    }

    private async ValueTask<TxtAnswer> LookUpAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        ThrowIfEnded(cancellationToken);
        CancellationTokenSource end = new();
        TxtAnswer answer = TxtAnswer.LookupFailed;
        Exception? exception = null;
        try
        {
            ValueTask<TxtAnswer> lookup = source.LookUpRecordAsync(domain, end.Token);
            answer = Returned(await TimeLimit.WaitAsync(lookup, _lookupTimeout, _clock, cancellationToken, disposal).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            TimeLimit.Observe(end.CancelAsync());
            ThrowIfEnded(cancellationToken);
            exception = e;
        }

        metrics.LookedUp(answer);
        if (answer.Status is TxtStatus.LookupFailed)
        {
            Tell(new(DiscoveryEventKind.LookupFailed, domain) { Exception = exception });
        }

        return answer;
    }

    // An exception of the source or the cache after a cancellation is not their fault.
    private void ThrowIfEnded(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        disposal.ThrowIfCancellationRequested();
    }
}
