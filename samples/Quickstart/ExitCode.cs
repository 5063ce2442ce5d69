namespace Quickstart;

/// <summary>Specifies the exit code of the process. The help text lists the same codes.</summary>
internal enum ExitCode
{
    /// <summary>
    /// No MX host is denied, and all findings are notes. Always the code of the bundled domains, whose denied hosts are
    /// intended.
    /// </summary>
    Fine = 0,

    /// <summary>At least one of the given MX hosts is denied, or the worst finding is a warning.</summary>
    Objection = 1,

    /// <summary>The record or the policy is not valid, so no policy applies; or a finding is an error.</summary>
    Broken = 2,

    /// <summary>The arguments are not valid, or the policy file cannot be read.</summary>
    Usage = 3,
}
