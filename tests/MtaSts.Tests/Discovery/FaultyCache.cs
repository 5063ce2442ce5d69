namespace MtaSts.Tests;

/// <summary>Represents a cache whose calls can throw or hang, over an <see cref="InMemoryCache"/>.</summary>
internal sealed class FaultyCache : ICache
{
    /// <summary>The entries.</summary>
    public InMemoryCache Store { get; } = new();

    /// <summary>Called before each read.</summary>
    public Func<CancellationToken, ValueTask> OnGet { get; set; } = static _ => default;

    /// <summary>Called before each update.</summary>
    public Func<CancellationToken, ValueTask> OnUpdate { get; set; } = static _ => default;

    public async ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
    {
        await OnGet(cancellationToken);
        return await Store.GetAsync(domain, CancellationToken.None);
    }

    public async ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default)
    {
        await OnUpdate(cancellationToken);
        return await Store.UpdateAsync(domain, update, CancellationToken.None);
    }

    public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("The library stores by UpdateAsync alone.");

    public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("The library never removes an entry.");
}
