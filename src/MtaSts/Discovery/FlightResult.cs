namespace MtaSts;

/// <summary>Represents the result of a <see cref="Flight"/>.</summary>
/// <param name="AppliedEntry">The entry of the policy that applies; null if none applies.</param>
/// <param name="Fetch">The result of the fetch; null if the entry had changed so that nothing was fetched.</param>
/// <param name="Refresh">The outcome of the fetch.</param>
/// <param name="IsUnread">Whether the cache could not be read.</param>
/// <param name="Number">The number of the fetch among all fetches of the discovery.</param>
internal sealed record FlightResult(
    CachedPolicy? AppliedEntry, FetchResult? Fetch, RefreshResult Refresh, bool IsUnread, long Number);
