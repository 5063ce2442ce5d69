namespace MtaSts;

/// <summary>What to do with a candidate MX host (RFC 8461, Section 5).</summary>
/// <remarks>There is no verdict that fails a message for good: Section 5 forbids that.</remarks>
public enum Verdict
{
    /// <summary>No policy applies: deliver as though there were no MTA-STS.</summary>
    NoPolicy = 0,

    /// <summary>The host passes. If <see cref="Decision.RequiresTls"/> is true, it does so over verified TLS only.</summary>
    Allow,

    /// <summary>The host fails the check, but the policy is in testing: deliver, and report the <see cref="Decision.Failure"/> (RFC 8460).</summary>
    AllowAndReport,

    /// <summary>
    /// Do not deliver to this host: go on to the next one as though it could not be reached, and if none is left, keep the message and try again later.
    /// </summary>
    Deny,
}
