using System.Runtime.CompilerServices;

namespace MtaSts.Tests;

/// <summary>Represents a store of bytes that several processes share, which drops what nobody needs, and can fail.</summary>
internal sealed class SharedStore(TimeProvider clock) : IRefreshableCache
{
    private readonly Dictionary<string, byte[]> _data = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _calls;

    /// <summary>The number of calls of all members.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Runs before each call; it can wait, and what it throws is the exception of the call.</summary>
    public Func<Task>? Before { get; set; }

    /// <summary>Runs after the step in the store and before the end of the call.</summary>
    public Func<Task>? After { get; set; }

    /// <summary>Receives the entries before and after each update that stores something.</summary>
    public Action<CachedPolicy?, CachedPolicy>? OnStored { get; set; }

    /// <summary>Returns what is stored, without a call.</summary>
    public CachedPolicy? Peek(PolicyDomain domain)
    {
        lock (_lock)
        {
            return Read(domain);
        }
    }

    /// <summary>Stores an entry as another process would, or loses the one that is stored.</summary>
    public void Put(PolicyDomain domain, CachedPolicy? entry)
    {
        lock (_lock)
        {
            Write(domain, entry);
        }
    }

    public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return CallAsync(() => Read(domain), cancellationToken);
    }

    public ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(update);
        return CallAsync(
            () =>
            {
                CachedPolicy? current = Read(domain);
                if (update(current) is { } entry)
                {
                    Write(domain, entry);
                    OnStored?.Invoke(current, entry);
                }

                return Read(domain);
            },
            cancellationToken);
    }

    public async ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(entry);
        await CallAsync(
            () =>
            {
                Write(domain, entry);
                return null;
            },
            cancellationToken);
    }

    public async ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        await CallAsync(
            () =>
            {
                Write(domain, entry: null);
                return null;
            },
            cancellationToken);
    }

    public async IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await CallAsync(static () => null, cancellationToken);
        PolicyDomain[] domains;
        lock (_lock)
        {
            domains = [.. _data.Keys.Select(PolicyDomain.Parse)];
        }

        foreach (PolicyDomain domain in domains.Where(domain => Peek(domain)?.IsDueForRefresh(now) is true))
        {
            yield return domain;
        }
    }

    private async ValueTask<CachedPolicy?> CallAsync(Func<CachedPolicy?> step, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        cancellationToken.ThrowIfCancellationRequested();
        await (Before?.Invoke() ?? Task.CompletedTask).WaitAsync(cancellationToken);
        CachedPolicy? result;
        lock (_lock)
        {
            result = step();
        }

        await (After?.Invoke() ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return result;
    }

    private CachedPolicy? Read(PolicyDomain domain) =>
        _data.TryGetValue(domain.Name, out byte[]? bytes)
        && CachedPolicy.TryDeserialize(bytes, out CachedPolicy? entry)
        && clock.GetUtcNow() < entry.KeepUntil
            ? entry
            : null;

    private void Write(PolicyDomain domain, CachedPolicy? entry)
    {
        _data.Remove(domain.Name);
        if (entry is not null)
        {
            _data.Add(domain.Name, entry.Serialize());
        }
    }
}
