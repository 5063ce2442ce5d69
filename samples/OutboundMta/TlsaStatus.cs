namespace OutboundMta;

/// <summary>
/// The result of the lookup of the TLSA records of a host with a secure address (RFC 7672, Section 2.2).
/// </summary>
public enum TlsaStatus
{
    /// <summary>No record that DNSSEC authenticates. DANE demands nothing.</summary>
    None,

    /// <summary>
    /// At least one secure record is usable. TLS with a certificate that the usable records name is demanded.
    /// </summary>
    Usable,

    /// <summary>
    /// There are secure records, but the client supports none of them. TLS is demanded, with any certificate.
    /// </summary>
    Unusable,

    /// <summary>
    /// SERVFAIL, a bogus signature, a timeout: an attacker may be hiding records. The host is not used.
    /// </summary>
    LookupFailed,
}
