using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace OutboundMta;

/// <summary>
/// Fetches policies over HTTPS as RFC 8461, Section 3.3, asks. One for the whole program; safe for use by several
/// threads.
/// </summary>
public sealed class PolicyFetcher : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>Creates a fetcher.</summary>
    /// <param name="handler">Made by <see cref="CreateHandler"/>.</param>
    public PolicyFetcher(HttpMessageHandler handler)
    {
        // The token of FetchAsync ends the fetch. The client's own limit would end with the header.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };

        // A body that is compressed in spite of that is not decompressed. It does not parse, and the result is
        // InvalidPolicy.
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>
    /// The connections: without redirects, cookies and a cache, over TLS that is verified for the policy host.
    /// </summary>
    /// <param name="connector">Chooses the address: <c>new PolicyConnector()</c>, or one that excludes some.</param>
    public static SocketsHttpHandler CreateHandler(PolicyConnector connector) => new()
    {
        AllowAutoRedirect = false, // MUST NOT be followed
        UseCookies = false,
        MaxResponseDrainSize = 0, // The rest of a body over the limit is not read to keep the connection.
        PooledConnectionLifetime = TimeSpan.Zero, // Fetches from one policy host are too rare to keep a connection.
        ConnectCallback = (context, token) => connector.ConnectAsync(context.DnsEndPoint, token),
        SslOptions = new()
        {
            CertificateChainPolicy = new()
            {
                DisableCertificateDownloads = true, // of issuers, from addresses that the host's certificate names
                RevocationMode = X509RevocationMode.NoCheck, // Revocation lists have such addresses as well.
            },
            AllowTlsResume = false, // A resumed session brings no certificate to judge (RFC 8446, Section 2.2).

            // The framework checks the certificate for the policy host, but may accept its common name. Section 3.3:
            // "Matching is performed only against the DNS-ID identifiers." Throws, because after a mere false FetchAsync
            // could not distinguish the certificate from another failure of the handshake.
            RemoteCertificateValidationCallback = static (_, _, chain, errors) => TlsOutcomes.From(errors, chain) is TlsOutcome.Verified
                ? true
                : throw new PolicyCertificateException(),
        },
    };

    /// <summary>Fetches the policy of a domain, and judges the response.</summary>
    /// <remarks>
    /// <see cref="PolicyDiscovery"/> sets the time limit: one minute for header and body, so a server cannot hold the
    /// fetch up with a byte now and then. An exception becomes <see cref="FetchStatus.ConnectionFailed"/>, and the event
    /// of the failed fetch has it.
    /// </remarks>
    /// <param name="domain">The policy domain.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    /// <returns>The outcome: a policy, or the failure of a response or of the certificate.</returns>
    /// <exception cref="HttpRequestException">There was no connection, or no whole response.</exception>
    /// <exception cref="IOException">The connection ended within the body.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<FetchResult> FetchAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _client.GetAsync(
                new Uri(domain.PolicyUrl), HttpCompletionOption.ResponseHeadersRead, cancellationToken);

            // The value as it came; the parsed one is null if the framework does not understand it.
            string? contentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
                ? values.ToString()
                : null;

            // Less than the server announced throws. Only where the end of the connection ends the body, as in
            // HTTP/1.0, a lost end goes unnoticed (RFC 9112, Section 6.3).
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await FetchResult.FromResponseAsync((int)response.StatusCode, contentType, body, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is PolicyCertificateException)
        {
            return FetchResult.Failed(FetchStatus.CertificateInvalid);
        }
    }

    public void Dispose() => _client.Dispose();
}
