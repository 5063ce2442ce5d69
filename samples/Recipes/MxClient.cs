using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Recipes;

/// <summary>Connects to an MX host with MailKit, and determines the outcome of STARTTLS.</summary>
public sealed class MxClient : SmtpClient
{
    private readonly X509ChainPolicy _chainPolicy;
    private TlsOutcome? _certificate; // Null until the host has presented its certificate.

    /// <summary>Creates a client.</summary>
    /// <param name="localDomain">The name of this mail server, for EHLO.</param>
    /// <param name="chainPolicy">The roots to trust; by default those of the system.</param>
    public MxClient(string localDomain, X509ChainPolicy? chainPolicy = null)
    {
        _chainPolicy = chainPolicy ?? CreateChainPolicy();
        LocalDomain = localDomain;
        CheckCertificateRevocation = false; // The default asks addresses that the host's certificate names.
        ServerCertificateValidationCallback = (_, _, chain, errors) =>
        {
            _certificate = TlsOutcomes.From(errors, chain);
            return true; // Go on; the policy decides after the handshake what the outcome means.
        };
    }

    /// <summary>Creates a chain policy that downloads nothing.</summary>
    /// <param name="privateRoots">
    /// The roots of a private CA, which then replace those of the system: for a smart host or internal domains.
    /// </param>
    /// <returns>The policy.</returns>
    public static X509ChainPolicy CreateChainPolicy(params X509Certificate2[] privateRoots)
    {
        X509ChainPolicy policy = new()
        {
            DisableCertificateDownloads = true, // of issuers, from addresses that the host's certificate names
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (privateRoots.Length > 0)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(privateRoots);
        }

        return policy;
    }

    /// <summary>Connects and starts TLS. If that is not possible, the client is disconnected.</summary>
    /// <param name="socket">A connection to port 25 of the host.</param>
    /// <param name="mxHost">The name of the MX host in the MX record.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The outcome, for <see cref="DiscoveredPolicy.Enforce(ReadOnlySpan{char}, TlsOutcome)"/>.</returns>
    /// <exception cref="SmtpCommandException">The host accepts no mail now: its greeting or its EHLO reply.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    /// <exception cref="SmtpProtocolException">The connection ended, or its end does not speak SMTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<TlsOutcome> StartTlsAsync(Socket socket, string mxHost, CancellationToken cancellationToken = default)
    {
        _certificate = null;
        string name = Sts.TryNormalize(mxHost, out string? canonical) ? canonical : mxHost.TrimEnd('.'); // goes into SNI as it is
        try
        {
            // StartTls, not StartTlsWhenAvailable: that one silently goes on in plain text, so an attacker who removes
            // STARTTLS from the reply gets the message.
            await ConnectAsync(socket, name, port: 25, SecureSocketOptions.StartTls, cancellationToken);
            return _certificate ?? TlsOutcome.HandshakeFailed;
        }
        catch (NotSupportedException)
        {
            return TlsOutcome.NotOffered; // STARTTLS is not in the EHLO reply.
        }
        catch (SmtpCommandException) when (Capabilities.HasFlag(SmtpCapabilities.StartTLS) && _certificate is null)
        {
            return TlsOutcome.NotOffered; // STARTTLS was offered and rejected, such as with 454: no handshake began.
        }
        catch (SslHandshakeException)
        {
            return TlsOutcome.HandshakeFailed;
        }
    }

    protected override SslClientAuthenticationOptions GetSslClientAuthenticationOptions(
        string host, RemoteCertificateValidationCallback remoteCertificateValidationCallback)
    {
        SslClientAuthenticationOptions options = base.GetSslClientAuthenticationOptions(host, remoteCertificateValidationCallback);
        options.CertificateChainPolicy = _chainPolicy.Clone(); // The handshake adds the certificates that the host sends.
        options.AllowTlsResume = false; // A resumed session brings no certificate to judge (RFC 8446 section 2.2).
        return options;
    }
}
