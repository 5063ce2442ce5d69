namespace OutboundMta;

/// <summary>The MTA's resolver and SMTP client, as the MX loop needs them.</summary>
public interface IMxNetwork
{
    /// <summary>
    /// Looks up the address records of an MX host, and, only where DNSSEC authenticated them, its TLSA records.
    /// </summary>
    /// <remarks>The MX loop asks for hosts of a secure <see cref="MxAnswer"/> alone.</remarks>
    Task<TlsaAnswer> LookUpTlsaAsync(string mxHost, CancellationToken cancellationToken);

    /// <summary>
    /// Connects and tries STARTTLS. Null if the host could not be reached or had no SMTP greeting; a TLS failure is no
    /// reason for null.
    /// </summary>
    Task<IMxConnection?> ConnectAsync(string mxHost, TlsDemand demand, CancellationToken cancellationToken);
}

/// <summary>A connection to an MX host, before the message goes out over it.</summary>
public interface IMxConnection : IAsyncDisposable
{
    /// <summary>
    /// The outcome of the attempt at TLS: for <see cref="TlsDemand.Dane"/> by the TLSA records, else by
    /// <see cref="TlsOutcomes.From"/>.
    /// </summary>
    TlsOutcome Tls { get; }

    /// <summary>
    /// Sends the message, and returns the enhanced status code of the host's last reply, such as <c>2.0.0</c>.
    /// </summary>
    Task<string> SendAsync(OutboundMessage message, CancellationToken cancellationToken);
}
