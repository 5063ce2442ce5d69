using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MtaSts;

/// <summary>Finds the policy of a domain before a delivery (RFC 8461 sections 3.3, 5.1 and 10.2).</summary>
/// <remarks>
/// <para>It reads the cache, looks up the TXT record, and fetches the policy when that is due. It calls an
/// <see cref="ICache"/> and an <see cref="IPolicySource"/>, and does no I/O of its own. It has no background thread,
/// and no timer but those of its <see cref="TimeProvider"/>. <see cref="PolicyRefresh"/> makes the decisions.</para>
/// <list type="bullet">
/// <item>
/// Awaited. A delivery waits for the cache and the TXT lookup, which run at the same time. It waits for a fetch only if
/// no unexpired policy is cached. Otherwise the fetch goes on in <see cref="DiscoveredPolicy.Refresh"/>.
/// </item>
/// <item>
/// Shared. Deliveries to one domain share one fetch at a time. A delivery that found another id waits for that fetch,
/// and then for one more. All deliveries whose lookup ended before that one began share it.
/// </item>
/// <item>
/// Bounded. The discovery waits for at most <see cref="PolicyDiscoveryOptions.MaxConcurrentFetches"/> fetches at once.
/// </item>
/// <item>
/// Canceled. A token ends the wait of its delivery. The fetch goes on until
/// <see cref="PolicyDiscoveryOptions.FetchTimeout"/> or the disposal, and its result is stored.
/// </item>
/// <item>
/// Errors. An exception of the source is a failed lookup or a failed fetch; one of the cache is a miss or a lost
/// update. Each is one <see cref="DiscoveryEvent"/>.
/// </item>
/// <item>
/// Told once. The failure of a fetch is in the result of one delivery, however many wait for it.
/// </item>
/// </list>
/// <para>Create one for the process. Several threads may call all members at once.</para>
/// </remarks>
/// <example>
/// <code>
/// await using PolicyDiscovery discovery = new(cache, source);
/// DiscoveredPolicy found = await discovery.DiscoverAsync(domain, cancellationToken);
/// Decision decision = found.Enforce(mxHost);
/// if (decision.Verdict is Verdict.Deny &amp;&amp; found.Refresh is { } refresh)
/// {
///     found = await refresh; // The domain may have a new policy that allows the host.
///     decision = found.Enforce(mxHost);
/// }
/// </code>
/// </example>
public sealed class PolicyDiscovery : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PolicyDomain, Flight> _flights = new();
    private readonly CancellationTokenSource _disposal = new();
    private readonly ICache _cache;
    private readonly TimeProvider _clock;
    private readonly int _maxConcurrentFetches;
    private readonly SemaphoreSlim _turns;
    private readonly DiscoveryMetrics _metrics;
    private readonly DiscoveryCalls _calls;

    /// <summary>Creates a discovery.</summary>
    /// <param name="cache">The cache. It stays open when the discovery is disposed.</param>
    /// <param name="source">The caller's resolver and HTTPS client.</param>
    /// <param name="options">The options; null for the defaults. Later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cache"/>, <paramref name="source"/> or the clock in
    /// <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value in <paramref name="options"/> is out of range.</exception>
    public PolicyDiscovery(ICache cache, IPolicySource source, PolicyDiscoveryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new();
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentFetches, 1, nameof(options));
        TimeLimit.ThrowIfInvalid(options.LookupTimeout, nameof(options));
        TimeLimit.ThrowIfInvalid(options.FetchTimeout, nameof(options));

        _cache = cache;
        _clock = options.TimeProvider;
        _maxConcurrentFetches = options.MaxConcurrentFetches;
        _turns = new(_maxConcurrentFetches);
        _metrics = new(Telemetry.GetMeter(options.MeterFactory));
        _calls = new(cache, source, options, _metrics, _disposal.Token);
    }

    /// <summary>Finds the policy that applies to a delivery.</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host (RFC 8461 section 3.4).</param>
    /// <param name="cancellationToken">Ends this wait and nothing else.</param>
    /// <returns>The policy, or the result that no policy applies.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was canceled, or the discovery was disposed during the call.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The discovery is disposed.</exception>
    public async ValueTask<DiscoveredPolicy> DiscoverAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        DomainState state = await _calls.FindAsync(domain, cancellationToken).ConfigureAwait(false);
        DiscoveredPolicy found = await DecideAsync(state, cancellationToken).ConfigureAwait(false);
        _metrics.Discovered(found.Policy);
        return found;
    }

    /// <summary>
    /// Determines whether a message that the policy denied may bounce. RFC 8461 section 5 allows it only after a new
    /// lookup shows no other policy. If it shows another id, this method fetches that policy.
    /// </summary>
    /// <param name="judged">The result whose policy denied the delivery.</param>
    /// <param name="cancellationToken">Ends this wait and nothing else.</param>
    /// <returns>
    /// <see langword="true"/> if the lookup completed and shows no other id, or if the policy of the other id could not
    /// be fetched in the last five minutes; otherwise, <see langword="false"/>. Always <see langword="false"/> if the
    /// cache has another unexpired policy by now. Then deliver by the new policy, or ask again later. Without a policy,
    /// <see langword="true"/>: nothing was denied.
    /// </returns>
    /// <remarks>
    /// <see langword="true"/> permits a bounce under the sender's retry rules; it does not require one. A lookup that
    /// fails never permits a bounce. A message that has reached the end of its lifetime in the queue may always be
    /// returned.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="judged"/> is null.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was canceled, or the discovery was disposed during the call.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The discovery is disposed.</exception>
    public async ValueTask<bool> MayFailPermanentlyAsync(DiscoveredPolicy judged, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(judged);
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        if (judged.Entry is not { } denying)
        {
            return true;
        }

        DomainState state = await _calls.FindAsync(judged.Domain, cancellationToken).ConfigureAwait(false);
        bool showsAnotherId = state.Id is not null && state.Id != denying.Id;
        FlightResult? last = null;
        while (true)
        {
            // Another delivery may have fetched another policy since: it may allow what this one denied.
            RefreshPlan plan = state.Plan(_clock);
            if (plan.AppliedEntry is { } applied && (applied.Id, applied.Policy) != (denying.Id, denying.Policy))
            {
                return false;
            }

            if (!showsAnotherId || last is not null || Join(state, plan) is not { } flight)
            {
                // An attempt that has just failed counts as one that was made now.
                return (showsAnotherId && plan.HasJustFailed) || PolicyRefresh.MayFailPermanently(denying, state.Txt, last?.Fetch);
            }

            FlightResult result = await flight.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
            last = flight.Answers(state, result) ? result : null;
            state = await ReadAgainAsync(state, result, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Refreshes the policies that are due, with or without mail (RFC 8461 section 10.2). Call it every few minutes.
    /// </summary>
    /// <param name="cancellationToken">Ends the round early. Fetches that have begun go on.</param>
    /// <returns>A task that ends when each policy that was due is fetched or has failed.</returns>
    /// <remarks>
    /// The cache lists the policies (<see cref="IRefreshableCache.DueForRefreshAsync"/>). Failed lookups and fetches
    /// become events. An exception of the list ends the round and goes to the caller.
    /// </remarks>
    /// <exception cref="NotSupportedException">The cache is not an <see cref="IRefreshableCache"/>.</exception>
    /// <exception cref="TimeoutException">
    /// The cache took longer than <see cref="PolicyDiscoveryOptions.LookupTimeout"/> to list the next domain.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was canceled, or the discovery was disposed during the call.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The discovery is disposed.</exception>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "Limits the concurrent calls of the source. The caller awaits them.")]
    public Task RefreshDueAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposal.IsCancellationRequested, this);
        return _cache is IRefreshableCache cache
            ? Parallel.ForEachAsync(
                _calls.ListDueAsync(cache, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = _maxConcurrentFetches, CancellationToken = cancellationToken },
                RefreshAsync)
            : throw new NotSupportedException($"{_cache.GetType().Name} cannot list what is due: it is not an IRefreshableCache.");
    }

    /// <summary>Ends all waits and fetches, and waits for the results that are being stored.</summary>
    /// <returns>
    /// A task that ends when no fetch of this discovery runs. A call of <see cref="PolicyDiscoveryOptions.OnEvent"/>
    /// must not wait for it.
    /// </returns>
    /// <remarks>
    /// Deliveries that wait get an <see cref="OperationCanceledException"/>, unless their result is being stored. A
    /// <see cref="DiscoveredPolicy.Refresh"/> ends with the policy that applied before.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        await _disposal.CancelAsync().ConfigureAwait(false);
        foreach (Flight flight in _flights.Values)
        {
            await ((Task)flight.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Never throws. The policy of the plan applies to its delivery, even if it expires meanwhile.
    private static async Task<DiscoveredPolicy> FollowAsync(Task<DiscoveredPolicy> landing, PolicyDomain domain, CachedPolicy planned)
    {
        await ((Task)landing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        DiscoveredPolicy? found = landing.IsCompletedSuccessfully ? await landing.ConfigureAwait(false) : null;
        found = found?.Refresh is { } next ? await next.ConfigureAwait(false) : found;
        return new(domain)
        {
            Entry = found?.Entry ?? planned,
            Failure = found?.Failure ?? TlsFailure.None,
            ShouldAlert = found?.ShouldAlert is true,
        };
    }

    // Waits for a fetch only if no unexpired policy is at hand.
    private async ValueTask<DiscoveredPolicy> DecideAsync(DomainState state, CancellationToken cancellationToken)
    {
        RefreshPlan plan = state.Plan(_clock);
        Flight? flight = Join(state, plan);
        if (flight is not null && plan.AppliedEntry is null)
        {
            return await LandAsync(flight, state, plan, cancellationToken).ConfigureAwait(false);
        }

        return new(state.Domain)
        {
            Entry = plan.AppliedEntry,
            Failure = plan.Failure,
            ShouldAlert = plan.ShouldAlert,
            IsUncertain = state.IsUnread && plan.AppliedEntry is null,
            Refresh = flight is null || plan.AppliedEntry is not { } planned
                ? null
                : FollowAsync(LandAsync(flight, state, plan, CancellationToken.None), state.Domain, planned),
        };
    }

    // Waits for a fetch. If that was of another id, decides again.
    private async Task<DiscoveredPolicy> LandAsync(Flight flight, DomainState state, RefreshPlan plan, CancellationToken cancellationToken)
    {
        FlightResult result = await flight.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!flight.Answers(state, result))
        {
            DomainState newer = await ReadAgainAsync(state, result, cancellationToken).ConfigureAwait(false);
            return await DecideAsync(newer, cancellationToken).ConfigureAwait(false);
        }

        // A delivery that has told the failure of its plan does not tell another one.
        bool isTold = plan.Failure is TlsFailure.None && flight.TryTell();
        CachedPolicy? applied = result.AppliedEntry ?? plan.AppliedEntry;
        return new(state.Domain)
        {
            Entry = applied,
            Failure = isTold ? result.Refresh.Failure : TlsFailure.None,
            ShouldAlert = isTold && result.Refresh.ShouldAlert,
            IsUncertain = state.IsUnread && result.IsUnread && applied is null,
        };
    }

    // A policy that was fetched but could not be stored counts as known.
    private ValueTask<DomainState> ReadAgainAsync(DomainState state, FlightResult result, CancellationToken cancellationToken) =>
        _calls.ReadAgainAsync(state with { Entry = result.AppliedEntry ?? state.Entry }, cancellationToken);

    private async ValueTask RefreshAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        DomainState state = await _calls.FindAsync(domain, cancellationToken).ConfigureAwait(false);
        if (Join(state, state.Plan(_clock)) is { } flight)
        {
            await flight.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // The fetch that is in progress; otherwise, a new one if the plan asks for it.
    private Flight? Join(DomainState state, RefreshPlan plan)
    {
        if (_flights.TryGetValue(state.Domain, out Flight? current) || plan.Action is RefreshAction.Apply)
        {
            return current;
        }

        // Without a record, a policy is fetched again under its old id.
        Flight flight = new(state.Id ?? plan.AppliedEntry?.Id);
        current = _flights.GetOrAdd(state.Domain, flight);
        if (current == flight)
        {
            _ = FlyAsync(flight, state);
        }

        return current;
    }

    private async Task FlyAsync(Flight flight, DomainState state)
    {
        Task<FlightResult> fetch = FetchInTurnAsync(state);
        await ((Task)fetch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Removed first: a delivery that finds no flight reads the cache, which has the result.
        _flights.TryRemove(new(state.Domain, flight));
        flight.Land(fetch);
    }

    private async Task<FlightResult> FetchInTurnAsync(DomainState known)
    {
        DomainState state;
        RefreshPlan plan;
        (FetchResult Fetch, Exception? Exception, long Number) fetched;
        await _turns.WaitAsync(_disposal.Token).ConfigureAwait(false);
        try
        {
            // Plans on the entry as it is now: another fetch may have ended since the delivery read the cache.
            state = await _calls.ReadAgainAsync(known, CancellationToken.None).ConfigureAwait(false);
            plan = state.Plan(_clock) with { Failure = TlsFailure.None };
            if (plan.Action is RefreshAction.Apply)
            {
                return new(plan.AppliedEntry, Fetch: null, Refresh: default, state.IsUnread, Number: 0);
            }

            fetched = await _calls.FetchAsync(state.Domain).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }

        (FetchResult fetch, Exception? exception, long number) = fetched;
        RefreshResult result = await _calls.StoreAsync(state, plan, fetch).ConfigureAwait(false);
        DiscoveryEventKind kind = fetch.IsOk ? DiscoveryEventKind.Fetched : DiscoveryEventKind.FetchFailed;
        _calls.Tell(new(kind, state.Domain) { Exception = exception, Fetch = fetch, ShouldAlert = result.ShouldAlert });
        return new(result.AppliedEntry, fetch, result, state.IsUnread, number);
    }
}
