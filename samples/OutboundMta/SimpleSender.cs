namespace OutboundMta;

/// <summary>Sends one message to one domain under its policy, as the README shows it.</summary>
/// <remarks>
/// The least that a sender needs. <see cref="QueuedDelivery"/> adds the check before a bounce.
/// <see cref="OutboundDelivery"/> adds DANE, <c>TLS-Required: No</c>, reports, and the next host after a 4.x.x reply.
/// </remarks>
/// <param name="discovery">One for the process.</param>
/// <param name="network">The MTA's SMTP client.</param>
public sealed class SimpleSender(PolicyDiscovery discovery, IMxNetwork network)
{
    /// <summary>Finds the policy of the domain and tries the MX hosts.</summary>
    /// <param name="message">The message.</param>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host.</param>
    /// <param name="mxHosts">The MX hosts, the most preferred first.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The reply of the host that was sent the message; null if no host may have it: defer the message.</returns>
    public async Task<string?> SendAsync(
        OutboundMessage message, PolicyDomain domain, IReadOnlyList<string> mxHosts, CancellationToken cancellationToken = default)
    {
        DiscoveredPolicy found = await discovery.DiscoverAsync(domain, cancellationToken);
        string? reply = await TryHostsAsync(message, mxHosts, found, cancellationToken);
        if (reply is null && found.Refresh is { } refresh) // A policy that is being fetched may allow a host.
        {
            reply = await TryHostsAsync(message, mxHosts, await refresh.WaitAsync(cancellationToken), cancellationToken);
        }

        return reply;
    }

    /// <summary>Tries the MX hosts in their order.</summary>
    /// <param name="message">The message.</param>
    /// <param name="mxHosts">The MX hosts, the most preferred first.</param>
    /// <param name="found">The policy that applies.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The reply of the host that was sent the message; null if no host may have it.</returns>
    public async Task<string?> TryHostsAsync(
        OutboundMessage message, IReadOnlyList<string> mxHosts, DiscoveredPolicy found, CancellationToken cancellationToken = default)
    {
        foreach (string mxHost in mxHosts)
        {
            if (found.Enforce(mxHost).Verdict is Verdict.Deny)
            {
                continue; // The policy does not list the host.
            }

            await using IMxConnection? connection = await network.ConnectAsync(mxHost, TlsDemand.Opportunistic, cancellationToken);
            if (connection is not null && found.Enforce(mxHost, connection.Tls).Verdict is not Verdict.Deny)
            {
                return await connection.SendAsync(message, cancellationToken);
            }
        }

        return null; // Defer the message.
    }
}
