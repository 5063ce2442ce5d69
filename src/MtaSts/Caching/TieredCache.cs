using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MtaSts;

/// <summary>
/// Represents a cache of two tiers: near, in the memory of this process, and far, in a store that several processes
/// share.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>
/// Reads. An entry near that was confirmed within <see cref="TieredCacheOptions.TrustFor"/> is returned without asking
/// far. Otherwise far is read. The newer entry of both is returned, kept near and confirmed. A domain with nothing near
/// is read far each time.
/// </item>
/// <item>
/// Newer. A policy is newer than an entry without one, and a later fetch is newer than an earlier one. With the same
/// fetch, the later failed attempt is newer. A fetch that a wrong clock dated over five minutes in the future counts as
/// earlier than any other.
/// </item>
/// <item>
/// Writes. They go to far first. An update starts from the newer entry of both, which restores what far has lost.
/// </item>
/// <item>
/// Faults. If a read of far throws or is late, the entry near is used until <see cref="CachedPolicy.KeepUntil"/>, and
/// far is not asked again within <see cref="TieredCacheOptions.TrustFor"/>. The exception goes to
/// <see cref="TieredCacheOptions.OnFarError"/>; with nothing near, it goes to the caller. A write that fails far is
/// made near, and then its exception goes to the caller.
/// </item>
/// <item>
/// Other processes. They see a write at most <see cref="TieredCacheOptions.TrustFor"/> later, or when far works again.
/// They see a removal, or an older entry that <see cref="SetAsync"/> stored, only after their own entry near has gone.
/// An entry that far lost must not end the use of a policy.
/// </item>
/// </list>
/// <para>Updates are atomic if those of far are. Several threads may call all members at once. A trusted read allocates
/// nothing.</para>
/// </remarks>
/// <example>
/// <code>
/// TieredCache cache = new(new InMemoryCache(), sharedStore, new()
/// {
///     OnFarError = (domain, exception) =&gt; log.Warning($"The shared cache failed for {domain}: {exception.Message}"),
/// });
/// await using PolicyDiscovery discovery = new(cache, source);
/// </code>
/// </example>
[SuppressMessage("Design", "CA1031", Justification = "The exceptions of the far cache and the handler may be of any type.")]
public sealed class TieredCache : IRefreshableCache
{
    // By instance, which is near for one domain. When the near cache drops an entry, its confirmation goes with it.
    private readonly ConditionalWeakTable<CachedPolicy, Confirmation> _confirmations = [];
    private readonly InMemoryCache _near;
    private readonly ICache _far;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _trustFor;
    private readonly TimeSpan _farTimeout;
    private readonly Action<PolicyDomain?, Exception>? _onFarError;

    /// <summary>Creates a cache of two tiers.</summary>
    /// <param name="near">The cache of this process. Nothing else should write to it.</param>
    /// <param name="far">The shared store.</param>
    /// <param name="options">The options; null for the defaults. Later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="near"/>, <paramref name="far"/> or the clock in
    /// <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time in <paramref name="options"/> is out of range.</exception>
    public TieredCache(InMemoryCache near, ICache far, TieredCacheOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(near);
        ArgumentNullException.ThrowIfNull(far);
        options ??= new();
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TrustFor, TimeSpan.Zero, nameof(options));
        TimeLimit.ThrowIfInvalid(options.FarTimeout, nameof(options));
        _near = near;
        _far = far;
        _clock = options.TimeProvider;
        _trustFor = options.TrustFor;
        _farTimeout = options.FarTimeout;
        _onFarError = options.OnFarError;
    }

    /// <inheritdoc/>
    public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return _near.TryGet(domain.Name, out CachedPolicy? near) && IsTrusted(domain, near) && !cancellationToken.IsCancellationRequested
            ? ValueTask.FromResult<CachedPolicy?>(near)
            : ReadFarAsync(domain, near, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(update);
        cancellationToken.ThrowIfCancellationRequested();
        CachedPolicy? near = _near.Exchange(domain, static _ => null);
        CachedPolicy? written = null;
        bool isUpdating = false;
        CachedPolicy? Update(CachedPolicy? current)
        {
            isUpdating = true;
            CachedPolicy? newer = Newer(near, current);
            written = update(newer) ?? (newer == current ? null : newer);
            isUpdating = false;
            return written;
        }

        long began = _clock.GetTimestamp();
        try
        {
            Task<CachedPolicy?> call = _far.UpdateAsync(domain, Update, cancellationToken).AsTask();
            CachedPolicy? far = await TimeLimit.WaitAsync(call, _farTimeout, _clock, cancellationToken).ConfigureAwait(false);
            CachedPolicy? stored = far ?? written; // A store may drop what has expired. It still ends the use of what is near.
            return Newer(Keep(domain, near, stored, stored, began), far);
        }
        catch (Exception e) when (!isUpdating && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                _near.Exchange(domain, update);
            }
            catch (Exception)
            {
                Tell(domain, e);
                throw;
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(entry);
        return WriteAsync(
            () => _far.SetAsync(domain, entry, cancellationToken), () => _near.Exchange(domain, _ => entry), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return WriteAsync(() => _far.RemoveAsync(domain, cancellationToken), () => _near.Remove(domain.Name), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Lists the domains near, then those that only far lists, if it can.</remarks>
    public IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        _near.DueForRefreshAsync(now, cancellationToken).Union(ListFarAsync(now, cancellationToken));

    private static async ValueTask WriteAsync(Func<ValueTask> far, Action near, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await far().ConfigureAwait(false);
        }
        finally
        {
            near();
        }
    }

    private async IAsyncEnumerable<PolicyDomain> ListFarAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<PolicyDomain> due = [];
        try
        {
            if (_far is IRefreshableCache far)
            {
                due = await far.DueForRefreshAsync(now, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Tell(domain: null, e);
        }

        foreach (PolicyDomain domain in due)
        {
            yield return domain;
        }
    }

    private async ValueTask<CachedPolicy?> ReadFarAsync(PolicyDomain domain, CachedPolicy? near, CancellationToken cancellationToken)
    {
        long began = _clock.GetTimestamp();
        (CachedPolicy? far, Exception? exception) = await TimeLimit.TryAsync(
            static (call, token) => call.Far.GetAsync(call.Domain, token),
            (Far: _far, Domain: domain),
            _farTimeout,
            _clock,
            cancellationToken,
            CancellationToken.None).ConfigureAwait(false);
        if (exception is null)
        {
            CachedPolicy? newer = Newer(near, far);
            return Newer(Keep(domain, near, newer, ifChanged: null, began), newer);
        }

        if (!IsKept(near))
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        // For as long as after a success: each delivery that asks a far cache in trouble may have to wait for it.
        _confirmations.AddOrUpdate(near, new(domain, _clock.GetTimestamp()));
        Tell(domain, exception);
        return near;
    }

    private bool IsTrusted(PolicyDomain domain, CachedPolicy near) =>
        _confirmations.TryGetValue(near, out Confirmation? confirmation)
        && confirmation.Domain == domain
        && _clock.GetElapsedTime(confirmation.At) < _trustFor
        && IsKept(near);

    private bool IsKept([NotNullWhen(true)] CachedPolicy? near) => near is not null && _clock.GetUtcNow() < near.KeepUntil;

    private CachedPolicy? Newer(CachedPolicy? near, CachedPolicy? far)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        return IsKept(near) && (far is null || (near.Rank(now), near.FailedAt).CompareTo((far.Rank(now), far.FailedAt)) > 0) ? near : far;
    }

    // Stores an entry near and returns what is there afterwards. If another call has changed the entry that this one
    // found near, their order in the far cache is unknown. Then nothing is confirmed, and the next read asks far.
    private CachedPolicy? Keep(PolicyDomain domain, CachedPolicy? found, CachedPolicy? entry, CachedPolicy? ifChanged, long began)
    {
        bool isChanged = false;
        CachedPolicy? kept = _near.Exchange(
            domain, current => (isChanged = current != found) ? Newer(current, ifChanged) : entry);
        if (kept is not null)
        {
            _confirmations.AddOrUpdate(kept, new(isChanged ? null : domain, began));
        }

        return kept;
    }

    private void Tell(PolicyDomain? domain, Exception exception) =>
        Telemetry.Tell((_onFarError, domain, exception), static x => x._onFarError?.Invoke(x.domain, x.exception));

    private sealed record Confirmation(PolicyDomain? Domain, long At);
}
