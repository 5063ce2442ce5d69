using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MailKit.Security;
using MtaSts;
using MtaSts.Tests;
using Recipes;

namespace Samples.Tests;

/// <summary>Tests STARTTLS with MailKit against MX hosts on the loopback interface.</summary>
public class MxClientTests
{
    private const string Host = "mail.example.com";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("valid", TlsOutcome.Verified)]
    [InlineData("other host", TlsOutcome.HostMismatch)]
    [InlineData("common name alone", TlsOutcome.HostMismatch)]
    [InlineData("expired", TlsOutcome.Expired)]
    [InlineData("unknown CA", TlsOutcome.NotTrusted)]
    [InlineData("self-signed", TlsOutcome.NotTrusted)]
    public async Task StartTlsAsync_Certificate_IsJudgedAndTheConnectionStaysOpen(string kind, TlsOutcome expected)
    {
        X509Certificate2 root = TestCertificates.Root;
        using X509Certificate2 certificate = kind switch
        {
            "valid" => TestCertificates.IssueFor(root, Host),
            "other host" => TestCertificates.IssueFor(root, "mail.example.org"),
            "common name alone" => TestCertificates.Issue(root, "CN=" + Host),
            "expired" => TestCertificates.Issue(root, "CN=" + Host, static names => names.AddDnsName(Host), 2025),
            "unknown CA" => TestCertificates.IssueFor(TestCertificates.UnknownRoot, Host),
            _ => TestCertificates.IssueSelfSigned(Host),
        };
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);
        using MxClient client = new("sender.example", Trusting(root));

        (await StartTlsAsync(client, server)).Should().Be(expected);

        (client.IsConnected, client.IsSecure).Should().Be((true, true), "the policy decides what the outcome means");
    }

    [Theory]
    [InlineData(StartTls.NotOffered, TlsOutcome.NotOffered)] // NotSupportedException
    [InlineData(StartTls.Refused, TlsOutcome.NotOffered)] // SmtpCommandException, 454
    [InlineData(StartTls.HangsUp, TlsOutcome.HandshakeFailed)] // SslHandshakeException
    [InlineData(StartTls.SpeaksOn, TlsOutcome.HandshakeFailed)]
    public async Task StartTlsAsync_NoTls_HasAnOutcomeAndNoConnection(StartTls startTls, TlsOutcome expected)
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, Host);
        await using LoopbackSmtpServer server = new(startTls, certificate);
        using MxClient client = new("sender.example", Trusting(TestCertificates.Root));

        (await StartTlsAsync(client, server)).Should().Be(expected);

        client.IsConnected.Should().BeFalse();
        server.Commands.Should().BeEmpty();
    }

    // Not an outcome of TLS: the host is not in service. The client used before has seen another host offer STARTTLS.
    [Fact]
    public async Task StartTlsAsync_GreetingRejects_Throws()
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, Host);
        await using LoopbackSmtpServer other = new(StartTls.Refused, certificate);
        await using LoopbackSmtpServer server = new(StartTls.NoService, certificate);
        using MxClient client = new("sender.example", Trusting(TestCertificates.Root));
        await StartTlsAsync(client, other);

        Func<Task> act = async () => await StartTlsAsync(client, server);

        (await act.Should().ThrowAsync<SmtpCommandException>()).Which.StatusCode.Should().Be(SmtpStatusCode.ServiceNotAvailable);
    }

    // Why the recipe does not use it: there is no exception, and the connection is ready for a message in plain text.
    [Fact]
    public async Task ConnectAsync_StartTlsWhenAvailable_GoesOnInPlainText()
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, Host);
        await using LoopbackSmtpServer server = new(StartTls.NotOffered, certificate);
        using MxClient client = new("sender.example", Trusting(TestCertificates.Root));
        using Socket socket = await ConnectAsync(server.EndPoint, CancellationToken.None);

        await client.ConnectAsync(socket, Host, port: 25, SecureSocketOptions.StartTlsWhenAvailable);

        (client.IsConnected, client.IsSecure).Should().Be((true, false));
    }

    [Fact]
    public async Task StartTlsAsync_PrivateCa_IsTrustedByItsRoot()
    {
        X509Certificate2 root = TestCertificates.UnknownRoot;
        using X509Certificate2 certificate = TestCertificates.IssueFor(root, Host);
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);
        using MxClient client = new("sender.example", Trusting(root));

        (await StartTlsAsync(client, server)).Should().Be(TlsOutcome.Verified);
    }

    [Theory]
    [InlineData("MAIL.example.com.", Host)]
    [InlineData("b\u00FCcher.example", "xn--bcher-kva.example")]
    public async Task StartTlsAsync_MxHostInAnySpelling_SendsItsCanonicalForm(string mxHost, string name)
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, name);
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);
        using MxClient client = new("sender.example", Trusting(TestCertificates.Root));

        (await StartTlsAsync(client, server, mxHost)).Should().Be(TlsOutcome.Verified);

        server.Hello!.ServerName.Should().Be(name);
    }

    [Theory]
    [InlineData("issuer", TlsOutcome.NotTrusted)] // the issuer is unknown, because the server does not send it
    [InlineData("revocation", TlsOutcome.Verified)]
    public async Task StartTlsAsync_CertificateWithAddresses_FetchesNothing(string what, TlsOutcome expected)
    {
        await using LoopbackHttpServer elsewhere = new();
        await using LoopbackSmtpServer server = ServeWithAddress(what, elsewhere.Address);
        using MxClient client = new("sender.example", Trusting(TestCertificates.Root));

        (await StartTlsAsync(client, server)).Should().Be(expected);

        elsewhere.Requests.Should().BeEmpty();
    }

    // MailKit as it comes, with roots of the system.
    [Fact]
    public async Task ConnectAsync_WithoutTheSettingsOfTheRecipe_FetchesFromTheAddress()
    {
        await using LoopbackHttpServer elsewhere = new();
        await using LoopbackSmtpServer server = ServeWithAddress("issuer", elsewhere.Address);
        using SmtpClient client = new() { LocalDomain = "sender.example" };
        client.ServerCertificateValidationCallback = static (_, _, _, _) => true;
        using Socket socket = await ConnectAsync(server.EndPoint, CancellationToken.None);

        await client.ConnectAsync(socket, Host, port: 25, SecureSocketOptions.StartTls);

        elsewhere.Requests.Should().NotBeEmpty();
    }

    [Fact]
    public async Task StartTlsAsync_SecondConnection_OffersNoResumptionAndLeavesTheChainPolicyAlone()
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, Host);
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);
        X509ChainPolicy policy = Trusting(TestCertificates.Root);
        for (int i = 0; i < 2; i++)
        {
            using MxClient client = new("sender.example", policy);

            (await StartTlsAsync(client, server)).Should().Be(TlsOutcome.Verified);

            server.Hello!.Extensions.Should().NotContain(ClientHello.PreSharedKey);
        }

        policy.ExtraStore.Should().BeEmpty();
    }

    [Fact]
    public void CreateChainPolicy_Default_TrustsTheSystemAtTheTimeOfTheHandshake()
    {
        X509ChainPolicy policy = MxClient.CreateChainPolicy();

        (policy.TrustMode, policy.VerificationTimeIgnored).Should().Be((X509ChainTrustMode.System, true));
    }

    [Fact]
    public async Task StartTlsAsync_Canceled_Throws()
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, Host);
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);
        using MxClient client = new("sender.example");
        using CancellationTokenSource caller = new();
        await caller.CancelAsync();

        Func<Task> act = async () => await client.StartTlsAsync(await ConnectAsync(server.EndPoint, default), Host, caller.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    internal static async Task<Socket> ConnectAsync(IPEndPoint server, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellationToken);
        return socket;
    }

    // The chain policy of the recipe, at the time at which the certificates of the tests are valid.
    internal static X509ChainPolicy Trusting(X509Certificate2 root)
    {
        X509ChainPolicy policy = MxClient.CreateChainPolicy(root);
        policy.VerificationTime = TestCertificates.Now.UtcDateTime;
        return policy;
    }

    private static async Task<TlsOutcome> StartTlsAsync(MxClient client, LoopbackSmtpServer server, string mxHost = Host) =>
        await client.StartTlsAsync(await ConnectAsync(server.EndPoint, CancellationToken.None), mxHost).WaitAsync(Patience);

    private static LoopbackSmtpServer ServeWithAddress(string what, Uri address)
    {
        X509Certificate2 root = TestCertificates.Root;
        X509Certificate2 issuer = what == "issuer" ? TestCertificates.IssueAuthority(root, "CN=Not sent") : root;
        return new(StartTls.Supported, TestCertificates.IssueWithAddress(issuer, Host, address));
    }
}
