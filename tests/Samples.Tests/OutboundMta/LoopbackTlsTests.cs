using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtaSts;
using MtaSts.Tests;

namespace Samples.Tests;

/// <summary>
/// Connects with real TLS and decides by the arguments of a <see cref="RemoteCertificateValidationCallback"/> alone.
/// </summary>
public class LoopbackTlsTests
{
    private const string Host = "mail.example.com";
    private const string DeepHost = "a.b.example.com";

    // The server (a key of Serve) and the MX host; the outcome and the failure; the verdicts of a policy with
    // *.example.com and *.b.example.com in mode testing and in mode enforce.
    public static TheoryData<string, string, TlsOutcome, TlsFailure, Verdict, Verdict> Servers => new()
    {
        { "valid", Host, TlsOutcome.Verified, TlsFailure.None, Verdict.Allow, Verdict.Allow },
        { "valid", "MAIL.example.com", TlsOutcome.Verified, TlsFailure.None, Verdict.Allow, Verdict.Allow },
        { "wildcard", Host, TlsOutcome.Verified, TlsFailure.None, Verdict.Allow, Verdict.Allow },
        { "through an intermediate", Host, TlsOutcome.Verified, TlsFailure.None, Verdict.Allow, Verdict.Allow },

        { "other host", Host, TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch, Verdict.AllowAndReport, Verdict.Deny },
        // One label too deep
        { "wildcard", DeepHost, TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch, Verdict.AllowAndReport, Verdict.Deny },
        // RFC 6125, Section 6.4.3
        { "partial wildcard", Host, TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch, Verdict.AllowAndReport, Verdict.Deny },
        { "common name alone", Host, TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch, Verdict.AllowAndReport, Verdict.Deny },
        { "other host, expired", Host, TlsOutcome.HostMismatch, TlsFailure.CertificateHostMismatch, Verdict.AllowAndReport, Verdict.Deny },

        { "expired", Host, TlsOutcome.Expired, TlsFailure.CertificateExpired, Verdict.AllowAndReport, Verdict.Deny },
        { "expired, unknown CA", Host, TlsOutcome.Expired, TlsFailure.CertificateExpired, Verdict.AllowAndReport, Verdict.Deny },
        { "not yet valid", Host, TlsOutcome.Expired, TlsFailure.CertificateExpired, Verdict.AllowAndReport, Verdict.Deny },

        { "unknown CA", Host, TlsOutcome.NotTrusted, TlsFailure.CertificateNotTrusted, Verdict.AllowAndReport, Verdict.Deny },
        { "self-signed", Host, TlsOutcome.NotTrusted, TlsFailure.CertificateNotTrusted, Verdict.AllowAndReport, Verdict.Deny },
        { "for clients alone", Host, TlsOutcome.NotTrusted, TlsFailure.CertificateNotTrusted, Verdict.AllowAndReport, Verdict.Deny },
        { "intermediate not sent", Host, TlsOutcome.NotTrusted, TlsFailure.CertificateNotTrusted, Verdict.AllowAndReport, Verdict.Deny },

        { "STARTTLS not offered", Host, TlsOutcome.NotOffered, TlsFailure.StartTlsNotSupported, Verdict.AllowAndReport, Verdict.Deny },
        { "STARTTLS refused", Host, TlsOutcome.NotOffered, TlsFailure.StartTlsNotSupported, Verdict.AllowAndReport, Verdict.Deny },

        { "hangs up", Host, TlsOutcome.HandshakeFailed, TlsFailure.ValidationFailure, Verdict.AllowAndReport, Verdict.Deny },
        { "no TLS after 220", Host, TlsOutcome.HandshakeFailed, TlsFailure.ValidationFailure, Verdict.AllowAndReport, Verdict.Deny },

        // The first condition of Section 4 is checked before the second.
        {
            "valid for an unlisted host", "mail.example.net",
            TlsOutcome.Verified, TlsFailure.ValidationFailure, Verdict.AllowAndReport, Verdict.Deny
        },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Enforce_AfterARealHandshake_ReturnsTheVerdictOfTheTable(
        string kind, string mxHost, TlsOutcome expected, TlsFailure failure, Verdict testing, Verdict enforcing)
    {
        await using LoopbackSmtpServer server = Serve(kind);

        TlsOutcome outcome = await ConnectAsync(server.EndPoint, mxHost);

        outcome.Should().Be(expected);
        foreach ((PolicyMode mode, Verdict verdict) in new[] { (PolicyMode.Testing, testing), (PolicyMode.Enforce, enforcing) })
        {
            Policy policy = new(mode, TimeSpan.FromDays(1), [MxPattern.Parse("*.example.com"), MxPattern.Parse("*.b.example.com")]);
            Decision decision = Sts.Enforce(policy, mxHost, outcome);
            decision.Verdict.Should().Be(verdict);
            decision.Failure.Should().Be(failure);
        }
    }

    [Fact]
    public async Task From_MalformedNamesInARealHandshake_IsHostMismatch()
    {
        // The list claims more bytes than it has. The framework ignores such a list and accepts the common name.
        X509Certificate2 certificate = TestCertificates.IssueWithRawNames(TestCertificates.Root, Convert.FromHexString("300A820C6578"));
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);

        (await ConnectAsync(server.EndPoint, Host)).Should().Be(TlsOutcome.HostMismatch);
    }

    [Theory]
    [InlineData(Host, Host)]
    [InlineData("mail.example.com.", Host)] // RFC 6066, Section 3: "without a trailing dot"
    [InlineData("MAIL.Example.COM", Host)]
    [InlineData("MAIL.example.com.", Host)]
    [InlineData("b\u00FCcher.example", "xn--bcher-kva.example")] // SNI has A-labels
    [InlineData("B\u00DCCHER.example.", "xn--bcher-kva.example")]
    [InlineData("XN--BCHER-KVA.example.", "xn--bcher-kva.example")]
    public async Task Handshake_MxHostInAnySpelling_SendsItsCanonicalForm(string mxHost, string serverName)
    {
        await using LoopbackSmtpServer server = new(StartTls.Supported, TestCertificates.IssueFor(TestCertificates.Root, serverName));

        (await ConnectAsync(server.EndPoint, mxHost)).Should().Be(TlsOutcome.Verified);

        server.Hello!.ServerName.Should().Be(serverName, "Section 7.1: the SNI extension MUST contain the MX hostname");
    }

    [Theory]
    [InlineData("_dc-mx.a1b2.example.com")]
    [InlineData("_dc-mx.a1b2.example.com.")]
    public async Task Handshake_MxHostWithUnderscore_SendsItWithoutTheRootDotAndMatchesNoCertificate(string mxHost)
    {
        X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, "*.a1b2.example.com");
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);

        (await ConnectAsync(server.EndPoint, mxHost)).Should().Be(TlsOutcome.HostMismatch);

        server.Hello!.ServerName.Should().Be("_dc-mx.a1b2.example.com");
    }

    [Fact]
    public async Task Handshake_SecondConnectionToAHost_OffersNoResumption()
    {
        for (int i = 0; i < 2; i++)
        {
            await using LoopbackSmtpServer server = Serve("valid");

            (await ConnectAsync(server.EndPoint, Host)).Should().Be(TlsOutcome.Verified);

            server.Hello!.Extensions.Should().NotContain(ClientHello.PreSharedKey);
        }
    }

    [Theory]
    [InlineData("issuer", TlsOutcome.NotTrusted)] // the issuer is unknown, because the server does not send it
    [InlineData("revocation", TlsOutcome.Verified)]
    public async Task Handshake_CertificateWithAddresses_FetchesNothing(string what, TlsOutcome expected)
    {
        await using LoopbackHttpServer elsewhere = new();
        await using LoopbackSmtpServer server = ServeWithAddress(what, elsewhere.Address);

        (await ConnectAsync(server.EndPoint, Host)).Should().Be(expected);

        elsewhere.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("issuer", "GET /issuer HTTP/1.1")]
    [InlineData("revocation", "GET /revoked HTTP/1.1")]
    public async Task Handshake_WithoutASettingOfTheExample_FetchesFromTheAddress(string what, string request)
    {
        await using LoopbackHttpServer elsewhere = new();
        await using LoopbackSmtpServer server = ServeWithAddress(what, elsewhere.Address);

        await ConnectAsync(server.EndPoint, Host, policy =>
        {
            if (what == "issuer")
            {
                policy.DisableCertificateDownloads = false;
            }
            else
            {
                policy.RevocationMode = X509RevocationMode.Online;
            }
        });

        elsewhere.Requests.Should().HaveElementAt(0, request);
    }

    [Fact]
    public void Handshake_ChainPolicy_VerifiesAtTheTimeOfTheHandshake()
    {
        ReadmeExamples.Handshake(Host).Options.CertificateChainPolicy!.VerificationTimeIgnored.Should().BeTrue();
    }

    private static LoopbackSmtpServer Serve(string kind)
    {
        X509Certificate2 root = TestCertificates.Root;
        X509Certificate2 unknown = TestCertificates.UnknownRoot;
        X509Certificate2 valid = TestCertificates.IssueFor(root, Host);
        X509Certificate2 intermediate = TestCertificates.IssueAuthority(root, "CN=Test intermediate");
        return kind switch
        {
            "valid" => new(StartTls.Supported, valid),
            "wildcard" => new(StartTls.Supported, TestCertificates.IssueFor(root, "*.example.com")),
            "partial wildcard" => new(StartTls.Supported, TestCertificates.IssueFor(root, "m*.example.com")),
            "through an intermediate" => new(StartTls.Supported, TestCertificates.IssueFor(intermediate, Host), intermediate),
            "other host" => new(StartTls.Supported, TestCertificates.IssueFor(root, "mail.example.org")),
            "other host, expired" => new(StartTls.Supported, Issue(root, "mail.example.org", 2025)),
            "common name alone" => new(StartTls.Supported, TestCertificates.Issue(root, "CN=" + Host)),
            "expired" => new(StartTls.Supported, Issue(root, Host, 2025)),
            "expired, unknown CA" => new(StartTls.Supported, Issue(unknown, Host, 2025), unknown),
            "not yet valid" => new(StartTls.Supported, Issue(root, Host, 2027)),
            "unknown CA" => new(StartTls.Supported, TestCertificates.IssueFor(unknown, Host), unknown),
            "for clients alone" => new(StartTls.Supported, TestCertificates.Issue(
                root, "CN=" + Host, static names => names.AddDnsName(Host), usage: TestCertificates.ClientAuthentication)),
            "self-signed" => new(StartTls.Supported, TestCertificates.IssueSelfSigned(Host)),
            "intermediate not sent" => new(StartTls.Supported, TestCertificates.IssueFor(intermediate, Host)),
            "STARTTLS not offered" => new(StartTls.NotOffered, valid),
            "STARTTLS refused" => new(StartTls.Refused, valid),
            "hangs up" => new(StartTls.HangsUp, valid),
            "no TLS after 220" => new(StartTls.SpeaksOn, valid),
            "valid for an unlisted host" => new(StartTls.Supported, TestCertificates.IssueFor(root, "mail.example.net")),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, message: null),
        };

        static X509Certificate2 Issue(X509Certificate2 issuer, string host, int year) =>
            TestCertificates.Issue(issuer, "CN=" + host, names => names.AddDnsName(host), year);
    }

    // For "issuer" the certificate has an issuer that the server does not send. Otherwise the issuer is the trusted root.
    private static LoopbackSmtpServer ServeWithAddress(string what, Uri address)
    {
        X509Certificate2 root = TestCertificates.Root;
        X509Certificate2 issuer = what == "issuer" ? TestCertificates.IssueAuthority(root, "CN=Not sent") : root;
        return new(StartTls.Supported, TestCertificates.IssueWithAddress(issuer, Host, address));
    }

    // Acts as an outbound MTA up to the end of the handshake. The TLS options are those of the documentation's example,
    // but trust the root of the tests.
    private static async Task<TlsOutcome> ConnectAsync(IPEndPoint server, string mxHost, Action<X509ChainPolicy>? change = null)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(5));
        using TcpClient client = new();
        await client.ConnectAsync(server, deadline.Token);
        await using NetworkStream stream = client.GetStream();

        await ReadReplyAsync(stream, deadline.Token);
        await SayAsync(stream, "EHLO sender.example", deadline.Token);
        string[] extensions = await ReadReplyAsync(stream, deadline.Token);
        if (!extensions.Contains("250-STARTTLS", StringComparer.OrdinalIgnoreCase))
        {
            return TlsOutcome.NotOffered;
        }

        await SayAsync(stream, "STARTTLS", deadline.Token);
        if (await ReadReplyAsync(stream, deadline.Token) is not [['2', '2', '0', ..]])
        {
            return TlsOutcome.NotOffered;
        }

        (SslClientAuthenticationOptions options, Func<TlsOutcome> outcome) = ReadmeExamples.Handshake(mxHost);
        TestCertificates.TrustRoot(options.CertificateChainPolicy!);
        change?.Invoke(options.CertificateChainPolicy!);
        try
        {
            await using SslStream tls = new(stream);
            await tls.AuthenticateAsClientAsync(options, deadline.Token);
            await SayAsync(tls, "NOOP", deadline.Token);
            (await ReadReplyAsync(tls, deadline.Token)).Should().Equal("250 2.0.0 Ok");
            return outcome();
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return TlsOutcome.HandshakeFailed;
        }
    }

    private static async Task SayAsync(Stream stream, string line, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);

    // The lines of one reply: all but the last have a hyphen after the code (RFC 5321, Section 4.2.1).
    private static async Task<string[]> ReadReplyAsync(Stream stream, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        StringBuilder line = new();
        byte[] next = new byte[1];
        while (await stream.ReadAsync(next, cancellationToken) > 0)
        {
            line.Append((char)next[0]);
            if (next[0] != '\n')
            {
                continue;
            }

            lines.Add(line.ToString().TrimEnd());
            line.Clear();
            if (lines[^1][3..] is not ['-', ..])
            {
                return [.. lines];
            }
        }

        throw new EndOfStreamException();
    }
}
