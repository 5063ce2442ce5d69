using System.Collections.Concurrent;

namespace MtaSts;

/// <summary>Counts the entries of an <see cref="InMemoryCache"/> and keeps them within the capacity.</summary>
/// <remarks>
/// <para>An attacker can have any number of names with a dead policy host. Their failed attempts must not evict an
/// unexpired policy. Nor may each of them, or each policy that follows, cost a walk through all entries.</para>
/// <para>So attempts leave a batch of the capacity free. An attempt that does not fit is kept only if there is a batch
/// of attempts to replace. After each batch of attempts that were not kept, a walk looks for expired policies.</para>
/// </remarks>
internal sealed class Eviction(ConcurrentDictionary<CacheKey, CachedPolicy> entries, int capacity, TimeProvider timeProvider)
{
    // Choosing the entries to drop is a walk through all of them, so it makes room for more than one.
    private const int BatchesPerCapacity = 64;

    private readonly Lock _lock = new();
    private readonly int _batch = capacity / BatchesPerCapacity;
    private int _count; // The Count of the dictionary takes all its locks.
    private int _withoutPolicy;
    private int _notKept; // Attempts that were not kept since the last walk for one.

    /// <summary>The number of entries.</summary>
    public int Count => Math.Max(Volatile.Read(ref _count), 0); // An entry may be removed before the thread that added it has counted it.

    /// <summary>Counts that one entry replaced another; either may be missing.</summary>
    /// <returns>The number of entries.</returns>
    public int CountChange(CachedPolicy? removed, CachedPolicy? stored)
    {
        Interlocked.Add(ref _withoutPolicy, (stored is { Policy: null } ? 1 : 0) - (removed is { Policy: null } ? 1 : 0));
        return Interlocked.Add(ref _count, (stored is null ? 0 : 1) - (removed is null ? 0 : 1));
    }

    /// <summary>Counts an entry that was added, and makes room if there are too many.</summary>
    /// <param name="key">The key of the new entry.</param>
    /// <param name="added">The new entry.</param>
    /// <param name="uses">The use count of the cache, which other threads change meanwhile.</param>
    /// <returns>The number of entries that were dropped. The new one may be among them.</returns>
    public int MakeRoom(CacheKey key, CachedPolicy added, ref readonly uint uses)
    {
        bool isAttempt = added.Policy is null;
        int limit = isAttempt ? capacity - _batch : capacity;
        if (CountChange(removed: null, added) <= limit)
        {
            return 0;
        }

        bool isWalk = !isAttempt || Volatile.Read(ref _withoutPolicy) > _batch || Interlocked.Increment(ref _notKept) > _batch;
        return isWalk ? Evict(limit, isAttempt, in uses)
            : TryEvict(new(key, added)) ? 1
            : 0;
    }

    private int Evict(int limit, bool forAttempt, ref readonly uint uses)
    {
        // Caller code (clock, metric listeners) must not run under the lock.
        DateTimeOffset now = timeProvider.GetUtcNow();
        int evicted = 0;
        lock (_lock)
        {
            // One batch, unless other threads replace the entries of the batch. For an attempt there may be nothing
            // that it may evict.
            int batch = 1;
            while (Count - limit is > 0 and int surplus && (batch > 0 || !forAttempt))
            {
                batch = EvictBatch(surplus, forAttempt, now, uses);
                evicted += batch;
            }

            if (forAttempt)
            {
                _notKept = 0;
            }
        }

        return evicted;
    }

    private int EvictBatch(int surplus, bool forAttempt, DateTimeOffset now, uint uses)
    {
        const ulong Expired = 1UL << 32;
        const ulong Attempt = 1UL << 33;

        // Keeps the entries that are first to go: attempts, then expired ones, each by the age of the last use.
        int wanted = surplus + _batch;
        PriorityQueue<KeyValuePair<CacheKey, CachedPolicy>, ulong> leaving = new(wanted + 1);
        foreach (KeyValuePair<CacheKey, CachedPolicy> pair in entries)
        {
            ulong kind = pair.Value.Policy is null ? Attempt : pair.Value.IsExpired(now) ? Expired : 0;
            if (kind == 0 && forAttempt)
            {
                continue;
            }

            // An entry that another thread used since the count was read is new, not old.
            ulong priority = kind | (uint)Math.Max((int)(uses - pair.Key.LastUse), 0);
            if (leaving.Count < wanted)
            {
                leaving.Enqueue(pair, priority);
            }
            else
            {
                leaving.EnqueueDequeue(pair, priority);
            }
        }

        // For a policy, others go only if attempts do not make enough room.
        bool doAttemptsSuffice = !forAttempt && leaving.UnorderedItems.Count(static item => item.Priority >= Attempt) >= surplus;
        return leaving.UnorderedItems.Count(item => (item.Priority >= Attempt || !doAttemptsSuffice) && TryEvict(item.Element));
    }

    // Fails if the entry was replaced meanwhile.
    private bool TryEvict(KeyValuePair<CacheKey, CachedPolicy> pair)
    {
        bool isEvicted = entries.TryRemove(pair);
        if (isEvicted)
        {
            CountChange(pair.Value, stored: null);
        }

        return isEvicted;
    }
}
