using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace MtaSts;

/// <summary>Writes the entries of a cache as lines of text, and parses them.</summary>
/// <remarks>
/// <code>
/// 1 3F2A9C0D51E7B864 2 example.com {"id":"20160831085700Z","version":"STSv1",…}
/// </code>
/// <para>The fields of a line: the version of this format; the first 16 digits of the SHA-256 of the fields that
/// follow; the number of entries in the snapshot; the policy domain; the entry.</para>
/// <para>Each line is independent, so damage costs only the lines that it touches. Each valid line contains the number
/// of entries.</para>
/// </remarks>
internal static class CacheSnapshot
{
    private const string Version = "1";
    private const int ChecksumLength = 16;
    private const int BufferSize = 64 * 1024;

    // Longer than the largest entry. A stream that is not a snapshot is not read into memory.
    private const int MaxLineLength = 1024 * 1024;

    public static async Task WriteAsync(
        Stream stream, List<KeyValuePair<string, CachedPolicy>> entries, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> buffer = new(BufferSize);
        foreach ((string domain, CachedPolicy entry) in entries)
        {
            string start = string.Create(CultureInfo.InvariantCulture, $"{entries.Count} {domain} ");
            byte[] content = [.. Encoding.ASCII.GetBytes(start), .. entry.Serialize()];
            buffer.Write(Encoding.ASCII.GetBytes($"{Version} {Checksum(content)} "));
            buffer.Write(content);
            buffer.Write("\n"u8);
            if (buffer.WrittenCount >= BufferSize)
            {
                await stream.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
                buffer.ResetWrittenCount();
            }
        }

        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Parses the lines of a stream. An invalid line is null.</summary>
    public static async IAsyncEnumerable<Line?> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(stream, new(bufferSize: BufferSize, leaveOpen: true));
        bool isTooLong = false;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            for (; rest.PositionOf((byte)'\n') is { } end; rest = rest.Slice(rest.GetPosition(1, end)))
            {
                yield return isTooLong ? null : Parse(rest.Slice(0, end));
                isTooLong = false;
            }

            isTooLong |= rest.Length > MaxLineLength;
            if (read.IsCompleted)
            {
                if (isTooLong || !rest.IsEmpty)
                {
                    yield return isTooLong ? null : Parse(rest);
                }

                break;
            }

            reader.AdvanceTo(isTooLong ? rest.End : rest.Start, rest.End);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private static Line? Parse(ReadOnlySequence<byte> line) => Parse(line.IsSingleSegment ? line.FirstSpan : line.ToArray());

    private static Line? Parse(ReadOnlySpan<byte> line) =>
        TryReadWord(ref line, out string version) && version == Version
        && TryReadWord(ref line, out string checksum) && checksum == Checksum(line)
        && TryReadWord(ref line, out string total) && int.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && TryReadWord(ref line, out string name) && PolicyDomain.TryParse(name, out PolicyDomain? domain) && domain.Name == name
        && CachedPolicy.TryDeserialize(line, out CachedPolicy? entry)
            ? new Line(count, domain, entry)
            : null;

    private static bool TryReadWord(ref ReadOnlySpan<byte> line, out string word)
    {
        int space = line.IndexOf((byte)' ');
        word = Encoding.Latin1.GetString(line[..Math.Max(space, 0)]);
        line = line[(space + 1)..];
        return space > 0;
    }

    private static string Checksum(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content))[..ChecksumLength];

    /// <summary>Represents a valid line.</summary>
    /// <param name="Total">The number of entries in the snapshot.</param>
    /// <param name="Domain">The policy domain.</param>
    /// <param name="Entry">The cache entry of the domain.</param>
    public readonly record struct Line(int Total, PolicyDomain Domain, CachedPolicy Entry);
}
