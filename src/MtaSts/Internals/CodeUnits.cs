using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace MtaSts;

/// <summary>What the parsers need to read UTF-8 bytes and UTF-16 units by the same code.</summary>
/// <remarks>A unit <c>T</c> is <see cref="byte"/> or <see cref="ushort"/>; characters come in through <see cref="Of(ReadOnlySpan{char})"/>.</remarks>
internal static class CodeUnits
{
    public static Span<ushort> Of(Span<char> text) => MemoryMarshal.Cast<char, ushort>(text);

    public static ReadOnlySpan<ushort> Of(ReadOnlySpan<char> text) => MemoryMarshal.Cast<char, ushort>(text);

    /// <summary>Whether the text is this ASCII text, letter case included.</summary>
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

    public static bool StartsWith<T>(ReadOnlySpan<T> text, ReadOnlySpan<byte> ascii)
        where T : unmanaged, IBinaryInteger<T> =>
        text.Length >= ascii.Length && Is(text[..ascii.Length], ascii);

    public static bool Is<T>(T unit, char ascii)
        where T : unmanaged, IBinaryInteger<T> =>
        unit == T.CreateTruncating(ascii);

    // RFC 5234, Appendix B.1:  WSP = SP / HTAB
    // Not Trim() or IsWhiteSpace(), which also know NBSP, NEL and the other Unicode spaces.
    public static bool IsBlank<T>(T unit)
        where T : unmanaged, IBinaryInteger<T> =>
        Is(unit, ' ') || Is(unit, '\t');

    /// <summary>The place of the first unit from <paramref name="start"/> on that is no blank, or <paramref name="end"/>.</summary>
    public static int SkipBlanks<T>(ReadOnlySpan<T> text, int start, int end)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (start < end && IsBlank(text[start]))
        {
            start++;
        }

        return start;
    }

    /// <summary>Sixteen units of a text, as bytes; those that are no byte come out as 0xFF or, on some processors, NUL, which nothing in the grammar is.</summary>
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

    /// <summary>Eight units of a text and eight others, as bytes; those that are no byte come out as 0xFF or, on some processors, NUL, which nothing in the grammar is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load<T>(ReadOnlySpan<T> text, int start, int otherStart)
        where T : unmanaged
    {
        ref T unit = ref Reference(text, start, sizeof(ulong));
        ref T other = ref Reference(text, otherStart, sizeof(ulong));
        return typeof(T) == typeof(byte)
            ? Vector128.Create(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<T, byte>(ref unit)), Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<T, byte>(ref other))).AsByte()
            : Narrow(Vector128.LoadUnsafe(ref Unsafe.As<T, short>(ref unit)), Vector128.LoadUnsafe(ref Unsafe.As<T, short>(ref other)));
    }

    /// <summary>Writes sixteen bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> bytes, Span<byte> destination, int start) => bytes.StoreUnsafe(ref Reference<byte>(destination, start, Vector128<byte>.Count));

    /// <summary>The units from <paramref name="start"/> to <paramref name="end"/> as one number, the first in the lowest byte.</summary>
    /// <returns>Zero, which no word is, if there are no units or more than eight, or if the last one is NUL or comes out as that, which would go unseen.</returns>
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

    /// <summary>Reads the code point at the start of the text.</summary>
    /// <returns>False if the units are no well-formed UTF-8 or UTF-16; <paramref name="length"/> is then that of the bad sequence.</returns>
    public static bool TryDecode<T>(ReadOnlySpan<T> text, out Rune rune, out int length)
        where T : unmanaged
    {
        OperationStatus status = typeof(T) == typeof(byte)
            ? Rune.DecodeFromUtf8(MemoryMarshal.Cast<T, byte>(text), out rune, out length)
            : Rune.DecodeFromUtf16(MemoryMarshal.Cast<T, char>(text), out rune, out length);
        return status is OperationStatus.Done;
    }

    /// <summary>Finds the first thing that no text of RFC 8461 may hold: bad encoding, or a control character other than the tab.</summary>
    public static bool TryFindInvalidCharacter<T>(ReadOnlySpan<T> text, out ParseErrorCode code, out Range place)
        where T : unmanaged
    {
        if (text.Length >= sizeof(ulong) && IsPrintable(text))
        {
            code = ParseErrorCode.None;
            place = default;
            return false;
        }

        return TrySearchFault(text, out code, out place);
    }

    /// <summary>Whether a text is ASCII alone.</summary>
    public static bool IsAscii(ReadOnlySpan<char> text) => IsShortAscii(text) || Ascii.IsValid(text);

    /// <summary>Whether a text is 8 to 32 characters, all of them ASCII: without the call that takes most of the time for so few.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsShortAscii(ReadOnlySpan<char> text)
    {
        int lanes = Vector128<ushort>.Count;
        if (text.Length < lanes || text.Length > 4 * lanes)
        {
            return false;
        }

        // Eight units at a time, from both ends.
        ReadOnlySpan<ushort> units = Of(text);
        Vector128<ushort> all = LoadEight(units, 0) | LoadEight(units, text.Length - lanes);
        if (text.Length > 2 * lanes)
        {
            all |= LoadEight(units, lanes) | LoadEight(units, text.Length - (2 * lanes));
        }

        return (all & Vector128.Create((ushort)0xFF80)) == Vector128<ushort>.Zero;
    }

    /// <summary>Copies ASCII, capitals as small letters.</summary>
    /// <returns>False if the text is not ASCII or does not fit.</returns>
    public static bool TryCopyLower<T>(ReadOnlySpan<T> ascii, Span<byte> destination)
        where T : unmanaged
    {
        OperationStatus status = typeof(T) == typeof(byte)
            ? Ascii.ToLower(MemoryMarshal.Cast<T, byte>(ascii), destination, out _)
            : Ascii.ToLower(MemoryMarshal.Cast<T, char>(ascii), destination, out _);
        return status is OperationStatus.Done;
    }

    /// <summary>The text as a string. The caller has found it well formed.</summary>
    public static string ToString<T>(ReadOnlySpan<T> text)
        where T : unmanaged =>
        typeof(T) == typeof(byte)
            ? Encoding.UTF8.GetString(MemoryMarshal.Cast<T, byte>(text))
            : new string(MemoryMarshal.Cast<T, char>(text));

    [MethodImpl(MethodImplOptions.NoInlining)] // Most texts are printable throughout, and need nothing of this.
    private static bool TrySearchFault<T>(ReadOnlySpan<T> text, out ParseErrorCode code, out Range place)
        where T : unmanaged
    {
        for (int i = CharacterSet.Printable.PrefixLength(text), length; i < text.Length; i += length)
        {
            bool wellFormed = TryDecode(text[i..], out Rune rune, out length);
            if (!wellFormed || (Rune.IsControl(rune) && rune.Value is not '\t' && rune.IsAscii))
            {
                code = wellFormed ? ParseErrorCode.ControlCharacter : ParseErrorCode.InvalidEncoding;
                place = i..(i + length);
                return true;
            }
        }

        code = ParseErrorCode.None;
        place = default;
        return false;
    }

    /// <summary>Whether a text of eight units or more is %x20-7E alone.</summary>
    private static bool IsPrintable<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        if (text.Length < Vector128<byte>.Count)
        {
            return IsPrintable(Load(text, 0, text.Length - sizeof(ulong)));
        }

        for (int i = 0; i < text.Length; i += Vector128<byte>.Count)
        {
            if (!IsPrintable(Load(text, Math.Min(i, text.Length - Vector128<byte>.Count))))
            {
                return false;
            }
        }

        return true;
    }

    // As signed numbers, bytes beyond 0x7F are less than all others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPrintable(Vector128<byte> units) =>
        !Vector128.LessThanAny(units.AsSByte(), Vector128.Create((sbyte)' ')) && !Vector128.EqualsAny(units, Vector128.Create((byte)0x7F));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> LoadEight(ReadOnlySpan<ushort> units, int start) =>
        Vector128.LoadUnsafe(ref Reference(units, start, Vector128<ushort>.Count));

    // To some units of a text. Slice checks, once: the checks of a span at each step of a load take longer than what they guard.
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
