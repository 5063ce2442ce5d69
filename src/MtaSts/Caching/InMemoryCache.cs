using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MtaSts;

/// <summary>A cache of policies in the memory of this process.</summary>
/// <remarks>
/// <para>Bounded: when more domains are stored than <see cref="InMemoryCacheOptions.Capacity"/> allows, entries without a policy go first,
/// then expired ones, then the least recently used. They go in batches of a sixty-fourth of the capacity. While several threads write, the
/// cache may for a moment hold one more entry for each of them.</para>
/// <para>An entry without a policy only remembers failed attempts, and never evicts an unexpired policy. When all but a batch of the capacity
/// is used, it takes the place of others of its kind or of expired policies, or is not kept.</para>
/// <para>Recency is approximate: the use counter is 32 bits and concurrent reads may be reordered.</para>
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
    private int _withoutPolicy; // How many of them.
    private int _notKept; // Attempts that did not fit, since there was a walk for one.
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

    private int Batch => _capacity / BatchesPerCapacity;

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
        if (TryFind(domain, out CacheKey key, out _) && _entries.TryRemove(key, out CachedPolicy? removed))
        {
            CountChange(removed, stored: null);
            return true;
        }

        return false;
    }

    /// <summary>Lists the policies that a background task should fetch again, with or without a TXT record (RFC 8461, Section 10.2).</summary>
    /// <param name="now">The time.</param>
    /// <returns>
    /// The domains, in A-labels and lower case, whose policy is unexpired, is due (see <see cref="PolicyRefresh"/>) and was not tried in
    /// the last five minutes; with their entries. Reflects the cache as it is while being enumerated.
    /// </returns>
    /// <remarks>
    /// Run the task every few minutes. A policy is due at half its <c>max_age</c>: a task that runs once a day loses policies of up to two
    /// days.
    /// </remarks>
    /// <example>
    /// <code>
    /// foreach ((string domain, CachedPolicy cached) in cache.DueForRefresh(clock.GetUtcNow()))
    /// {
    ///     TxtAnswer txt = await LookUpAsync(domain);
    ///     RefreshPlan plan = PolicyRefresh.Plan(cached, txt, clock.GetUtcNow());
    ///     if (plan.Action is not RefreshAction.Apply)
    ///     {
    ///         FetchResult fetch = await FetchAsync(domain);
    ///         cache.TryGet(domain, out CachedPolicy? current); // Read again: a delivery may have fetched meanwhile.
    ///         if (PolicyRefresh.Complete(plan, current, fetch).Entry is { } entry)
    ///         {
    ///             cache.Set(domain, entry);
    ///         }
    ///     }
    /// }
    /// </code>
    /// </example>
    public IEnumerable<KeyValuePair<string, CachedPolicy>> DueForRefresh(DateTimeOffset now) =>
        Entries().Where(pair => pair.Value.IsDueForRefresh(now));

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
    /// <returns>
    /// What was found. Damaged lines are skipped. An entry never replaces one that was fetched later or at the same time. A fetch dated
    /// over five minutes in the future, by a clock that was wrong, counts as earlier than any other.
    /// </returns>
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
                key = NewKey(domain);
                if (_entries.TryAdd(key, entry))
                {
                    if (CountChange(removed: null, entry) > LimitFor(entry))
                    {
                        MakeRoom(key, entry);
                    }

                    return true;
                }
            }
            else if (onlyIfNewer && !IsNewer(entry, current))
            {
                return false;
            }
            else if (_entries.TryUpdate(key, entry, current))
            {
                CountChange(current, entry);
                Touch(key);
                return true;
            }
        }
    }

    private bool IsNewer(CachedPolicy entry, CachedPolicy current)
    {
        DateTimeOffset now = _timeProvider.GetUtcNow();
        return Rank(entry).CompareTo(Rank(current)) > 0;

        // A failed attempt, then what a wrong clock dated, then the rest; within each by the time of the fetch.
        (int Kind, DateTimeOffset FetchedAt) Rank(CachedPolicy candidate) =>
            (candidate.Policy is null ? 0 : candidate.IsDatedInFuture(now) ? 1 : 2, candidate.FetchedAt);
    }

    /// <summary>Counts that one entry took the place of another; either may be missing.</summary>
    /// <returns>The number of entries.</returns>
    private int CountChange(CachedPolicy? removed, CachedPolicy? stored)
    {
        int withoutPolicy = (stored is { Policy: null } ? 1 : 0) - (removed is { Policy: null } ? 1 : 0);
        if (withoutPolicy != 0)
        {
            Interlocked.Add(ref _withoutPolicy, withoutPolicy);
        }

        int entries = (stored is null ? 0 : 1) - (removed is null ? 0 : 1);
        return entries == 0 ? _count : Interlocked.Add(ref _count, entries);
    }

    private CacheKey NewKey(ReadOnlySpan<char> domain)
    {
        Span<byte> name = stackalloc byte[HostName.MaxLength];
        return HostName.TryNormalize(domain, name, out int length)
            ? new(name[..length], ++_uses)
            : throw new ArgumentException($"{Escaping.Quote(domain)} is no domain name.", nameof(domain));
    }

    private bool TryFind(ReadOnlySpan<char> domain, out CacheKey key, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(domain);
        return CacheKey.TryFind(_entries, name, out key, out entry)
            || (HostName.TryGetALabels(name, out string? ascii) && CacheKey.TryFind(_entries, ascii, out key, out entry));
    }

    // An attacker can have any number of names with a dead policy host. Their failed attempts must not evict an unexpired policy. Nor may
    // each of them, or each policy that follows, cost a walk through all entries. So attempts leave a batch of the capacity free. One that
    // does not fit is not kept, unless a batch of attempts is there, or a batch was not kept since the last walk: by then policies may
    // have expired.
    private int LimitFor(CachedPolicy entry) => entry.Policy is null ? _capacity - Batch : _capacity;

    private void MakeRoom(CacheKey key, CachedPolicy entry)
    {
        bool isAttempt = entry.Policy is null;
        bool isWalk = !isAttempt || Volatile.Read(ref _withoutPolicy) > Batch || Interlocked.Increment(ref _notKept) > Batch;
        int evicted = isWalk ? Evict(LimitFor(entry), forAttempt: isAttempt)
            : TryEvict(new(key, entry)) ? 1
            : 0;
        CacheMetrics.CountEvictions(evicted);
    }

    private int Evict(int limit, bool forAttempt)
    {
        // Caller code (clock, metric listeners) must not run under the lock.
        DateTimeOffset now = _timeProvider.GetUtcNow();
        int evicted = 0;
        lock (_eviction)
        {
            // Once, unless others replace what is about to go. For an attempt there may be nothing left that it may evict.
            int batch = 1;
            while (Count - limit is > 0 and int surplus && (batch > 0 || !forAttempt))
            {
                batch = EvictBatch(surplus, forAttempt, now);
                evicted += batch;
            }

            if (forAttempt)
            {
                _notKept = 0;
            }
        }

        return evicted;
    }

    private int EvictBatch(int surplus, bool forAttempt, DateTimeOffset now)
    {
        const ulong Expired = 1UL << 32;
        const ulong Attempt = 1UL << 33;

        // Keeps the entries that are most fit to go: by the age of their last use, before these the expired ones, and first those without a
        // policy.
        int wanted = surplus + Batch;
        PriorityQueue<KeyValuePair<CacheKey, CachedPolicy>, ulong> leaving = new(wanted + 1);
        uint uses = _uses;
        foreach (KeyValuePair<CacheKey, CachedPolicy> pair in _entries)
        {
            ulong kind = pair.Value.Policy is null ? Attempt : pair.Value.IsExpired(now) ? Expired : 0;
            if (kind == 0 && forAttempt)
            {
                continue;
            }

            // What another thread used since the count was read is not old, but new.
            ulong fitness = kind | (uint)Math.Max((int)(uses - pair.Key.LastUse), 0);
            if (leaving.Count < wanted)
            {
                leaving.Enqueue(pair, fitness);
            }
            else
            {
                leaving.EnqueueDequeue(pair, fitness);
            }
        }

        // For a policy, others go only if attempts do not make enough room.
        bool doAttemptsSuffice = !forAttempt && leaving.UnorderedItems.Count(static item => item.Priority >= Attempt) >= surplus;
        int evicted = 0;
        foreach ((KeyValuePair<CacheKey, CachedPolicy> pair, ulong fitness) in leaving.UnorderedItems)
        {
            if (fitness >= Attempt || !doAttemptsSuffice)
            {
                evicted += TryEvict(pair) ? 1 : 0;
            }
        }

        return evicted;
    }

    // Not if the entry was replaced meanwhile.
    private bool TryEvict(KeyValuePair<CacheKey, CachedPolicy> pair)
    {
        bool isEvicted = _entries.TryRemove(pair);
        if (isEvicted)
        {
            CountChange(pair.Value, stored: null);
        }

        return isEvicted;
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
