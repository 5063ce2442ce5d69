using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>Represents a cache of policies in the memory of this process.</summary>
/// <remarks>
/// <para>The cache is bounded. When it holds more domains than <see cref="InMemoryCacheOptions.Capacity"/>, entries
/// without a policy go first, then expired ones, then the least recently used. They go in batches of a sixty-fourth of
/// the capacity. While several threads write, the cache may briefly hold one more entry for each of them.</para>
/// <para>An entry without a policy only remembers failed attempts. It never evicts an unexpired policy. When the cache
/// is nearly full, it replaces another such entry or an expired policy, or it is not kept.</para>
/// <para>Recency is approximate: the use counter is 32 bits and concurrent reads may be reordered.</para>
/// <para>A read takes no lock and allocates nothing, except for a domain that is not ASCII. Several threads may call
/// all members at once.</para>
/// <para>A lost cache allows downgrade attacks (RFC 8461 section 10.2): <see cref="SaveAsync"/> it before the process
/// ends, and <see cref="LoadAsync"/> it when the next one begins.</para>
/// <para>The meter <c>MtaSts</c> has the instruments <c>mtasts.cache.hits</c>, <c>mtasts.cache.misses</c>,
/// <c>mtasts.cache.evictions</c> and <c>mtasts.cache.entries</c>. Only reads count as hits and misses; updates do not.
/// One meter measures all caches of the process together, unless they have a
/// <see cref="InMemoryCacheOptions.MeterFactory"/>.</para>
/// </remarks>
public sealed class InMemoryCache : IRefreshableCache
{
    private readonly ConcurrentDictionary<CacheKey, CachedPolicy> _entries = new(CacheKey.ByName.Instance);
    private readonly TimeProvider _timeProvider;
    private readonly Eviction _eviction;
    private readonly CacheMetrics _metrics;
    private uint _uses; // Approximate under several threads, which is enough for an order.

    /// <summary>Creates an empty cache with the default options.</summary>
    public InMemoryCache()
        : this(new InMemoryCacheOptions())
    {
    }

    /// <summary>Creates an empty cache.</summary>
    /// <param name="options">The options. Later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or its clock is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity in <paramref name="options"/> is less than
    /// 1.</exception>
    public InMemoryCache(InMemoryCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1, nameof(options));
        _timeProvider = options.TimeProvider;
        _eviction = new(_entries, options.Capacity, _timeProvider);
        _metrics = CacheMetrics.For(this, options.MeterFactory);
    }

    /// <summary>The number of policy domains in the cache, including those with expired policies.</summary>
    public int Count => _eviction.Count;

    /// <summary>Gets the entry of a domain.</summary>
    /// <param name="domain">
    /// The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.
    /// </param>
    /// <param name="entry">The entry, expired or not; null if there is none.</param>
    /// <returns><see langword="true"/> if there is an entry; otherwise, <see langword="false"/>.</returns>
    public bool TryGet(ReadOnlySpan<char> domain, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        if (!TryFind(domain, out CacheKey key, out entry))
        {
            _metrics.Misses.Add(1);
            return false;
        }

        Touch(key);
        _metrics.Hits.Add(1);
        return true;
    }

    /// <summary>
    /// Stores the entry of a domain in place of any other. A cache without room may drop an entry without a policy.
    /// </summary>
    /// <param name="domain">
    /// The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.
    /// </param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArgumentNullException"><paramref name="entry"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="domain"/> is not a valid
    /// <see cref="PolicyDomain"/>.</exception>
    public void Set(ReadOnlySpan<char> domain, CachedPolicy entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!PolicyDomain.TryParse(domain, out PolicyDomain? parsed, out ParseError error))
        {
            throw new ArgumentException($"{Escaping.Quote(domain)} is not a valid policy domain: {error.Reason}.", nameof(domain));
        }

        Exchange(parsed, _ => entry);
    }

    /// <summary>Removes the entry of a domain, if any.</summary>
    /// <param name="domain">
    /// The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.
    /// </param>
    /// <returns><see langword="true"/> if there was an entry; otherwise, <see langword="false"/>.</returns>
    public bool Remove(ReadOnlySpan<char> domain)
    {
        CachedPolicy? removed = null;
        bool isRemoved = TryFind(domain, out CacheKey key, out _) && _entries.TryRemove(key, out removed);
        _eviction.CountChange(removed, stored: null);
        return isRemoved;
    }

    /// <inheritdoc/>
    public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CachedPolicy?>(cancellationToken)
            : ValueTask.FromResult(TryGet(domain.Name, out CachedPolicy? entry) ? entry : null);
    }

    /// <inheritdoc/>
    public ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(update);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CachedPolicy?>(cancellationToken)
            : ValueTask.FromResult(Exchange(domain, update));
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(UpdateAsync(domain, _ => entry, cancellationToken).AsTask());
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return new(cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : Task.FromResult(Remove(domain.Name)));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach ((string domain, CachedPolicy entry) in Entries())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.IsDueForRefresh(now))
            {
                yield return PolicyDomain.Parse(domain);
            }
        }
    }

    /// <summary>Writes all entries to a stream, one line each.</summary>
    /// <param name="stream">
    /// The stream, which stays open. To replace a file safely, write another file and then rename it.
    /// </param>
    /// <param name="cancellationToken">Ends the writing early.</param>
    /// <returns>
    /// A task that ends when everything is written. Entries that are stored meanwhile may be missing.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task SaveAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CacheSnapshot.WriteAsync(stream, Entries().ToList(), cancellationToken);
    }

    /// <summary>Stores the entries that <see cref="SaveAsync"/> wrote to a stream.</summary>
    /// <param name="stream">The stream, which is read to its end and stays open.</param>
    /// <param name="cancellationToken">
    /// Ends the reading early. The entries that were read until then are in the cache.
    /// </param>
    /// <returns>
    /// The numbers of entries. Damaged lines are skipped. An entry never replaces one that was fetched later or at the
    /// same time. A fetch dated over five minutes in the future, by a wrong clock, counts as earlier than any other.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<CacheLoadResult> LoadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int loaded = 0;
        int valid = 0;
        int damaged = 0;
        int total = 0;
        await foreach (CacheSnapshot.Line? parsed in CacheSnapshot.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
        {
            if (parsed is not { } line)
            {
                damaged++;
                continue;
            }

            bool isNewer = false;
            DateTimeOffset now = _timeProvider.GetUtcNow();
            Exchange(
                line.Domain,
                current => (isNewer = current is null || line.Entry.Rank(now).CompareTo(current.Rank(now)) > 0) ? line.Entry : null);
            valid++;
            total = line.Total;
            loaded += isNewer ? 1 : 0;
        }

        return new(loaded, valid - loaded, Math.Max(damaged, total - valid));
    }

    /// <summary>
    /// Updates an entry as <see cref="UpdateAsync"/> does, and returns the one that is stored afterwards.
    /// </summary>
    /// <remarks>Compares and swaps: the update is called again if another one comes between.</remarks>
    internal CachedPolicy? Exchange(PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update)
    {
        while (true)
        {
            bool isFound = CacheKey.TryFind(_entries, domain.Name, out CacheKey key, out CachedPolicy? current);
            if (update(current) is not { } entry)
            {
                return current;
            }

            if (!isFound)
            {
                key = new(Encoding.ASCII.GetBytes(domain.Name), ++_uses);
                if (_entries.TryAdd(key, entry))
                {
                    if (_eviction.MakeRoom(key, entry, in _uses) is > 0 and int evicted)
                    {
                        _metrics.Evictions.Add(evicted);
                    }

                    return _entries.GetValueOrDefault(key); // An attempt may not have been kept.
                }
            }
            else if (_entries.TryUpdate(key, entry, current!))
            {
                _eviction.CountChange(current, entry);
                Touch(key);
                return entry;
            }
        }
    }

    private bool TryFind(ReadOnlySpan<char> domain, out CacheKey key, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(domain);
        return CacheKey.TryFind(_entries, name, out key, out entry)
            || (HostName.TryGetALabels(name, out string? ascii) && CacheKey.TryFind(_entries, ascii, out key, out entry));
    }

    private void Touch(CacheKey key)
    {
        // Nothing is written for the entry that was used last, so that threads that read one entry do not contend.
        uint uses = _uses;
        if (key.LastUse != uses)
        {
            key.LastUse = _uses = uses + 1;
        }
    }

    // Reads each entry again: an enumerator keeps walking the old table after a resize.
    private IEnumerable<KeyValuePair<string, CachedPolicy>> Entries() => _entries
        .Select(pair => KeyValuePair.Create(Encoding.ASCII.GetString(pair.Key.Name), _entries.GetValueOrDefault(pair.Key)!))
        .Where(static pair => pair.Value is not null);
}
