namespace MtaSts.Tests.Samples;

/// <summary>What is asked of the connection to an MX host.</summary>
public enum TlsDemand
{
    /// <summary>TLS if it can be had, whatever the certificate; plain text if not (RFC 7435).</summary>
    Opportunistic,

    /// <summary>TLS with a certificate that chains to a trusted root and names the host (RFC 8461, Section 4.2).</summary>
    TrustedCertificate,

    /// <summary>TLS with a certificate that the host's TLSA records name (RFC 7672).</summary>
    Dane,
}

/// <summary>What the look-up of a host's TLSA records gave (RFC 7672, Section 2.2).</summary>
public enum TlsaAnswer
{
    /// <summary>No record that is secured by DNSSEC and usable.</summary>
    None,

    /// <summary>At least one usable record.</summary>
    Usable,

    /// <summary>SERVFAIL, a bogus signature, a time-out: there may be records that somebody hides.</summary>
    LookupFailed,
}

/// <summary>The MTA's resolver and SMTP client, as the MX loop needs them.</summary>
public interface IMxNetwork
{
    Task<TlsaAnswer> LookUpTlsaAsync(string mxHost, CancellationToken cancellationToken);

    /// <summary>Connects and tries STARTTLS. Null if the host could not be reached or had no SMTP greeting; a TLS failure is no reason for null.</summary>
    Task<IMxConnection?> ConnectAsync(string mxHost, TlsDemand demand, CancellationToken cancellationToken);
}

/// <summary>A connection to an MX host, before the message goes out over it.</summary>
public interface IMxConnection : IAsyncDisposable
{
    /// <summary>What the attempt at TLS showed: for <see cref="TlsDemand.Dane"/> by the TLSA records, else by <see cref="TlsOutcomes.From"/>.</summary>
    TlsOutcome Tls { get; }

    /// <summary>Sends the message, and returns the enhanced status code of the host's last reply, such as <c>2.0.0</c>.</summary>
    Task<string> SendAsync(OutboundMessage message, CancellationToken cancellationToken);
}
