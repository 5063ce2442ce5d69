using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MtaSts;

/// <summary>A cache of policies in the memory of this process.</summary>
/// <remarks>
/// <para>Bounded: when more domains are stored than <see cref="InMemoryCacheOptions.Capacity"/> allows, expired entries go first, then those that were not
/// stored or read for longest. They go in batches of a sixty-fourth of the capacity. While several threads write, the cache may for a moment hold an entry
/// more for each of them, and what was read by several threads at once may count as read in another order.</para>
/// <para>A read takes no lock and allocates nothing, unless the domain carries non-ASCII. All members may be called by several threads at once.</para>
/// <para>A cache that is lost is a window for downgrade attacks (RFC 8461, Section 10.2): <see cref="SaveAsync"/> it before the process ends, and
/// <see cref="LoadAsync"/> it when the next one begins.</para>
/// <para>The meter <c>MtaSts</c> has the instruments <c>mtasts.cache.hits</c>, <c>mtasts.cache.misses</c>, <c>mtasts.cache.evictions</c> and
/// <c>mtasts.cache.entries</c>, for all caches of the process together.</para>
/// </remarks>
public sealed class InMemoryCache : ICache
{
    // Choosing what has to go looks at every entry; so it makes room for more than one.
    private const int BatchesPerCapacity = 64;

    private readonly ConcurrentDictionary<CacheSlot, CacheSlot> _slots = new(CacheSlot.ByName.Instance);

    [SuppressMessage("Usage", "MA0158", Justification = ".NET 8 has no Lock.")]
    private readonly object _eviction = new();

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
    public int Count => Math.Max(Volatile.Read(ref _count), 0); // A slot may be taken out before the thread that put it in has counted it.

    /// <summary>Reads the entry of a policy domain.</summary>
    /// <param name="domain">The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.</param>
    /// <param name="entry">The entry, expired or not; null if there is none.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(ReadOnlySpan<char> domain, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        entry = null;
        if (CacheSlot.TryGetProbe(domain, out CacheSlot probe) && _slots.TryGetValue(probe, out CacheSlot? slot))
        {
            Touch(slot);
            entry = slot.Entry;
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
        if (CacheSlot.TryGetProbe(domain, out CacheSlot probe))
        {
            while (_slots.TryGetValue(probe, out CacheSlot? slot) && slot.Entry is { } entry)
            {
                if (TryRetire(slot, entry))
                {
                    return true;
                }
            }
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
    /// foreach ((string domain, CachedPolicy cached) in cache.DueForRefresh(now))
    /// {
    ///     RefreshResult result = PolicyRefresh.Complete(cached, await LookUpAsync(domain), await FetchAsync(domain), now);
    ///     cache.Set(domain, result.Entry!);
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
        if (!CacheSlot.TryGetValidProbe(domain, out CacheSlot probe))
        {
            throw new ArgumentException($"'{domain}' is no domain name.", nameof(domain));
        }

        while (true)
        {
            if (!_slots.TryGetValue(probe, out CacheSlot? slot))
            {
                CacheSlot added = probe.WithEntry(entry, ++_uses);
                if (_slots.TryAdd(added, added))
                {
                    if (Interlocked.Increment(ref _count) > _capacity)
                    {
                        Evict();
                    }

                    return true;
                }
            }
            else if (slot.Entry is not { } current)
            {
                // Another thread has retired the slot, and is about to take it out.
                Discard(slot);
            }
            else if (onlyIfNewer && current.FetchedAt >= entry.FetchedAt)
            {
                return false;
            }
            else if (slot.TryReplace(current, entry))
            {
                Touch(slot);
                return true;
            }
        }
    }

    private void Evict()
    {
        lock (_eviction)
        {
            int surplus = Count - _capacity;
            if (surplus <= 0)
            {
                return;
            }

            // Keeps the entries that are most fit to go: by the age of their last use, and before all others the expired ones.
            int wanted = surplus + (_capacity / BatchesPerCapacity);
            PriorityQueue<(CacheSlot Slot, CachedPolicy Entry), ulong> leaving = new(wanted + 1);
            DateTimeOffset now = _timeProvider.GetUtcNow();
            uint uses = _uses;
            foreach (CacheSlot slot in _slots.Select(static pair => pair.Value))
            {
                if (slot.Entry is { } entry)
                {
                    // What another thread used since the count was read is not old, but new.
                    uint age = (uint)Math.Max((int)(uses - slot.LastUse), 0);
                    ulong fitness = (entry.IsExpired(now) ? 1UL << 32 : 0) | age;
                    if (leaving.Count < wanted)
                    {
                        leaving.Enqueue((slot, entry), fitness);
                    }
                    else
                    {
                        leaving.EnqueueDequeue((slot, entry), fitness);
                    }
                }
            }

            int evicted = leaving.UnorderedItems.Count(item => TryRetire(item.Element.Slot, item.Element.Entry));
            CacheMetrics.CountEvictions(evicted);
        }
    }

    /// <summary>Takes a slot out of use, unless its entry was replaced meanwhile.</summary>
    private bool TryRetire(CacheSlot slot, CachedPolicy entry)
    {
        if (!slot.TryReplace(entry, null))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        Discard(slot);
        return true;
    }

    private void Discard(CacheSlot slot) => _slots.TryRemove(new KeyValuePair<CacheSlot, CacheSlot>(slot, slot));

    private void Touch(CacheSlot slot)
    {
        // Nothing is written for the entry that was used last, so that threads that read one entry do not contend.
        uint uses = _uses;
        if (slot.LastUse != uses)
        {
            slot.LastUse = _uses = uses + 1;
        }
    }

    private IEnumerable<KeyValuePair<string, CachedPolicy>> Entries()
    {
        foreach ((_, CacheSlot slot) in _slots)
        {
            if (slot.Entry is { } entry)
            {
                yield return new(Encoding.ASCII.GetString(slot.Name), entry);
            }
        }
    }
}
