using Microsoft.Extensions.Caching.Distributed;

namespace MtaSts.Tests;

/// <summary>A cache of policies in Redis, Memcached, SQL Server or whatever else implements <see cref="IDistributedCache"/>.</summary>
public sealed class DistributedPolicyCache(IDistributedCache store, TimeProvider clock) : ICache
{
    public async ValueTask<CachedPolicy?> GetAsync(string domain, CancellationToken cancellationToken = default) =>
        TryGetKey(domain) is { } key
        && await store.GetAsync(key, cancellationToken) is { } data
        && CachedPolicy.TryDeserialize(data, out CachedPolicy? entry) ? entry : null;

    public async ValueTask SetAsync(string domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        string key = Sts.PolicyHost(domain);
        DateTimeOffset keepUntil = entry.FailedAt + TimeSpan.FromMinutes(5) is { } retryAt && retryAt > entry.ExpiresAt ? retryAt : entry.ExpiresAt;
        if (keepUntil > clock.GetUtcNow())
        {
            await store.SetAsync(key, entry.Serialize(), new() { AbsoluteExpiration = keepUntil }, cancellationToken);
        }
        else
        {
            await store.RemoveAsync(key, cancellationToken); // Most stores refuse what has expired, such as a policy with a max_age of 0.
        }
    }

    public async ValueTask RemoveAsync(string domain, CancellationToken cancellationToken = default)
    {
        if (TryGetKey(domain) is { } key)
        {
            await store.RemoveAsync(key, cancellationToken);
        }
    }

    private static string? TryGetKey(string domain)
    {
        try
        {
            return Sts.PolicyHost(domain); // One spelling for each domain.
        }
        catch (ArgumentException e) when (e is not ArgumentNullException)
        {
            return null; // No domain name, so nothing is known of it.
        }
    }
}
