using System.Net;
using System.Net.Sockets;

namespace OutboundMta;

/// <summary>Connects to a policy host by its addresses in turn, each for a few seconds.</summary>
/// <remarks>A dead address must not use up the time of the whole fetch. Safe for use by several threads.</remarks>
/// <param name="resolve">Returns the addresses of a host, the preferred ones first.</param>
/// <param name="connect">Connects to one address.</param>
/// <param name="limit">For one address.</param>
public sealed class PolicyConnector(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve,
    Func<IPEndPoint, CancellationToken, ValueTask<Stream>> connect,
    TimeSpan limit)
{
    /// <summary>Creates a connector over the system's resolver, with five seconds for an address.</summary>
    public PolicyConnector()
        : this(Dns.GetHostAddressesAsync, OpenAsync, TimeSpan.FromSeconds(5)) // TCP asks for a connection after 0, 1 and 3 seconds.
    {
    }

    /// <summary>Connects to one address over TCP.</summary>
    public static async ValueTask<Stream> OpenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to the first address of a host that answers.</summary>
    /// <param name="host">The policy host, or a proxy on the way to it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="IOException">No address answered.</exception>
    /// <exception cref="SocketException">The name has no address, or the lookup failed.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        Exception? failure = null;
        foreach (IPAddress address in Alternate(await resolve(host.Host, cancellationToken)))
        {
            using CancellationTokenSource attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            attempt.CancelAfter(limit);
            try
            {
                return await connect(new IPEndPoint(address, host.Port), attempt.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                failure = e;
            }
        }

        throw new IOException($"No address of {host.Host} answered.", failure);
    }

    // IPv6 and IPv4 by turns, in the order of the resolver otherwise: often one of the two does not work at all.
    private static IEnumerable<IPAddress> Alternate(IPAddress[] addresses) => addresses
        .GroupBy(static address => address.AddressFamily)
        .SelectMany(static family => family.Select(static (address, turn) => (address, turn)))
        .OrderBy(static item => item.turn)
        .Select(static item => item.address);
}
