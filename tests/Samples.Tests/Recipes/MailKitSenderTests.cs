using System.Security.Cryptography.X509Certificates;
using MimeKit;
using MtaSts;
using MtaSts.Tests;
using Recipes;

namespace Samples.Tests;

/// <summary>Tests the delivery with MailKit to an MX host on the loopback interface.</summary>
public class MailKitSenderTests
{
    private const string Host = "mail.example.com";

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    // The mode of the policy, the MX host, its STARTTLS; how the message goes out, or null if it does not.
    [Theory]
    [InlineData(null, Host, StartTls.Supported, "TLS ")]
    [InlineData(null, Host, StartTls.NotOffered, "")] // a new connection in plain text
    [InlineData(null, Host, StartTls.SpeaksOn, "")]
    [InlineData(PolicyMode.Testing, Host, StartTls.NotOffered, "")]
    [InlineData(PolicyMode.Enforce, Host, StartTls.Supported, "TLS ")]
    [InlineData(PolicyMode.Enforce, Host, StartTls.NotOffered, null)]
    [InlineData(PolicyMode.Enforce, Host, StartTls.Refused, null)]
    [InlineData(PolicyMode.Enforce, Host, StartTls.HangsUp, null)]
    [InlineData(PolicyMode.Enforce, "mx.attacker.example", StartTls.Supported, null)]
    public async Task TrySendAsync_PolicyAndTls_SendsOnlyWhatThePolicyAllows(
        PolicyMode? mode, string mxHost, StartTls startTls, string? prefix)
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, Host);
        await using LoopbackSmtpServer server = new(startTls, certificate);

        string? reply = await TrySendAsync(server, mode, mxHost);

        reply.Should().Be(prefix is null ? null : "2.0.0 Ok");
        IEnumerable<string> messages = server.Commands.Where(static command => command.EndsWith("DATA", StringComparison.Ordinal));
        messages.Should().Equal(prefix is null ? [] : [prefix + "DATA"]);
    }

    [Theory]
    [InlineData(PolicyMode.Testing, "2.0.0 Ok")]
    [InlineData(PolicyMode.Enforce, null)]
    public async Task TrySendAsync_CertificateOfAnotherHost_IsForThePolicyToJudge(PolicyMode mode, string? expected)
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, "mail.example.org");
        await using LoopbackSmtpServer server = new(StartTls.Supported, certificate);

        (await TrySendAsync(server, mode, Host)).Should().Be(expected);
    }

    private static async Task<string?> TrySendAsync(LoopbackSmtpServer server, PolicyMode? mode, string mxHost)
    {
        InMemoryCache cache = new();
        if (mode is not null)
        {
            cache.Set(Domain.Name, new("1", new(mode.Value, TimeSpan.FromDays(7), [MxPattern.Parse(Host)]), DateTimeOffset.UtcNow));
        }

        FakeSource source = new() { Answer = mode is null ? TxtAnswer.NoRecord : CacheSamples.Found("1") };
        await using PolicyDiscovery discovery = new(cache, source);
        DiscoveredPolicy found = await discovery.DiscoverAsync(Domain);
        MailKitSender sender = new(
            "sender.example",
            (_, token) => MxClientTests.ConnectAsync(server.EndPoint, token),
            MxClientTests.Trusting(TestCertificates.Root));
        using MimeMessage message = new()
        {
            From = { MailboxAddress.Parse("alice@sender.example") },
            To = { MailboxAddress.Parse("bob@example.com") },
            Subject = "hello",
            Body = new TextPart("plain") { Text = "hello" },
        };
        return await sender.TrySendAsync(found, mxHost, message);
    }
}
