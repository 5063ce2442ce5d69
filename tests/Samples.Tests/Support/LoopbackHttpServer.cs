using System.Net.Sockets;
using System.Text;

namespace Samples.Tests;

/// <summary>Represents an empty web server, which records the first line of each request and answers 404.</summary>
internal sealed class LoopbackHttpServer : LoopbackServer
{
    public LoopbackHttpServer()
    {
        Address = new Uri($"http://{EndPoint}/");
        Start();
    }

    public Uri Address { get; }

    protected override async Task ConverseAsync(TcpClient client, CancellationToken end)
    {
        using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
        Record(await reader.ReadLineAsync(end) ?? "");
        while (await reader.ReadLineAsync(end) is { Length: > 0 })
        {
            // Skips the header fields, which no test checks.
        }

        byte[] response = Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await client.GetStream().WriteAsync(response, end);
    }
}
