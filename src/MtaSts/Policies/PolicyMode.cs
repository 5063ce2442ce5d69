namespace MtaSts;

/// <summary>
/// The ways in which a policy asks senders to treat an MX host that fails validation (RFC 8461 section 5).
/// </summary>
public enum PolicyMode
{
    /// <summary>
    /// Treat the domain as having no policy. A domain publishes this to remove its policy (RFC 8461 section 8.3).
    /// </summary>
    None = 0,

    /// <summary>Deliver to the host, and report the failure (RFC 8460).</summary>
    Testing,

    /// <summary>Do not deliver to the host.</summary>
    Enforce,
}
