using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Samples.Tests;

/// <summary>Represents a recursive resolver on the loopback interface, over UDP and TCP (RFC 1035 section 4).</summary>
internal sealed class LoopbackDnsServer : LoopbackServer
{
    private const int HeaderSize = 12;
    private const ushort Txt = 16;
    private const ushort CName = 5;

    private readonly DnsReply _reply;
    private readonly UdpClient _udp;
    private readonly Task _service;

    public LoopbackDnsServer(DnsReply reply)
        : this(reply, Bind())
    {
    }

    private LoopbackDnsServer(DnsReply reply, (UdpClient Udp, TcpListener Tcp) sockets)
        : base(sockets.Tcp)
    {
        _reply = reply;
        _udp = sockets.Udp;
        _service = ServeUdpAsync();
        Start();
    }

    public override async ValueTask DisposeAsync()
    {
        _udp.Dispose();
        await _service;
        await base.DisposeAsync();
    }

    protected override async Task ConverseAsync(TcpClient client, CancellationToken end)
    {
        NetworkStream stream = client.GetStream();
        byte[] length = new byte[2];
        await stream.ReadExactlyAsync(length, end);
        byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(query, end);
        Record("TCP");
        byte[] message = Reply(query, isTruncated: false);
        await stream.WriteAsync((byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message], end);
    }

    // One port for both. Another process may have it for one of them.
    private static (UdpClient Udp, TcpListener Tcp) Bind()
    {
        while (true)
        {
            UdpClient udp = new(new IPEndPoint(IPAddress.Loopback, port: 0));
            TcpListener tcp = new((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException)
            {
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult query = await _udp.ReceiveAsync();
                Record("UDP");
                if (!_reply.IsSilent)
                {
                    await _udp.SendAsync(Reply(query.Buffer, _reply.IsTruncated), query.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private byte[] Reply(byte[] query, bool isTruncated)
    {
        int endOfName = Array.IndexOf(query, (byte)0, HeaderSize) + 1;
        List<byte> message = [.. query[..(endOfName + 4)]]; // The question follows the header: name, type, class.
        int count = isTruncated ? 0 : _reply.Txt.Length + (_reply.Alias is null ? 0 : 1);
        message[2] = (byte)(0x81 | (isTruncated ? 2 : 0)); // A response to a query that desires recursion
        message[3] = (byte)(0x80 | _reply.ResponseCode); // Recursion is available.
        message[7] = (byte)count;
        message[11] = 0; // The query's option record is not repeated.
        if (count > 0)
        {
            byte[] question = [0xC0, HeaderSize]; // A pointer to the name in the question
            byte[] owner = _reply.Alias is null ? question : EncodeName(_reply.Alias);
            message.AddRange(_reply.Alias is null ? [] : Resource(question, CName, owner));
            message.AddRange(_reply.Txt.SelectMany(text => Resource(owner, Txt, [.. text.SelectMany(Encode)])));
        }

        return [.. message];
    }

    private static byte[] EncodeName(string name) => [.. name.Split('.').SelectMany(Encode), 0];

    // A label and a character-string have the same form.
    private static byte[] Encode(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];

    // The class is IN, and the time to live 60 seconds.
    private static byte[] Resource(byte[] owner, ushort type, byte[] data) =>
        [.. owner, 0, (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];
}
