using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtaSts.Tests;

namespace Samples.Tests;

/// <summary>Specifies the server's answer to STARTTLS (RFC 3207).</summary>
public enum StartTls
{
    /// <summary>Offers the extension and completes the handshake.</summary>
    Supported,

    /// <summary>Does not offer the extension.</summary>
    NotOffered,

    /// <summary>Offers the extension and answers the command with 454.</summary>
    Refused,

    /// <summary>Answers 220 and closes the connection.</summary>
    HangsUp,

    /// <summary>Answers 220 and continues in plain text.</summary>
    SpeaksOn,

    /// <summary>Rejects the connection with its greeting.</summary>
    NoService,
}

/// <summary>Represents an MX host on the loopback interface, with STARTTLS. It serves one connection at a time.</summary>
internal sealed class LoopbackSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(5));
    private readonly StartTls _startTls;
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _intermediates;
    private readonly List<string> _commands = [];
    private readonly Task _service;

    public LoopbackSmtpServer(StartTls startTls, X509Certificate2 certificate, params X509Certificate2[] intermediates)
    {
        _startTls = startTls;
        _certificate = certificate;
        _intermediates = [.. intermediates];
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _service = ServeAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The client's first message of the handshake; <see langword="null"/> before the handshake.</summary>
    public ClientHello? Hello { get; private set; }

    /// <summary>The commands after EHLO and STARTTLS of all connections, in order, with <c>TLS</c> before those over TLS.</summary>
    public IReadOnlyList<string> Commands
    {
        get
        {
            lock (_commands)
            {
                return [.. _commands];
            }
        }
    }

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
                await using NetworkStream stream = client.GetStream();
                await ConverseAsync(client, stream);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
            {
                // The client has left, or the test has ended. The test checks the client, not the server.
            }
        }
    }

    private async Task ConverseAsync(TcpClient client, NetworkStream stream)
    {
        if (_startTls is StartTls.NoService)
        {
            await SayAsync(stream, "421 4.3.2 Not now");
            return;
        }

        await SayAsync(stream, "220 mail.example.com ESMTP");
        if (await ReadLineAsync(stream) is not "EHLO sender.example")
        {
            await SayAsync(stream, "500 5.5.1 EHLO expected");
            return;
        }

        await SayAsync(stream, $"250-mail.example.com\r\n{(_startTls is StartTls.NotOffered ? "" : "250-STARTTLS\r\n")}250 SIZE 1000000");
        string command = await ReadLineAsync(stream);
        if (command is not "STARTTLS")
        {
            await TakeMessagesAsync(stream, command, prefix: "");
            return;
        }

        if (_startTls is StartTls.Refused)
        {
            await SayAsync(stream, "454 4.7.0 TLS not available");
            return;
        }

        await SayAsync(stream, "220 2.0.0 Go ahead");
        if (_startTls is StartTls.HangsUp)
        {
            return;
        }

        if (_startTls is StartTls.SpeaksOn)
        {
            await SayAsync(stream, "250 2.0.0 What was it that you said?");
            return;
        }

        Hello = await ClientHello.PeekAsync(client.Client, _end.Token);
        await using SslStream tls = new(stream);
        SslServerAuthenticationOptions options = new()
        {
            // Offline, so that the server sends only the certificates of the test.
            ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, _intermediates, offline: true),
        };
        await tls.AuthenticateAsServerAsync(options, _end.Token);
        await TakeMessagesAsync(tls, await ReadLineAsync(tls), prefix: "TLS ");
    }

    // Until the client closes the connection, so that it receives everything.
    private async Task TakeMessagesAsync(Stream stream, string command, string prefix)
    {
        for (; ; command = await ReadLineAsync(stream))
        {
            lock (_commands)
            {
                _commands.Add(prefix + command);
            }

            if (command is "DATA")
            {
                await SayAsync(stream, "354 Go ahead");
                while (await ReadLineAsync(stream) is not ".")
                {
                    // Skips the message, which no test checks.
                }
            }

            await SayAsync(stream, command is "QUIT" ? "221 2.0.0 Bye" : "250 2.0.0 Ok");
        }
    }

    private async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _end.Token);

    private async Task<string> ReadLineAsync(Stream stream)
    {
        StringBuilder line = new();
        byte[] next = new byte[1];
        while (await stream.ReadAsync(next, _end.Token) > 0)
        {
            if (next[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)next[0]);
        }

        throw new EndOfStreamException();
    }
}
