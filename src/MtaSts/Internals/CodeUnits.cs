using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace MtaSts;

/// <summary>Lets the parsers process UTF-8 bytes and UTF-16 code units with the same code.</summary>
/// <remarks>
/// A code unit <c>T</c> is <see cref="byte"/> or <see cref="ushort"/>; <see cref="Of(ReadOnlySpan{char})"/> converts
/// characters.
/// </remarks>
internal static class CodeUnits
{
    public static Span<ushort> Of(Span<char> text) => MemoryMarshal.Cast<char, ushort>(text);

    public static ReadOnlySpan<ushort> Of(ReadOnlySpan<char> text) => MemoryMarshal.Cast<char, ushort>(text);

    /// <summary>Returns whether a text equals an ASCII text, including letter case.</summary>
    public static bool Is<T>(ReadOnlySpan<T> text, ReadOnlySpan<byte> ascii)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (text.Length != ascii.Length)
        {
            return false;
        }

        for (int i = 0; i < ascii.Length; i++)
        {
            if (text[i] != T.CreateTruncating(ascii[i]))
            {
                return false;
            }
        }

        return true;
    }

    public static bool Is<T>(T unit, char ascii)
        where T : unmanaged, IBinaryInteger<T> =>
        unit == T.CreateTruncating(ascii);

    // RFC 5234 appendix B.1:  WSP = SP / HTAB
    // Not Trim() or IsWhiteSpace(), which also accept NBSP, NEL and other Unicode whitespace.
    public static bool IsWhitespace<T>(T unit)
        where T : unmanaged, IBinaryInteger<T> =>
        Is(unit, ' ') || Is(unit, '\t');

    /// <summary>
    /// Returns the position of the first code unit from <paramref name="start"/> on that is not whitespace, or
    /// <paramref name="end"/>.
    /// </summary>
    public static int SkipWhitespace<T>(ReadOnlySpan<T> text, int start, int end)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (start < end && IsWhitespace(text[start]))
        {
            start++;
        }

        return start;
    }

    /// <summary>Loads 16 code units as bytes. Units over 0xFF become 0xFF or 0, both outside the grammar.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load<T>(ReadOnlySpan<T> text, int start)
        where T : unmanaged
    {
        ref T unit = ref Reference(text, start, Vector128<byte>.Count);
        return typeof(T) == typeof(byte)
            ? Vector128.LoadUnsafe(ref Unsafe.As<T, byte>(ref unit))
            : Narrow(
                Vector128.LoadUnsafe(ref Unsafe.As<T, short>(ref unit)),
                Vector128.LoadUnsafe(ref Unsafe.As<T, short>(ref unit), (nuint)Vector128<short>.Count));
    }

    /// <summary>
    /// Loads eight code units and eight others as bytes. Units over 0xFF become 0xFF or 0, both outside the grammar.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load<T>(ReadOnlySpan<T> text, int start, int otherStart)
        where T : unmanaged
    {
        ref T unit = ref Reference(text, start, sizeof(ulong));
        ref T other = ref Reference(text, otherStart, sizeof(ulong));
        return typeof(T) == typeof(byte)
            ? Vector128.Create(
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<T, byte>(ref unit)),
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<T, byte>(ref other))).AsByte()
            : Narrow(Vector128.LoadUnsafe(ref Unsafe.As<T, short>(ref unit)), Vector128.LoadUnsafe(ref Unsafe.As<T, short>(ref other)));
    }

    /// <summary>Stores 16 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> bytes, Span<byte> destination, int start) =>
        bytes.StoreUnsafe(ref Reference<byte>(destination, start, Vector128<byte>.Count));

    /// <summary>
    /// Returns the code units from <paramref name="start"/> to <paramref name="end"/> as one number, the first in the
    /// lowest byte.
    /// </summary>
    /// <returns>
    /// 0, which means "no keyword", if there are no code units or more than eight. Also 0 if the last one is or becomes
    /// NUL, because a zero in the highest byte is invisible.
    /// </returns>
    public static ulong ReadWord<T>(ReadOnlySpan<T> text, int start, int end)
        where T : unmanaged, IBinaryInteger<T>
    {
        int length = end - start;
        if (length is 0 or > sizeof(ulong))
        {
            return 0;
        }

        ulong word = 0;
        if (start <= text.Length - sizeof(ulong))
        {
            word = typeof(T) == typeof(byte)
                ? BinaryPrimitives.ReadUInt64LittleEndian(MemoryMarshal.Cast<T, byte>(text[start..]))
                : Narrow(Vector128.Create(MemoryMarshal.Cast<T, short>(text[start..])), default).AsUInt64().ToScalar();
            word &= ulong.MaxValue >> (8 * (sizeof(ulong) - length));
        }
        else
        {
            for (int i = end - 1; i >= start; i--)
            {
                word = (word << 8) | Math.Min(uint.CreateTruncating(text[i]), byte.MaxValue);
            }
        }

        return (word >> (8 * (length - 1))) != 0 ? word : 0;
    }

    /// <summary>Decodes the code point at the start of a text.</summary>
    /// <returns>
    /// <see langword="true"/> if the code units are well-formed UTF-8 or UTF-16; otherwise, <see langword="false"/>,
    /// and <paramref name="length"/> is that of the invalid sequence.
    /// </returns>
    public static bool TryDecode<T>(ReadOnlySpan<T> text, out Rune rune, out int length)
        where T : unmanaged
    {
        OperationStatus status = typeof(T) == typeof(byte)
            ? Rune.DecodeFromUtf8(MemoryMarshal.Cast<T, byte>(text), out rune, out length)
            : Rune.DecodeFromUtf16(MemoryMarshal.Cast<T, char>(text), out rune, out length);
        return status is OperationStatus.Done;
    }

    /// <summary>Returns whether a text has 8 to 32 characters, all of them ASCII.</summary>
    /// <remarks>Inlined: with a call of the framework's method, a search without a match takes 20% longer.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsShortAscii(ReadOnlySpan<char> text)
    {
        int lanes = Vector128<ushort>.Count;
        if (text.Length < lanes || text.Length > 4 * lanes)
        {
            return false;
        }

        // Eight characters at a time, from both ends.
        ReadOnlySpan<ushort> units = Of(text);
        Vector128<ushort> all = LoadEight(units, 0) | LoadEight(units, text.Length - lanes);
        if (text.Length > 2 * lanes)
        {
            all |= LoadEight(units, lanes) | LoadEight(units, text.Length - (2 * lanes));
        }

        return (all & Vector128.Create((ushort)0xFF80)) == Vector128<ushort>.Zero;
    }

    /// <summary>Copies ASCII in lower case.</summary>
    /// <returns><see langword="true"/> if the text is ASCII and fits; otherwise, <see langword="false"/>.</returns>
    public static bool TryCopyLower<T>(ReadOnlySpan<T> ascii, Span<byte> destination)
        where T : unmanaged
    {
        OperationStatus status = typeof(T) == typeof(byte)
            ? Ascii.ToLower(MemoryMarshal.Cast<T, byte>(ascii), destination, out _)
            : Ascii.ToLower(MemoryMarshal.Cast<T, char>(ascii), destination, out _);
        return status is OperationStatus.Done;
    }

    /// <summary>Returns a well-formed text as a string.</summary>
    public static string ToString<T>(ReadOnlySpan<T> text)
        where T : unmanaged =>
        typeof(T) == typeof(byte)
            ? Encoding.UTF8.GetString(MemoryMarshal.Cast<T, byte>(text))
            : new string(MemoryMarshal.Cast<T, char>(text));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> LoadEight(ReadOnlySpan<ushort> units, int start) =>
        Vector128.LoadUnsafe(ref Reference(units, start, Vector128<ushort>.Count));

    // Slice checks the bounds once: a span's checks at each step of a load take longer than the load.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T Reference<T>(ReadOnlySpan<T> text, int start, int count)
        where T : unmanaged =>
        ref MemoryMarshal.GetReference(text.Slice(start, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(Vector128<short> first, Vector128<short> second)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.PackUnsignedSaturate(first, second);
        }

        Vector128<ushort> limit = Vector128.Create((ushort)byte.MaxValue);
        return Vector128.Narrow(Vector128.Min(first.AsUInt16(), limit), Vector128.Min(second.AsUInt16(), limit));
    }
}
