namespace Quickstart;

/// <summary>What the process returns; the help text says the same.</summary>
internal enum ExitCode
{
    /// <summary>No MX host is denied. Always so for the bundled domains, whose denied hosts are part of the show.</summary>
    NothingDenied = 0,

    /// <summary>At least one of the given MX hosts is denied.</summary>
    Denied = 1,

    /// <summary>The record or the policy is malformed: no policy applies, so that no host is denied.</summary>
    Malformed = 2,

    /// <summary>The arguments make no sense, or the policy file cannot be read: nothing was judged.</summary>
    Usage = 3,
}
