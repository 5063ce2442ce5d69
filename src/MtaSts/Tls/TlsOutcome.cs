namespace MtaSts;

/// <summary>What the attempt to secure a connection to an MX host showed (RFC 8461, Section 4.2).</summary>
/// <remarks><see cref="TlsOutcomes.From"/> reads it off what .NET tells about a certificate.</remarks>
public enum TlsOutcome
{
    /// <summary>The host did not offer STARTTLS, or refused the command. This is <c>default</c>, so that an outcome nobody set never passes.</summary>
    NotOffered = 0,

    /// <summary>The handshake succeeded, and the certificate is valid now, trusted, and names the host in a SAN.</summary>
    Verified,

    /// <summary>The certificate does not name the host in a SAN.</summary>
    HostMismatch,

    /// <summary>The certificate, or one that it chains to, has expired or is not valid yet.</summary>
    Expired,

    /// <summary>The certificate does not chain to a trusted root, or has been revoked.</summary>
    NotTrusted,

    /// <summary>The handshake failed otherwise, or the host presented no certificate.</summary>
    HandshakeFailed,
}
