using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit.Security;
using MimeKit;

namespace Recipes;

/// <summary>Sends a message to one MX host under a policy, with MailKit.</summary>
/// <remarks>Safe for use by several threads.</remarks>
/// <param name="localDomain">The name of this mail server, for EHLO.</param>
/// <param name="connect">Connects to port 25 of an MX host.</param>
/// <param name="chainPolicy">The roots to trust; by default those of the system.</param>
public sealed class MailKitSender(
    string localDomain, Func<string, CancellationToken, Task<Socket>> connect, X509ChainPolicy? chainPolicy = null)
{
    /// <summary>Sends the message if the policy allows it.</summary>
    /// <param name="found">The policy that applies.</param>
    /// <param name="mxHost">The name of the MX host in the MX record.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The reply of the host; null if the policy denied it: try the next one.</returns>
    public async Task<string?> TrySendAsync(
        DiscoveredPolicy found, string mxHost, MimeMessage message, CancellationToken cancellationToken = default)
    {
        if (found.Enforce(mxHost).Verdict is Verdict.Deny)
        {
            return null;
        }

        using MxClient client = new(localDomain, chainPolicy);
        TlsOutcome tls = await client.StartTlsAsync(await connect(mxHost, cancellationToken), mxHost, cancellationToken);
        if (found.Enforce(mxHost, tls).Verdict is Verdict.Deny)
        {
            return null;
        }

        if (!client.IsConnected)
        {
            // There is no TLS, and no policy requires it. A new connection: the old one is in an unknown state.
            Socket socket = await connect(mxHost, cancellationToken);
            await client.ConnectAsync(socket, mxHost, port: 25, SecureSocketOptions.None, cancellationToken);
        }

        string reply = await client.SendAsync(message, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
        return reply;
    }
}
