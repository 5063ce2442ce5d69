namespace Quickstart;

/// <summary>What the process returns; the help text says the same.</summary>
internal enum ExitCode
{
    /// <summary>
    /// No MX host is denied, and no finding is more than a note. Always so for the bundled domains, whose denied hosts are part of the show.
    /// </summary>
    Fine = 0,

    /// <summary>At least one of the given MX hosts is denied, or the worst finding is a warning.</summary>
    Objection = 1,

    /// <summary>The record or the policy is malformed, so that no policy applies; or a finding is an error.</summary>
    Broken = 2,

    /// <summary>The arguments make no sense, or the policy file cannot be read: nothing was done.</summary>
    Usage = 3,
}
