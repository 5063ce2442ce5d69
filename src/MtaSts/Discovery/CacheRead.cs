namespace MtaSts;

/// <summary>Represents the outcome of a read of the cache.</summary>
/// <param name="Entry">The entry; null if there is none.</param>
/// <param name="IsFailed">Whether the cache could not be read, which counts as a miss.</param>
internal readonly record struct CacheRead(CachedPolicy? Entry, bool IsFailed);
