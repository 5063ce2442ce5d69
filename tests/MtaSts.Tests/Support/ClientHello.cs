using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace MtaSts.Tests;

/// <summary>Represents the first message of a TLS handshake as sent (RFC 8446, Section 4.1.2).</summary>
/// <remarks>The framework shows a server the name in SNI only in decoded form.</remarks>
/// <param name="ServerName">The name in SNI; <see langword="null"/> without that extension.</param>
/// <param name="Extensions">The types of the extensions.</param>
internal sealed record ClientHello(string? ServerName, IReadOnlyList<int> Extensions)
{
    /// <summary>The extension that offers to resume an earlier session (RFC 8446, Section 4.2.11).</summary>
    public const int PreSharedKey = 41;

    private const int RecordHeader = 5;

    /// <summary>Waits for the message and leaves it in the socket for the handshake.</summary>
    public static async Task<ClientHello> PeekAsync(Socket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[RecordHeader];
        while (true)
        {
            int length = await socket.ReceiveAsync(buffer, SocketFlags.Peek, cancellationToken);
            int record = length < RecordHeader ? RecordHeader : RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(3));
            if (length == record)
            {
                return Parse(buffer);
            }

            if (length == 0)
            {
                throw new EndOfStreamException();
            }

            if (buffer.Length == record)
            {
                await Task.Yield(); // until the rest arrives
            }

            buffer = new byte[record];
        }
    }

    /// <summary>Parses a TLS record that holds the whole message.</summary>
    public static ClientHello Parse(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> rest = record[(RecordHeader + 4 + 2 + 32)..]; // after the message's header, version and random number
        rest = rest[(1 + rest[0])..]; // the session id
        rest = rest[(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))..]; // the cipher suites
        rest = rest[(1 + rest[0])..]; // the compression methods
        rest = rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest));

        string? serverName = null;
        List<int> extensions = [];
        while (!rest.IsEmpty)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(rest);
            ReadOnlySpan<byte> value = rest.Slice(4, BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            extensions.Add(type);
            serverName = type == 0 ? Encoding.UTF8.GetString(value[5..]) : serverName; // a list of one name (RFC 6066, Section 3)
            rest = rest[(4 + value.Length)..];
        }

        return new(serverName, extensions);
    }
}
