using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Samples.Tests;

/// <summary>A web server on the loopback interface that has nothing: it notes each request and answers 404.</summary>
internal sealed class LoopbackHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(5));
    private readonly List<string> _requests = [];
    private readonly Task _service;

    public LoopbackHttpServer()
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}/");
        _service = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>The first lines of the requests that came, in order. A client that has its answer is among them.</summary>
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
                using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
                string request = await reader.ReadLineAsync(_end.Token) ?? "";
                lock (_requests)
                {
                    _requests.Add(request);
                }

                while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 })
                {
                    // The rest of the header tells nothing.
                }

                byte[] response = Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                await client.GetStream().WriteAsync(response, _end.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client has left, or the test is over.
            }
        }
    }
}
