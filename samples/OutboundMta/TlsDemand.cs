namespace OutboundMta;

/// <summary>The TLS that a connection to an MX host needs.</summary>
public enum TlsDemand
{
    /// <summary>TLS if possible, with any certificate; otherwise, plain text (RFC 7435).</summary>
    Opportunistic,

    /// <summary>
    /// TLS with any certificate; never plain text (RFC 7672, Section 2.2: secure TLSA records, all unusable).
    /// </summary>
    AnyCertificate,

    /// <summary>
    /// TLS with a certificate that chains to a trusted root and names the host (RFC 8461, Section 4.2).
    /// </summary>
    TrustedCertificate,

    /// <summary>TLS with a certificate that the host's TLSA records name (RFC 7672).</summary>
    Dane,
}
