namespace MtaSts;

/// <summary>What came of a fetch.</summary>
public enum RefreshStatus
{
    /// <summary>There is no policy: the domain has no usable TXT record, and no unexpired policy is cached.</summary>
    NotFound = 0,

    /// <summary>A policy was fetched that was not known under this id.</summary>
    Found,

    /// <summary>The policy was fetched anew under the id that was known.</summary>
    Renewed,

    /// <summary>The fetch failed. An unexpired policy goes on to apply.</summary>
    Errored,
}
