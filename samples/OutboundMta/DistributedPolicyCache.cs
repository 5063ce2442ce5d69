using Microsoft.Extensions.Caching.Distributed;

namespace OutboundMta;

/// <summary>A cache of policies in Redis, Memcached, SQL Server or whatever else implements <see cref="IDistributedCache"/>.</summary>
public sealed class DistributedPolicyCache(IDistributedCache store, TimeProvider clock) : ICache
{
    public async ValueTask<CachedPolicy?> GetAsync(string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return Sts.TryNormalize(domain, out string? key)
            && await store.GetAsync(key, cancellationToken) is { } data
            && CachedPolicy.TryDeserialize(data, out CachedPolicy? entry) ? entry : null;
    }

    public async ValueTask SetAsync(string domain, CachedPolicy entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(entry);
        if (!Sts.TryNormalize(domain, out string? key))
        {
            throw new ArgumentException("No domain name.", nameof(domain));
        }

        DateTimeOffset keepUntil = entry.FailedAt + TimeSpan.FromMinutes(5) is { } retryAt && retryAt > entry.ExpiresAt ? retryAt : entry.ExpiresAt;
        if (keepUntil > clock.GetUtcNow())
        {
            await store.SetAsync(key, entry.Serialize(), new() { AbsoluteExpiration = keepUntil }, cancellationToken);
        }
        else
        {
            await store.RemoveAsync(key, cancellationToken); // Stores refuse what has expired, such as a policy with a max_age of 0.
        }
    }

    public async ValueTask RemoveAsync(string domain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(domain);
        if (Sts.TryNormalize(domain, out string? key))
        {
            await store.RemoveAsync(key, cancellationToken);
        }
    }
}
