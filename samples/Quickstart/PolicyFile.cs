using MtaSts;

namespace Quickstart;

/// <summary>A policy file: its name for messages, and its bytes, which are not yet known to be text.</summary>
internal sealed record PolicyFile(string Name, byte[] Bytes)
{
    /// <summary>Whether no policy is as large. A larger file is not read to its end.</summary>
    public bool IsTooLarge => Bytes.Length > Policy.MaxSize;

    /// <summary>Reads a file, or for the path <c>-</c> standard input.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static PolicyFile Read(string path, Stream standardInput)
    {
        if (path is "-")
        {
            return new("<stdin>", ReadBounded(standardInput));
        }

        using FileStream file = File.OpenRead(path);
        return new(Printable.Escape(path), ReadBounded(file));
    }

    // One byte more than is allowed shows that there are too many, however many there are.
    private static byte[] ReadBounded(Stream stream)
    {
        byte[] buffer = new byte[Policy.MaxSize + 1];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }
}
