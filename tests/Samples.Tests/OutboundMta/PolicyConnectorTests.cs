using System.Net;
using System.Net.Sockets;
using OutboundMta;

namespace Samples.Tests;

/// <summary>Tests connections to a host with several addresses. Only the last test uses a network, on the loopback interface.</summary>
public class PolicyConnectorTests
{
    private static readonly DnsEndPoint Host = new("mta-sts.example.com", 443);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // The resolved addresses in order; the attempts in order. Addresses that end with 1 reject the connection.
    public static TheoryData<string, string> Orders => new()
    {
        { "192.0.2.9", "192.0.2.9" },
        { "192.0.2.1 192.0.2.9", "192.0.2.1 192.0.2.9" },
        { "192.0.2.9 192.0.2.1", "192.0.2.9" },
        { "2001:db8::1 2001:db8::9 192.0.2.9", "2001:db8::1 192.0.2.9" }, // the next attempt uses IPv4, because IPv6 may not work at all
        { "192.0.2.1 192.0.2.9 2001:db8::9", "192.0.2.1 2001:db8::9" },
        { "2001:db8::1 2001:db8::9 192.0.2.1", "2001:db8::1 192.0.2.1 2001:db8::9" },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task ConnectAsync_SeveralAddresses_AreTriedWithAlternatingFamilies(string resolved, string expected)
    {
        List<string> attempts = [];
        PolicyConnector connector = new(Resolves(resolved), Connect, Patience);

        (await connector.ConnectAsync(Host, default)).Should().BeSameAs(Stream.Null);

        attempts.Should().Equal(expected.Split(' '));

        ValueTask<Stream> Connect(IPEndPoint endPoint, CancellationToken cancellationToken)
        {
            endPoint.Port.Should().Be(443);
            attempts.Add(endPoint.Address.ToString());
            return attempts[^1].EndsWith('1')
                ? throw new SocketException((int)SocketError.ConnectionRefused)
                : ValueTask.FromResult(Stream.Null);
        }
    }

    [Fact]
    public async Task ConnectAsync_FirstAddressNeverAnswers_TriesTheNext()
    {
        PolicyConnector connector = new(
            Resolves("2001:db8::1 192.0.2.9"),
            static async (endPoint, token) =>
            {
                if (endPoint.AddressFamily is AddressFamily.InterNetworkV6)
                {
                    await Task.Delay(Timeout.Infinite, token);
                }

                return Stream.Null;
            },
            TimeSpan.FromMilliseconds(20));

        (await connector.ConnectAsync(Host, default).AsTask().WaitAsync(Patience)).Should().BeSameAs(Stream.Null);
    }

    [Fact]
    public async Task ConnectAsync_NoAddressAnswers_Throws()
    {
        PolicyConnector connector = new(
            Resolves("192.0.2.1 192.0.2.2"),
            static (endPoint, _) => throw new SocketException((int)SocketError.HostUnreachable, endPoint.Address.ToString()),
            Patience);

        Func<Task> act = () => connector.ConnectAsync(Host, default).AsTask();

        (await act.Should().ThrowAsync<IOException>()).WithInnerException<SocketException>().WithMessage("*192.0.2.2*");
    }

    [Fact]
    public async Task ConnectAsync_CanceledByTheCaller_TriesNoOtherAddress()
    {
        using CancellationTokenSource caller = new();
        int attempts = 0;
        PolicyConnector connector = new(
            Resolves("192.0.2.1 192.0.2.2"),
            async (_, token) =>
            {
                attempts++;
                await caller.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
                return Stream.Null;
            },
            Patience);

        Func<Task> act = () => connector.ConnectAsync(Host, caller.Token).AsTask();

        await act.Should().ThrowAsync<OperationCanceledException>();
        attempts.Should().Be(1);
    }

    [Fact]
    public async Task ConnectAsync_ResolverOfTheSystem_ConnectsToALocalServer()
    {
        using TcpListener server = new(IPAddress.Loopback, port: 0);
        server.Start();
        PolicyConnector connector = new(Dns.GetHostAddressesAsync, PolicyConnector.OpenAsync, Patience);

        await using Stream client = await connector.ConnectAsync(new("localhost", ((IPEndPoint)server.LocalEndpoint).Port), default);

        using TcpClient accepted = await server.AcceptTcpClientAsync().WaitAsync(Patience);
        await accepted.GetStream().WriteAsync("x"u8.ToArray());
        client.ReadByte().Should().Be('x');
    }

    private static Func<string, CancellationToken, Task<IPAddress[]>> Resolves(string addresses) =>
        (_, _) => Task.FromResult(Array.ConvertAll(addresses.Split(' '), IPAddress.Parse));
}
