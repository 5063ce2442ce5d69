using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Samples.Tests;

/// <summary>Represents a server on the loopback interface. It serves one connection at a time until the test ends.</summary>
internal abstract class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(5));
    private readonly List<string> _requests = [];
    private Task _service = Task.CompletedTask;

    protected LoopbackServer()
        : this(new TcpListener(IPAddress.Loopback, port: 0))
    {
    }

    protected LoopbackServer(TcpListener listener)
    {
        _listener = listener;
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The requests in order. A request is recorded before its response is sent.</summary>
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

    public virtual async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _service;
        _listener.Dispose();
        _end.Dispose();
    }

    /// <summary>Begins to accept connections. Call it at the end of a constructor, because it calls <see cref="ConverseAsync"/>.</summary>
    protected void Start() => _service = ServeAsync(_end.Token);

    protected abstract Task ConverseAsync(TcpClient client, CancellationToken end);

    protected void Record(string request)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }
    }

    private async Task ServeAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(end);
                await ConverseAsync(client, end);
            }
            catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException)
            {
                // The client has left, or the test has ended.
            }
        }
    }
}
