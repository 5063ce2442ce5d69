using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtaSts.Tests;

namespace Samples.Tests;

/// <summary>Represents a policy host, which records the header of each request and sends the bytes of the test.</summary>
internal sealed class LoopbackHttpsServer : LoopbackServer
{
    private readonly Func<LoopbackHttpsServer, TcpClient, CancellationToken, Task> _converse;

    /// <summary>Starts to listen.</summary>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="respond">Writes the response. The connection is closed after it.</param>
    public LoopbackHttpsServer(X509Certificate2 certificate, Func<Stream, CancellationToken, Task> respond)
        : this((server, client, end) => server.ServeOverTlsAsync(client, certificate, respond, end))
    {
    }

    /// <summary>Starts to listen. The response is text: a header in CRLF lines, an empty line, the body.</summary>
    public LoopbackHttpsServer(X509Certificate2 certificate, string response)
        : this(certificate, async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(response), token))
    {
    }

    private LoopbackHttpsServer(Func<LoopbackHttpsServer, TcpClient, CancellationToken, Task> converse)
    {
        _converse = converse;
        Start();
    }

    /// <summary>The first message of the last handshake; <see langword="null"/> before the first one.</summary>
    public ClientHello? Hello { get; private set; }

    /// <summary>The TLS version of the last handshake.</summary>
    public SslProtocols Protocol { get; private set; }

    /// <summary>Starts to listen. Handshakes end after the answer to the client's first message.</summary>
    public static LoopbackHttpsServer WithoutHandshake(byte[] answer) =>
        new((server, client, end) => server.AnswerHelloAsync(client, answer, end));

    protected override Task ConverseAsync(TcpClient client, CancellationToken end) => _converse(this, client, end);

    private async Task ServeOverTlsAsync(
        TcpClient client, X509Certificate2 certificate, Func<Stream, CancellationToken, Task> respond, CancellationToken end)
    {
        Hello = await ClientHello.PeekAsync(client.Client, end);
        await using SslStream stream = new(client.GetStream());
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        };
        await stream.AuthenticateAsServerAsync(options, end);
        Protocol = stream.SslProtocol;
        Record(await ReadHeaderAsync(stream, end));
        await respond(stream, end);
        await stream.ShutdownAsync();
    }

    // Waits until the client closes the connection. Closing it first could reset it before the client has the answer.
    private async Task AnswerHelloAsync(TcpClient client, byte[] answer, CancellationToken end)
    {
        Hello = await ClientHello.PeekAsync(client.Client, end);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(answer, end);
        client.Client.Shutdown(SocketShutdown.Send);
        await stream.CopyToAsync(Stream.Null, end);
    }

    private static async Task<string> ReadHeaderAsync(SslStream stream, CancellationToken end)
    {
        StringBuilder header = new();
        byte[] next = new byte[1];
        while (await stream.ReadAsync(next, end) > 0)
        {
            header.Append((char)next[0]);
            if (header.Length >= 4 && header.ToString(header.Length - 4, 4) == "\r\n\r\n")
            {
                return header.ToString();
            }
        }

        throw new EndOfStreamException();
    }
}
