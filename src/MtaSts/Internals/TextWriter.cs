using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace MtaSts;

/// <summary>Writes a text to a span of bytes or of characters, and keeps counting when the span is full.</summary>
/// <remarks>
/// With an empty span it measures. A code unit <c>T</c> is <see cref="byte"/> or <see cref="ushort"/>, as in
/// <see cref="CodeUnits"/>.
/// </remarks>
internal ref struct TextWriter<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly Span<T> _destination;

    public TextWriter(Span<T> destination) => _destination = destination;

    /// <summary>The length of the text so far, even if it did not fit.</summary>
    public int Length { get; private set; }

    public void Append(scoped ReadOnlySpan<byte> ascii)
    {
        if (TryReserve(ascii.Length, out Span<T> room))
        {
            if (typeof(T) == typeof(byte))
            {
                ascii.CopyTo(MemoryMarshal.Cast<T, byte>(room));
            }
            else
            {
                Ascii.ToUtf16(ascii, MemoryMarshal.Cast<T, char>(room), out _);
            }
        }
    }

    public void Append(string text)
    {
        int length = typeof(T) == typeof(byte) ? Encoding.UTF8.GetByteCount(text) : text.Length;
        if (TryReserve(length, out Span<T> room))
        {
            if (typeof(T) == typeof(byte))
            {
                Encoding.UTF8.GetBytes(text, MemoryMarshal.Cast<T, byte>(room));
            }
            else
            {
                text.CopyTo(MemoryMarshal.Cast<T, char>(room));
            }
        }
    }

    /// <summary>Completes the text.</summary>
    /// <param name="written">The length of the text, or 0 if it did not fit.</param>
    /// <returns>
    /// <see langword="true"/> if the text fitted; otherwise, <see langword="false"/>, and the content of the span is
    /// undefined.
    /// </returns>
    public readonly bool TryFinish(out int written)
    {
        bool fits = Length <= _destination.Length;
        written = fits ? Length : 0;
        return fits;
    }

    private bool TryReserve(int length, out Span<T> room)
    {
        int start = Length;
        Length += length;
        room = Length <= _destination.Length ? _destination.Slice(start, length) : default;
        return Length <= _destination.Length;
    }
}
