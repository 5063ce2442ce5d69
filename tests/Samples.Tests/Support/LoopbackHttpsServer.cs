using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtaSts.Tests;

namespace Samples.Tests;

/// <summary>A policy host on the loopback interface: it answers each request, one connection after the other, with whatever bytes a test gives it.</summary>
internal sealed class LoopbackHttpsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(5));
    private readonly List<string> _requests = [];
    private readonly Func<LoopbackHttpsServer, TcpClient, Task> _converse;
    private readonly Task _service;

    /// <summary>Starts to listen.</summary>
    /// <param name="certificate">The server's certificate.</param>
    /// <param name="respond">Writes the response. The connection is closed after it.</param>
    public LoopbackHttpsServer(X509Certificate2 certificate, Func<Stream, CancellationToken, Task> respond)
        : this((server, client) => server.ServeOverTlsAsync(client, certificate, respond))
    {
    }

    /// <summary>Starts to listen, with the response as text: a header in CRLF lines, an empty line, the body.</summary>
    public LoopbackHttpsServer(X509Certificate2 certificate, string response)
        : this(certificate, async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(response), token))
    {
    }

    private LoopbackHttpsServer(Func<LoopbackHttpsServer, TcpClient, Task> converse)
    {
        _converse = converse;
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _service = ServeAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The headers of the requests that came, in order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The client's first message of the last handshake; null before that.</summary>
    public ClientHello? Hello { get; private set; }

    /// <summary>The version that the last handshake came to.</summary>
    public SslProtocols Protocol { get; private set; }

    /// <summary>Starts to listen, for clients whose handshake goes no further than the answer to their first message.</summary>
    public static LoopbackHttpsServer WithoutHandshake(byte[] answer) => new((server, client) => server.AnswerHelloAsync(client, answer));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _service;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                await _converse(this, client);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
            {
                // The client has left, or the test is over.
            }
        }
    }

    private async Task ServeOverTlsAsync(TcpClient client, X509Certificate2 certificate, Func<Stream, CancellationToken, Task> respond)
    {
        Hello = await ClientHello.PeekAsync(client.Client, _end.Token);
        await using SslStream stream = new(client.GetStream());
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        };
        await stream.AuthenticateAsServerAsync(options, _end.Token);
        Protocol = stream.SslProtocol;
        string request = await ReadHeaderAsync(stream);
        lock (_requests)
        {
            _requests.Add(request);
        }

        await respond(stream, _end.Token);
        await stream.ShutdownAsync();
    }

    // Waits for the client to hang up, so that it reads the answer and not a reset.
    private async Task AnswerHelloAsync(TcpClient client, byte[] answer)
    {
        Hello = await ClientHello.PeekAsync(client.Client, _end.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(answer, _end.Token);
        client.Client.Shutdown(SocketShutdown.Send);
        await stream.CopyToAsync(Stream.Null, _end.Token);
    }

    private async Task<string> ReadHeaderAsync(SslStream stream)
    {
        StringBuilder header = new();
        byte[] next = new byte[1];
        while (await stream.ReadAsync(next, _end.Token) > 0)
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
