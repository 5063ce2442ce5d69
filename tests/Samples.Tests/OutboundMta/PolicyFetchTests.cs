using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtaSts;
using MtaSts.Tests;
using OutboundMta;

namespace Samples.Tests;

/// <summary>Tests the policy fetch of the sample with a policy host on the loopback interface.</summary>
public class PolicyFetchTests
{
    private const string PolicyHost = "mta-sts.example.com";
    private const string Good = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 604800\r\n";

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly X509Certificate2 Certificate = TestCertificates.IssueFor(TestCertificates.Root, PolicyHost);

    public static TheoryData<string, FetchStatus> Responses => new()
    {
        { $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.Ok },
        { $"HTTP/1.1 200 OK\r\nContent-Type: Text/Plain;charset=\"utf-8\"\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.Ok },
        // The framework's parser rejects this value.
        { $"HTTP/1.1 200 OK\r\nContent-Type: text/plain;\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.Ok },
        {
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n{Good.Length:x}\r\n{Good}\r\n0\r\n\r\n",
            FetchStatus.Ok
        },
        { $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{Good}", FetchStatus.Ok }, // the end of the connection ends the body
        { $"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.Ok },

        {
            $"HTTP/1.1 301 Moved Permanently\r\nLocation: https://{PolicyHost}/policy.txt\r\nContent-Length: 0\r\n\r\n",
            FetchStatus.Redirected
        },
        {
            $"HTTP/1.1 302 Found\r\nLocation: /policy.txt\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length}\r\n\r\n{Good}",
            FetchStatus.Redirected
        },
        { "HTTP/1.1 304 Not Modified\r\n\r\n", FetchStatus.Redirected },
        { $"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.NotFound },
        { "HTTP/1.1 204 No Content\r\n\r\n", FetchStatus.UnexpectedStatus },
        {
            $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length}\r\n\r\n{Good}",
            FetchStatus.UnexpectedStatus
        },

        { $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.WrongMediaType },
        { $"HTTP/1.1 200 OK\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.WrongMediaType },
        { $"HTTP/1.1 200 OK\r\nContent-Type:\r\nContent-Length: {Good.Length}\r\n\r\n{Good}", FetchStatus.WrongMediaType },
        {
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\nContent-Length: {Good.Length}\r\n\r\n{Good}",
            FetchStatus.WrongMediaType
        },

        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n", FetchStatus.InvalidPolicy },
        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nNot Found", FetchStatus.InvalidPolicy },

        // A body that was cut never passes for a policy, though what is there would be one.
        { $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length + 1}\r\n\r\n{Good}", FetchStatus.ConnectionFailed },
        {
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n{Good.Length:x}\r\n{Good}\r\n",
            FetchStatus.ConnectionFailed
        },
        { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", FetchStatus.ConnectionFailed }, // the connection ends within the header
        { "", FetchStatus.ConnectionFailed },
        { "220 mail.example.com ESMTP\r\n", FetchStatus.ConnectionFailed }, // not HTTP
    };

    public static TheoryData<string, FetchStatus> Certificates => new()
    {
        { "policy host", FetchStatus.Ok },
        { "wildcard", FetchStatus.Ok },
        { "partial wildcard", FetchStatus.CertificateInvalid }, // Section 3.3: a wildcard is the whole first label
        { "policy domain", FetchStatus.CertificateInvalid }, // valid for example.com, but not for mta-sts.example.com
        { "MX host", FetchStatus.CertificateInvalid },
        { "common name alone", FetchStatus.CertificateInvalid }, // Section 3.3: only the DNS-ID counts
        { "expired", FetchStatus.CertificateInvalid },
        { "unknown CA", FetchStatus.CertificateInvalid },
        { "self-signed", FetchStatus.CertificateInvalid },
        { "for clients alone", FetchStatus.CertificateInvalid },
    };

    // The answer to the first message of a handshake that ends before the server sends a certificate.
    public static TheoryData<string, byte[]> BrokenHandshakes => new()
    {
        { "alert: handshake failure", [21, 3, 3, 0, 2, 2, 40] },
        { "alert: protocol version", [21, 3, 2, 0, 2, 2, 70] }, // the correct answer of a server with only TLS 1.1
        { "alert: unrecognized name", [21, 3, 3, 0, 2, 2, 112] },
        { "TLS 1.1", [22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2, .. new byte[32], 0, 0, 0x2F, 0] }, // an incorrect answer of such a server
        { "plain HTTP", Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") },
        { "SSH", Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.9\r\n") },
        { "hangs up", [] },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task FetchAsync_Response_IsJudged(string response, FetchStatus expected)
    {
        await using LoopbackHttpsServer server = new(Certificate, response);

        FetchResult result = await FetchAsync(server);

        result.Status.Should().Be(expected);
        result.Policy.Should().Be(expected is FetchStatus.Ok ? Policy.Parse(Good) : null);
    }

    [Theory]
    [MemberData(nameof(Certificates))]
    public async Task FetchAsync_Certificate_MustBeForThePolicyHost(string kind, FetchStatus expected)
    {
        X509Certificate2 root = TestCertificates.Root;
        using X509Certificate2 certificate = kind switch
        {
            "policy host" => TestCertificates.IssueFor(root, PolicyHost),
            "wildcard" => TestCertificates.IssueFor(root, "*.example.com"),
            "partial wildcard" => TestCertificates.IssueFor(root, "mta-*.example.com"),
            "policy domain" => TestCertificates.IssueFor(root, "example.com"),
            "MX host" => TestCertificates.IssueFor(root, "mail.example.com"),
            "common name alone" => TestCertificates.Issue(root, "CN=" + PolicyHost),
            "expired" => TestCertificates.Issue(root, "CN=" + PolicyHost, static names => names.AddDnsName(PolicyHost), year: 2025),
            "unknown CA" => TestCertificates.IssueFor(TestCertificates.UnknownRoot, PolicyHost),
            "self-signed" => TestCertificates.IssueSelfSigned(PolicyHost),
            "for clients alone" => TestCertificates.Issue(
                root, "CN=" + PolicyHost, static names => names.AddDnsName(PolicyHost), usage: TestCertificates.ClientAuthentication),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };
        await using LoopbackHttpsServer server = new(certificate, Ok(Good));

        FetchResult result = await FetchAsync(server);

        result.Status.Should().Be(expected);
        server.Requests.Should().HaveCount(expected is FetchStatus.Ok ? 1 : 0, "a request is sent only after the host has proved its name");
    }

    [Theory]
    [MemberData(nameof(BrokenHandshakes))]
    public async Task FetchAsync_HandshakeFails_IsConnectionFailed(string kind, byte[] answer)
    {
        await using LoopbackHttpsServer server = LoopbackHttpsServer.WithoutHandshake(answer);

        FetchResult result = await FetchAsync(server);

        result.Status.Should().Be(FetchStatus.ConnectionFailed, kind);
        result.Failure.Should().Be(TlsFailure.StsPolicyFetchError);
    }

    [Fact]
    public async Task FetchAsync_ManyAtOnce_EachHasItsOwnStatus()
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, "mta-sts.good.example");
        await using LoopbackHttpsServer good = new(certificate, Ok(Good));
        await using LoopbackHttpsServer wrongName = new(certificate, Ok(Good));
        await using LoopbackHttpsServer alert = LoopbackHttpsServer.WithoutHandshake([21, 3, 3, 0, 2, 2, 40]);
        (string Domain, LoopbackHttpsServer Server, FetchStatus Status)[] hosts =
        [
            ("good.example", good, FetchStatus.Ok),
            ("wrong.example", wrongName, FetchStatus.CertificateInvalid),
            ("alert.example", alert, FetchStatus.ConnectionFailed),
        ];
        IPAddress[] addresses = [IPAddress.Parse("192.0.2.0"), IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];
        PolicyConnector connector = new(
            (name, _) => Task.FromResult<IPAddress[]>([addresses[Array.FindIndex(hosts, host => name == "mta-sts." + host.Domain)]]),
            (endPoint, token) => PolicyConnector.OpenAsync(hosts[Array.IndexOf(addresses, endPoint.Address)].Server.EndPoint, token),
            Patience);
        using PolicyFetcher fetcher = new(HandlerFor(connector));

        await Parallel.ForEachAsync(Enumerable.Range(0, 60), async (i, _) =>
            (await FetchAsync(fetcher, PolicyDomain.Parse(hosts[i % 3].Domain))).Status
                .Should().Be(hosts[i % 3].Status, hosts[i % 3].Domain));
    }

    [Theory]
    [InlineData("issuer", FetchStatus.CertificateInvalid)] // the issuer is unknown, because the server does not send it
    [InlineData("revocation", FetchStatus.Ok)]
    public async Task FetchAsync_CertificateWithAddresses_FetchesNothing(string what, FetchStatus expected)
    {
        await using LoopbackHttpServer elsewhere = new();
        X509Certificate2 root = TestCertificates.Root;
        X509Certificate2 issuer = what == "issuer" ? TestCertificates.IssueAuthority(root, "CN=Not sent") : root;
        using X509Certificate2 certificate = TestCertificates.IssueWithAddress(issuer, PolicyHost, elsewhere.Address);
        await using LoopbackHttpsServer server = new(certificate, Ok(Good));

        (await FetchAsync(server)).Status.Should().Be(expected);

        elsewhere.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task FetchAsync_SecondFetchFromAHost_OffersNoResumption()
    {
        await using LoopbackHttpsServer server = new(Certificate, Ok(Good));
        using PolicyFetcher fetcher = new(HandlerFor(server.EndPoint));
        for (int i = 0; i < 2; i++)
        {
            (await FetchAsync(fetcher, Domain)).Status.Should().Be(FetchStatus.Ok);

            server.Hello!.Extensions.Should().NotContain(ClientHello.PreSharedKey);
        }
    }

    [Fact]
    public async Task FetchAsync_PersistentConnection_IsClosedAfterTheResponse()
    {
        TaskCompletionSource closed = new();
        await using LoopbackHttpsServer server = new(Certificate, async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Ok(Good)), token);
            try
            {
                await stream.CopyToAsync(Stream.Null, token);
            }
            catch (IOException)
            {
                // A reset also ends the connection.
            }

            closed.SetResult();
        });
        using PolicyFetcher fetcher = new(HandlerFor(server.EndPoint));

        (await FetchAsync(fetcher, Domain)).Status.Should().Be(FetchStatus.Ok);

        await closed.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task FetchAsync_FirstAddressNeverAnswers_FetchesFromTheNext()
    {
        await using LoopbackHttpsServer server = new(Certificate, Ok(Good));
        PolicyConnector connector = new(
            static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]),
            async (endPoint, token) =>
            {
                if (endPoint.AddressFamily is AddressFamily.InterNetworkV6)
                {
                    await Task.Delay(Timeout.Infinite, token);
                }

                return await PolicyConnector.OpenAsync(server.EndPoint, default); // without a time limit, for busy machines
            },
            TimeSpan.FromMilliseconds(20));
        using PolicyFetcher fetcher = new(HandlerFor(connector));

        (await FetchAsync(fetcher, Domain)).Status.Should().Be(FetchStatus.Ok);
    }

    [Theory]
    [InlineData("gzip", FetchStatus.InvalidPolicy)]
    [InlineData("deflate", FetchStatus.InvalidPolicy)]
    [InlineData("br", FetchStatus.InvalidPolicy)]
    [InlineData("identity", FetchStatus.Ok)]
    [InlineData("utf-8", FetchStatus.Ok)] // the publisher's mistake; the body has no encoding
    public async Task FetchAsync_ContentEncoding_IsNotDecoded(string coding, FetchStatus expected)
    {
        byte[] body = Encode(Good, coding);
        await using LoopbackHttpsServer server = new(Certificate, async (stream, token) =>
        {
            string fields = $"Content-Type: text/plain\r\nContent-Encoding: {coding}\r\nContent-Length: {body.Length}\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{fields}\r\n"), token);
            await stream.WriteAsync(body, token);
        });

        (await FetchAsync(server)).Status.Should().Be(expected);

        server.Requests.Should().ContainSingle().Which.Split("\r\n").Should().Contain("Accept-Encoding: identity");
    }

    [Fact]
    public void CreateHandler_ChainPolicy_VerifiesAtTheTimeOfTheHandshake()
    {
        using SocketsHttpHandler handler = PolicyFetcher.CreateHandler(new PolicyConnector());

        handler.SslOptions.CertificateChainPolicy!.VerificationTimeIgnored.Should().BeTrue();
    }

    [Fact]
    public async Task FetchAsync_Request_IsForAnUncachedPolicyFile()
    {
        await using LoopbackHttpsServer server = new(Certificate, Ok(Good));

        await FetchAsync(server);

        string[] lines = server.Requests.Should().ContainSingle().Which.Split("\r\n");
        lines[0].Should().Be("GET /.well-known/mta-sts.txt HTTP/1.1");
        lines.Should().Contain("Host: " + PolicyHost).And.Contain("Cache-Control: no-cache");
    }

    [Fact]
    public async Task FetchAsync_Handshake_SendsThePolicyHostInSni()
    {
        await using LoopbackHttpsServer server = new(Certificate, Ok(Good));

        await FetchAsync(server);

        server.Hello!.ServerName.Should().Be(PolicyHost, "Section 7.1: the SNI extension MUST contain the name of the policy host");
    }

    [Fact]
    public async Task FetchAsync_Handshake_IsOfTls12OrHigher()
    {
        await using LoopbackHttpsServer server = new(Certificate, Ok(Good));

        await FetchAsync(server);

        server.Protocol.ToString().Should().BeOneOf("Tls12", "Tls13");
        using SocketsHttpHandler handler = PolicyFetcher.CreateHandler(new PolicyConnector());
        handler.SslOptions.EnabledSslProtocols.Should().Be(SslProtocols.None, "the system chooses the versions that are safe");
    }

    [Fact]
    public async Task FetchAsync_Redirect_IsNotFollowed()
    {
        await using LoopbackHttpsServer server = new(
            Certificate,
            $"HTTP/1.1 301 Moved Permanently\r\nLocation: https://{PolicyHost}/policy.txt\r\n"
            + "Content-Length: 0\r\nConnection: close\r\n\r\n");

        (await FetchAsync(server)).Failure.Should().Be(TlsFailure.StsPolicyFetchError);

        server.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task FetchAsync_Cookie_IsNotSentBackAndNothingIsCached()
    {
        await using LoopbackHttpsServer server = new(
            Certificate,
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Good.Length}\r\n"
            + $"Set-Cookie: id=1; Path=/; Secure\r\nETag: \"1\"\r\nCache-Control: max-age=86400\r\nConnection: close\r\n\r\n{Good}");
        using PolicyFetcher fetcher = new(HandlerFor(server.EndPoint));

        (await FetchAsync(fetcher, Domain)).Status.Should().Be(FetchStatus.Ok);
        (await FetchAsync(fetcher, Domain)).Status.Should().Be(FetchStatus.Ok);

        server.Requests.Should().HaveCount(2);
        server.Requests[1].Should().NotContainEquivalentOf("Cookie").And.NotContainEquivalentOf("If-None-Match");
        server.Requests[1].Should().Be(server.Requests[0]);
    }

    [Theory]
    [InlineData(Policy.MaxSize, FetchStatus.Ok)]
    [InlineData(Policy.MaxSize + 1, FetchStatus.TooLarge)]
    [InlineData(Policy.MaxSize * 16, FetchStatus.TooLarge)]
    public async Task FetchAsync_Size_IsLimited(int size, FetchStatus expected)
    {
        string body = Good + "#".PadRight(size - Good.Length, '-'); // Truncated in its comment, this is still a valid policy.
        string[] heads =
        [
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {size}\r\n\r\n",
        ];
        foreach (string head in heads)
        {
            await using LoopbackHttpsServer server = new(Certificate, head + body);

            (await FetchAsync(server)).Status.Should().Be(expected);
        }
    }

    [Fact]
    public async Task FetchAsync_EndlessBody_IsReadOnlyToTheLimit()
    {
        byte[] comment = Encoding.ASCII.GetBytes("#".PadRight(1023, '-') + "\n");
        await using LoopbackHttpsServer server = new(Certificate, async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + Good), token);
            while (!token.IsCancellationRequested)
            {
                await stream.WriteAsync(comment, token); // throws when the client closes the connection
            }
        });

        (await FetchAsync(server)).Status.Should().Be(FetchStatus.TooLarge);
    }

    [Theory]
    [InlineData("")] // no bytes
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\n")] // HttpClient times out only the header
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + Good)] // the connection stays open, so the body may be longer
    public async Task FetchAsync_SlowServer_TimesOut(string beginning)
    {
        await using LoopbackHttpsServer server = new(Certificate, async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(beginning), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        using PolicyFetcher fetcher = new(HandlerFor(server.EndPoint));

        FetchResult result = await FetchAsync(fetcher, Domain, TimeSpan.FromMilliseconds(300)).WaitAsync(Patience);

        result.Status.Should().Be(FetchStatus.TimedOut);
        result.Failure.Should().Be(TlsFailure.StsPolicyFetchError);
    }

    [Fact]
    public async Task FetchAsync_CanceledByTheCaller_Throws()
    {
        using CancellationTokenSource caller = new();
        await using LoopbackHttpsServer server = new(Certificate, async (_, token) =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        });
        using PolicyFetcher fetcher = new(HandlerFor(server.EndPoint));

        Func<Task> act = () => fetcher.FetchAsync(Domain, caller.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData(SocketError.HostNotFound)]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.NetworkUnreachable)]
    public async Task FetchAsync_NoConnection_IsConnectionFailed(SocketError error)
    {
        PolicyConnector connector = new(
            (_, _) => error is SocketError.HostNotFound
                ? throw new SocketException((int)error)
                : Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            (_, _) => throw new SocketException((int)error),
            Patience);
        using PolicyFetcher fetcher = new(HandlerFor(connector));

        (await FetchAsync(fetcher, Domain)).Status.Should().Be(FetchStatus.ConnectionFailed);
    }

    private static string Ok(string body) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    private static async Task<FetchResult> FetchAsync(LoopbackHttpsServer server)
    {
        using PolicyFetcher fetcher = new(HandlerFor(server.EndPoint));
        return await FetchAsync(fetcher, Domain);
    }

    // Through a discovery, which limits the time and turns exceptions into results.
    private static async Task<FetchResult> FetchAsync(PolicyFetcher fetcher, PolicyDomain domain, TimeSpan? limit = null)
    {
        DiscoveryEvent? told = null;
        NetworkPolicySource source = new(static (_, _) => Task.FromResult(TxtAnswer.FromRecords(["v=STSv1; id=1"])), fetcher);
        await using PolicyDiscovery discovery = new(
            new InMemoryCache(), source, new() { FetchTimeout = limit ?? Patience, OnEvent = next => told = next });
        await discovery.DiscoverAsync(domain);
        return told!.Fetch!;
    }

    private static byte[] Encode(string body, string coding)
    {
        using MemoryStream encoded = new();
        using (Stream encoder = coding switch
        {
            "gzip" => new GZipStream(encoded, CompressionLevel.NoCompression),
            "deflate" => new ZLibStream(encoded, CompressionLevel.NoCompression),
            "br" => new BrotliStream(encoded, CompressionLevel.NoCompression),
            _ => new BufferedStream(encoded),
        })
        {
            encoder.Write(Encoding.UTF8.GetBytes(body));
        }

        return encoded.ToArray();
    }

    // Every name resolves to the server of the test.
    private static SocketsHttpHandler HandlerFor(IPEndPoint server) => HandlerFor(new PolicyConnector(
        (_, _) => Task.FromResult<IPAddress[]>([server.Address]), (_, token) => PolicyConnector.OpenAsync(server, token), Patience));

    // The handler of the sample with one change: it trusts the root of the tests.
    private static SocketsHttpHandler HandlerFor(PolicyConnector connector)
    {
        SocketsHttpHandler handler = PolicyFetcher.CreateHandler(connector);
        handler.UseProxy = false;
        TestCertificates.TrustRoot(handler.SslOptions.CertificateChainPolicy!);
        return handler;
    }
}
