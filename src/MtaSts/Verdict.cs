namespace MtaSts;

/// <summary>The action to take on an MX host (RFC 8461 section 5).</summary>
/// <remarks>No verdict is permanent: RFC 8461 section 5 forbids that.</remarks>
public enum Verdict
{
    /// <summary>No policy applies: deliver as if there were no MTA-STS.</summary>
    NoPolicy = 0,

    /// <summary>
    /// The host passes. If <see cref="Decision.RequiresTls"/> is <see langword="true"/>, deliver only over verified
    /// TLS.
    /// </summary>
    Allow,

    /// <summary>
    /// The host fails the check, but the policy mode is <c>testing</c>: deliver and report the
    /// <see cref="Decision.Failure"/> (RFC 8460).
    /// </summary>
    AllowAndReport,

    /// <summary>
    /// Do not deliver to this host. Try the next host, as if this one were unreachable. If no host is left, queue the
    /// message and retry later.
    /// </summary>
    Deny,
}
