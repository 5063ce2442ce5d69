namespace MtaSts;

/// <summary>The outcome of the attempt to secure a connection to an MX host (RFC 8461 section 4.2).</summary>
/// <remarks><see cref="TlsOutcomes.From"/> converts the results of .NET's certificate validation.</remarks>
public enum TlsOutcome
{
    /// <summary>
    /// The host did not offer STARTTLS, or rejected the command. This is <c>default</c>, so that an unset value never
    /// passes.
    /// </summary>
    NotOffered = 0,

    /// <summary>
    /// The handshake succeeded, and the certificate is valid now, trusted, and names the host in a SAN.
    /// </summary>
    Verified,

    /// <summary>The certificate does not name the host in a SAN.</summary>
    HostMismatch,

    /// <summary>The certificate, or one in its chain, has expired or is not valid yet.</summary>
    Expired,

    /// <summary>The certificate does not chain to a trusted root, or has been revoked.</summary>
    NotTrusted,

    /// <summary>The handshake failed for another reason, or the host presented no certificate.</summary>
    HandshakeFailed,
}
