using MtaSts;

namespace Quickstart;

/// <summary>Represents a policy file: its name for messages and its bytes.</summary>
internal sealed record PolicyFile(string Name, byte[] Bytes)
{
    /// <summary>Indicates whether the file is too large for a policy. A larger file is not read to its end.</summary>
    public bool IsTooLarge => Bytes.Length > Policy.MaxSize;

    /// <summary>Reads a file, or standard input for the path <c>-</c>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read, or is a folder.</exception>
    public static PolicyFile Read(string path, Stream standardInput)
    {
        if (path is "-")
        {
            return new("<stdin>", ReadBounded(standardInput));
        }

        using FileStream file = File.OpenRead(path);
        return new(Printable.Escape(path), ReadBounded(file));
    }

    // One byte over the limit is enough to reject the file.
    private static byte[] ReadBounded(Stream stream)
    {
        byte[] buffer = new byte[Policy.MaxSize + 1];
        return buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }
}
