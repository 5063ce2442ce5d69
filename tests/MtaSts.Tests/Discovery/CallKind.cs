namespace MtaSts.Tests;

/// <summary>Specifies a call of the source or the cache.</summary>
internal enum CallKind
{
    /// <summary>A TXT lookup.</summary>
    Lookup,

    /// <summary>A read of the cache.</summary>
    Read,

    /// <summary>A fetch of the policy.</summary>
    Fetch,

    /// <summary>An update of the cache.</summary>
    Update,
}
