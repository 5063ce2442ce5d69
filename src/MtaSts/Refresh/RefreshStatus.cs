namespace MtaSts;

/// <summary>Specifies the outcome of a fetch.</summary>
public enum RefreshStatus
{
    /// <summary>There is no policy: the domain has no usable TXT record, and no unexpired policy is cached.</summary>
    NotFound = 0,

    /// <summary>
    /// A policy was fetched under an id that the cache entry did not have. It applies, unless a fetch that began later
    /// has been stored.
    /// </summary>
    Found,

    /// <summary>
    /// The policy was fetched again under the same id. It applies, unless a fetch that began later has been stored.
    /// </summary>
    Renewed,

    /// <summary>The fetch failed. An unexpired policy still applies.</summary>
    Errored,
}
