using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MtaSts;

/// <summary>A cache of policies in the memory of this process.</summary>
/// <remarks>
/// <para>Bounded: when more domains are stored than <see cref="InMemoryCacheOptions.Capacity"/> allows, expired entries go first, then those that were not
/// stored or read for longest. They go in batches of a sixty-fourth of the capacity. While several threads write, the cache may for a moment hold an entry
/// more for each of them, and what was read by several threads at once may count as read in another order;
/// what was not read while two thousand million others were may count as read just now.</para>
/// <para>A read takes no lock and allocates nothing, but for a domain that carries non-ASCII. All members may
/// be called by several threads at once.</para>
/// <para>A cache that is lost is a window for downgrade attacks (RFC 8461, Section 10.2): <see cref="SaveAsync"/> it before the process ends, and
/// <see cref="LoadAsync"/> it when the next one begins.</para>
/// <para>The meter <c>MtaSts</c> has the instruments <c>mtasts.cache.hits</c>, <c>mtasts.cache.misses</c>, <c>mtasts.cache.evictions</c> and
/// <c>mtasts.cache.entries</c>, for all caches of the process together.</para>
/// </remarks>
public sealed class InMemoryCache : ICache
{
    // Choosing what has to go looks at every entry; so it makes room for more than one.
    private const int BatchesPerCapacity = 64;

    private readonly ConcurrentDictionary<CacheKey, CachedPolicy> _entries = new(CacheKey.ByName.Instance);

    private readonly Lock _eviction = new();
    private readonly int _capacity;
    private readonly TimeProvider _timeProvider;
    private int _count; // The dictionary's own takes all its locks.
    private uint _uses; // Not exact under several threads, which its readers put up with.

    /// <summary>Creates an empty cache with the default options.</summary>
    public InMemoryCache()
        : this(new InMemoryCacheOptions())
    {
    }

    /// <summary>Creates an empty cache.</summary>
    /// <param name="options">How it is set up; later changes have no effect.</param>
    /// <exception cref="ArgumentNullException">The options, or their clock, are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is under 1.</exception>
    public InMemoryCache(InMemoryCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.TimeProvider, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Capacity, 1, nameof(options));
        _capacity = options.Capacity;
        _timeProvider = options.TimeProvider;
        CacheMetrics.Watch(this);
    }

    /// <summary>The number of policy domains in the cache, expired ones included.</summary>
    public int Count => Math.Max(Volatile.Read(ref _count), 0); // An entry may be taken out before the thread that put it in has counted it.

    /// <summary>Reads the entry of a policy domain.</summary>
    /// <param name="domain">The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.</param>
    /// <param name="entry">The entry, expired or not; null if there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(ReadOnlySpan<char> domain, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        if (TryFind(domain, out CacheKey key, out entry))
        {
            Touch(key);
        }

        CacheMetrics.CountLookup(isHit: entry is not null);
        return entry is not null;
    }

    /// <summary>Stores the entry of a policy domain in place of any other.</summary>
    /// <param name="domain">The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.</param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="ArgumentNullException">The entry is null.</exception>
    /// <exception cref="ArgumentException">The domain is no domain name.</exception>
    public void Set(ReadOnlySpan<char> domain, CachedPolicy entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        TryStore(domain, entry, onlyIfNewer: false);
    }

    /// <summary>Forgets a policy domain.</summary>
    /// <param name="domain">The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.</param>
    /// <returns>Whether it was known.</returns>
    public bool Remove(ReadOnlySpan<char> domain)
    {
        if (TryFind(domain, out CacheKey key, out _) && _entries.TryRemove(key, out _))
        {
            Interlocked.Decrement(ref _count);
            return true;
        }

        return false;
    }

    /// <summary>Lists what a background task that runs once a day should fetch anew, whatever the TXT records say (RFC 8461, Section 10.2).</summary>
    /// <param name="now">The time.</param>
    /// <returns>
    /// The domains, in A-labels and lower case, whose policy is unexpired, was fetched 24 hours ago or more, and was not tried in the last five minutes; with
    /// their entries. Reflects the cache as it is while being walked through.
    /// </returns>
    /// <example>
    /// <code>
    /// foreach ((string domain, _) in cache.DueForRefresh(clock.GetUtcNow()))
    /// {
    ///     TxtAnswer txt = await LookUpAsync(domain);
    ///     FetchResult fetch = await FetchAsync(domain);
    ///     cache.TryGet(domain, out CachedPolicy? current); // Once more: a delivery may have fetched it meanwhile.
    ///     if (PolicyRefresh.Complete(current, txt, fetch, clock.GetUtcNow()).Entry is { } entry)
    ///     {
    ///         cache.Set(domain, entry);
    ///     }
    /// }
    /// </code>
    /// </example>
    public IEnumerable<KeyValuePair<string, CachedPolicy>> DueForRefresh(DateTimeOffset now) =>
        Entries().Where(pair => PolicyRefresh.Plan(pair.Value, TxtAnswer.LookupFailed, now).Action is RefreshAction.ApplyAndFetch);

    /// <summary>Writes all entries to a stream, a line each.</summary>
    /// <param name="stream">Where to; it stays open. A caller that writes a file should write another one first and then rename it.</param>
    /// <param name="cancellationToken">Ends the writing early.</param>
    /// <returns>A task that ends when everything is written. Entries that are stored meanwhile may be missing.</returns>
    /// <exception cref="ArgumentNullException">The stream is null.</exception>
    public Task SaveAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return CacheSnapshot.WriteAsync(stream, Entries().ToList(), cancellationToken);
    }

    /// <summary>Reads what <see cref="SaveAsync"/> wrote.</summary>
    /// <param name="stream">Where from, to the end; it stays open.</param>
    /// <param name="cancellationToken">Ends the reading early; what was read until then is in the cache.</param>
    /// <returns>What was found. Damaged lines are passed over; an entry never takes the place of one that was fetched later or at the same time.</returns>
    /// <exception cref="ArgumentNullException">The stream is null.</exception>
    public async Task<CacheLoadResult> LoadAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int loaded = 0;
        int whole = 0;
        int damaged = 0;
        int total = 0;
        await foreach (CacheSnapshot.Line? line in CacheSnapshot.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
        {
            if (line is not { } entry)
            {
                damaged++;
                continue;
            }

            whole++;
            total = entry.Total;
            loaded += TryStore(entry.Domain, entry.Entry, onlyIfNewer: true) ? 1 : 0;
        }

        return new(loaded, whole - loaded, Math.Max(damaged, total - whole));
    }

    /// <inheritdoc/>
    public ValueTask<CachedPolicy?> GetAsync(string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<CachedPolicy?>(cancellationToken);
        }

        TryGet(domain, out CachedPolicy? entry);
        return ValueTask.FromResult(entry);
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(string domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Set(domain, entry);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Remove(domain);
        return ValueTask.CompletedTask;
    }

    private bool TryStore(ReadOnlySpan<char> domain, CachedPolicy entry, bool onlyIfNewer)
    {
        while (true)
        {
            if (!TryFind(domain, out CacheKey key, out CachedPolicy? current))
            {
                if (_entries.TryAdd(NewKey(domain), entry))
                {
                    if (Interlocked.Increment(ref _count) > _capacity)
                    {
                        Evict();
                    }

                    return true;
                }
            }
            else if (onlyIfNewer && current.FetchedAt >= entry.FetchedAt)
            {
                return false;
            }
            else if (_entries.TryUpdate(key, entry, current))
            {
                Touch(key);
                return true;
            }
        }
    }

    private CacheKey NewKey(ReadOnlySpan<char> domain)
    {
        Span<byte> name = stackalloc byte[DomainName.MaxLength];
        return DomainName.TryNormalize(domain, name, out int length)
            ? new(name[..length], ++_uses)
            : throw new ArgumentException($"{LogText.Quote(domain)} is no domain name.", nameof(domain));
    }

    private bool TryFind(ReadOnlySpan<char> domain, out CacheKey key, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        ReadOnlySpan<char> name = DomainName.WithoutRoot(domain);
        return CacheKey.TryFind(_entries, name, out key, out entry)
            || (DomainName.TryGetALabels(name, out string? ascii) && CacheKey.TryFind(_entries, ascii, out key, out entry));
    }

    private void Evict()
    {
        // What others wrote, the clock and the listeners of the metrics, does not run within the lock.
        int evicted = Evict(_timeProvider.GetUtcNow());
        CacheMetrics.CountEvictions(evicted);
    }

    private int Evict(DateTimeOffset now)
    {
        int evicted = 0;
        lock (_eviction)
        {
            // Once, unless others replace what is about to go.
            while (Count - _capacity is > 0 and int surplus)
            {
                int batch = EvictBatch(surplus + (_capacity / BatchesPerCapacity), now);
                Interlocked.Add(ref _count, -batch);
                evicted += batch;
            }
        }

        return evicted;
    }

    private int EvictBatch(int wanted, DateTimeOffset now)
    {
        // Keeps the entries that are most fit to go: by the age of their last use, and before all others the expired ones.
        PriorityQueue<KeyValuePair<CacheKey, CachedPolicy>, ulong> leaving = new(wanted + 1);
        uint uses = _uses;
        foreach (KeyValuePair<CacheKey, CachedPolicy> pair in _entries)
        {
            // What another thread used since the count was read is not old, but new.
            uint age = (uint)Math.Max((int)(uses - pair.Key.LastUse), 0);
            ulong fitness = (pair.Value.IsExpired(now) ? 1UL << 32 : 0) | age;
            if (leaving.Count < wanted)
            {
                leaving.Enqueue(pair, fitness);
            }
            else
            {
                leaving.EnqueueDequeue(pair, fitness);
            }
        }

        return leaving.UnorderedItems.Count(item => _entries.TryRemove(item.Element)); // Unless replaced meanwhile.
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

    private IEnumerable<KeyValuePair<string, CachedPolicy>> Entries()
    {
        foreach ((CacheKey key, _) in _entries)
        {
            // Once more: when the dictionary grows, whoever walks through it goes on with the entries of before.
            if (_entries.TryGetValue(key, out CachedPolicy? entry))
            {
                yield return new(Encoding.ASCII.GetString(key.Name), entry);
            }
        }
    }
}
