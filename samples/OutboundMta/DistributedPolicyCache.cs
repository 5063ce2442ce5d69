using Microsoft.Extensions.Caching.Distributed;

namespace OutboundMta;

/// <summary>
/// A cache of policies in any store that implements <see cref="IDistributedCache"/>, such as Redis or SQL Server.
/// </summary>
/// <remarks>
/// <para>The store cannot update an entry atomically. So an entry with a failed attempt has a key of its own, and does
/// not overwrite the policy. A read returns the entry whose policy was fetched later.</para>
/// <para>This cache cannot do two things. When two fetches are accepted at the same moment, the earlier policy may stay
/// until the next fetch. And a failed attempt may be forgotten, which costs one more fetch.</para>
/// </remarks>
public sealed class DistributedPolicyCache(IDistributedCache store, TimeProvider clock) : ICache
{
    public async ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        CachedPolicy? entry = await ReadAsync(domain.Name, cancellationToken);
        CachedPolicy? failed = await ReadAsync(FailureKey(domain), cancellationToken);
        return entry is null || failed?.FetchedAt >= entry.FetchedAt ? failed : entry;
    }

    public async ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        CachedPolicy? current = await GetAsync(domain, cancellationToken);
        if (update(current) is not { } entry)
        {
            return current;
        }

        // A failed fetch never overwrites a policy, even one that was stored since the read. Only a date in the future,
        // by a wrong clock, is corrected in place.
        bool isUnchanged = (entry.Policy, entry.FetchedAt) == (current?.Policy, current?.FetchedAt ?? default);
        bool isFailure = isUnchanged || entry.FailedAt >= entry.FetchedAt;
        bool isDateCorrected = current?.FetchedAt > entry.FetchedAt;
        if (isFailure && !isDateCorrected)
        {
            await WriteAsync(FailureKey(domain), entry, cancellationToken);
        }
        else
        {
            await SetAsync(domain, entry, cancellationToken);
        }

        return IsKept(entry) ? entry : null;
    }

    public async ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(entry);
        await WriteAsync(domain.Name, entry, cancellationToken);
        await store.RemoveAsync(FailureKey(domain), cancellationToken);
    }

    public async ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        await store.RemoveAsync(FailureKey(domain), cancellationToken);
        await store.RemoveAsync(domain.Name, cancellationToken);
    }

    private static string FailureKey(PolicyDomain domain) => $"{domain.Name} failed";

    private async Task<CachedPolicy?> ReadAsync(string key, CancellationToken cancellationToken) =>
        await store.GetAsync(key, cancellationToken) is { } data && CachedPolicy.TryDeserialize(data, out CachedPolicy? entry)
            ? entry
            : null;

    // Stores reject what has expired, such as a policy with a max_age of 0.
    private Task WriteAsync(string key, CachedPolicy entry, CancellationToken cancellationToken) => IsKept(entry)
        ? store.SetAsync(key, entry.Serialize(), new() { AbsoluteExpiration = entry.KeepUntil }, cancellationToken)
        : store.RemoveAsync(key, cancellationToken);

    private bool IsKept(CachedPolicy entry) => entry.KeepUntil > clock.GetUtcNow();
}
