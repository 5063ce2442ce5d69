using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MtaSts;

/// <summary>Calls the source and the cache for a <see cref="PolicyDiscovery"/>.</summary>
/// <remarks>
/// Each call ends at its time limit, also where the source or the cache ignores its token. An exception becomes an event
/// and a result. After the disposal, each call is canceled.
/// </remarks>
[SuppressMessage("Design", "CA1031", Justification = "The exceptions of the caller's source and cache may be of any type.")]
[SuppressMessage("Reliability", "CA2000", Justification = "A call that was abandoned may still use its token.")]
internal sealed class DiscoveryCalls(
    ICache cache, IPolicySource source, PolicyDiscoveryOptions options, DiscoveryMetrics metrics, CancellationToken disposal)
{
    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly TimeSpan _lookupTimeout = options.LookupTimeout;
    private readonly TimeSpan _fetchTimeout = options.FetchTimeout;
    private readonly Action<DiscoveryEvent>? _onEvent = options.OnEvent;

    /// <summary>Reads the cache. A failed read counts as a miss.</summary>
    public async ValueTask<CacheRead> ReadAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        ThrowIfEnded(cancellationToken);
        try
        {
            ValueTask<CachedPolicy?> read = cache.GetAsync(domain, cancellationToken);
            return new(IsFailed: false, Entry: read.IsCompletedSuccessfully
                ? read.Result
                : await TimeLimit.WaitAsync(read.AsTask(), _lookupTimeout, _clock, cancellationToken, disposal).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            ThrowIfEnded(cancellationToken);
            Tell(new(DiscoveryEventKind.CacheReadFailed, domain) { Exception = e });
            return new(IsFailed: true, Entry: null);
        }
    }

    /// <summary>Looks up the TXT record.</summary>
    public async ValueTask<TxtAnswer> LookUpAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        ThrowIfEnded(cancellationToken);
        CancellationTokenSource end = new();
        TxtAnswer answer = TxtAnswer.LookupFailed;
        Exception? exception = null;
        try
        {
            ValueTask<TxtAnswer> lookup = source.LookUpRecordAsync(domain, end.Token);
            answer = Returned(lookup.IsCompletedSuccessfully
                ? lookup.Result
                : await TimeLimit.WaitAsync(lookup.AsTask(), _lookupTimeout, _clock, cancellationToken, disposal).ConfigureAwait(false));
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
            Task<FetchResult> fetch = source.FetchPolicyAsync(domain, end.Token).AsTask();
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
        CachedPolicy? Complete(CachedPolicy? current) => (result = PolicyRefresh.Complete(plan, current, fetch)).Entry;
        try
        {
            Task<CachedPolicy?> update = cache.UpdateAsync(domain, Complete, CancellationToken.None).AsTask();
            await TimeLimit.WaitAsync(update, _lookupTimeout, _clock).ConfigureAwait(false);
            return result;
        }
        catch (Exception e)
        {
            Tell(new(DiscoveryEventKind.CacheWriteFailed, domain) { Exception = e });
            return PolicyRefresh.Complete(plan, known, fetch);
        }
    }

    /// <summary>Passes an event to the caller's handler. A fault of the handler must not stop mail.</summary>
    public void Tell(DiscoveryEvent discoveryEvent) => Callback.Invoke(() => _onEvent?.Invoke(discoveryEvent));

    private static T Returned<T>(T? value) => value ?? throw new InvalidOperationException("The policy source returned null.");

    // What the source or the cache throws after a cancellation is not their fault.
    private void ThrowIfEnded(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        disposal.ThrowIfCancellationRequested();
    }
}
