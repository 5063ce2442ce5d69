namespace MtaSts;

/// <summary>Specifies what happened during a discovery.</summary>
public enum DiscoveryEventKind
{
    /// <summary>
    /// The TXT lookup failed: the source returned <see cref="TxtAnswer.LookupFailed"/>, threw or was too late.
    /// </summary>
    LookupFailed = 0,

    /// <summary>A policy was fetched.</summary>
    Fetched,

    /// <summary>A fetch failed: the source returned a failure, threw or was too late.</summary>
    FetchFailed,

    /// <summary>The cache threw on a read, or was too late. The read counts as a miss.</summary>
    CacheReadFailed,

    /// <summary>
    /// The cache threw on an update, or was too late. The result of the fetch applies, but is not stored.
    /// </summary>
    CacheWriteFailed,
}
