using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MtaSts;

/// <summary>Validates, copies and compares domain names, 16 code units at a time.</summary>
/// <remarks>
/// <para>A valid name is a <c>Domain</c> (RFC 5321 section 4.1.2): labels of letters, digits and inner hyphens,
/// separated by dots.</para>
/// <para>The methods for short names need <see cref="FitsInMask"/>: they keep a bit per code unit, and no label can be
/// too long.</para>
/// </remarks>
internal static class VectorNames
{
    private const int Lanes = 16;
    private const int HalfLanes = Lanes / 2;
    private const uint AllLanes = (1 << Lanes) - 1;

    /// <summary>Returns whether a name has 8 to 63 code units, as most names have.</summary>
    public static bool FitsInMask<T>(ReadOnlySpan<T> name) => name.Length is >= HalfLanes and <= NameLimits.MaxLabelLength;

    /// <summary>Returns whether a short name is valid.</summary>
    public static bool IsValid<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        ProcessShortName(name, isCopied: false, default, isCompared: false, default);

    /// <summary>Copies a short name in lower case if it is valid; otherwise, it may copy a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCopyLower<T>(ReadOnlySpan<T> name, Span<byte> destination)
        where T : unmanaged, IBinaryInteger<T> =>
        ProcessShortName(name, isCopied: true, destination, isCompared: false, default);

    /// <summary>Returns whether a name is short, valid and equal to a text, ignoring letter case.</summary>
    /// <remarks>One pass takes a third less time than a comparison followed by validation.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EqualsValidName(ReadOnlySpan<char> name, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(name);
        return name.Length == text.Length
            && FitsInMask(units)
            && ProcessShortName(units, isCopied: false, default, isCompared: true, CodeUnits.Of(text));
    }

    /// <summary>Copies the valid name that a longer text begins with, in lower case.</summary>
    /// <param name="text">The text. The name ends before the first code unit that is not allowed in a name.</param>
    /// <param name="destination">
    /// The destination, as long as the text. Code units after the name may be overwritten.
    /// </param>
    /// <returns>
    /// The length of the name. 0 if there is none, if it is over 63 octets, or if fewer than 16 code units are left at
    /// the end of the text.
    /// </returns>
    /// <remarks>Validation finds the end of the name, so no separate search for it is needed.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CopyLowerPrefix<T>(ReadOnlySpan<T> text, Span<byte> destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong hyphensAndDots = 0;
        ulong dots = 0;
        for (int i = 0; i <= NameLimits.MaxLabelLength && i <= text.Length - Lanes; i += Lanes)
        {
            Vector128<byte> units = CodeUnits.Load(text, i);
            uint others = Classify(units, out uint h, out uint d) ^ AllLanes;
            hyphensAndDots |= (ulong)h << i;
            dots |= (ulong)d << i;
            CodeUnits.Store(ToLower(units), destination, i);
            if (others != 0)
            {
                int length = i + BitOperations.TrailingZeroCount(others);
                ulong isInName = (1UL << length) - 1;
                return length > 0 && AreLabelEndsValid(hyphensAndDots & isInName, dots, length) ? length : 0;
            }
        }

        return 0;
    }

    /// <summary>Returns whether a text equals a valid name, or a dot and a valid name, ignoring letter case.</summary>
    /// <remarks>If the name is not valid, the result means nothing: the caller validates it before or after.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)] // Inlined, it makes a match with one pattern take 1.5 times as long.
    public static bool EqualsIgnoreCase<T>(ReadOnlySpan<T> valid, ReadOnlySpan<char> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Where the text has the bit 0x40, the two may differ in the bit 0x20, and nowhere else. The valid name then
        // has the bit 0x40 too, and only its letters have that.
        ReadOnlySpan<ushort> units = CodeUnits.Of(text);
        if (valid.Length != units.Length)
        {
            return false;
        }

        if (valid.Length >= Lanes)
        {
            for (int i = 0; i < valid.Length; i += Lanes)
            {
                int start = Math.Min(i, valid.Length - Lanes);
                if (!EqualsIgnoreCase(CodeUnits.Load(valid, start), CodeUnits.Load(units, start)))
                {
                    return false;
                }
            }

            return true;
        }

        if (valid.Length >= HalfLanes)
        {
            int shift = valid.Length - HalfLanes;
            return EqualsIgnoreCase(CodeUnits.Load(valid, 0, shift), CodeUnits.Load(units, 0, shift));
        }

        for (int i = 0; i < valid.Length; i++)
        {
            uint mayDiffer = ((uint)units[i] >> 1) & 0x20;
            if (((uint.CreateTruncating(valid[i]) ^ units[i]) & ~mayDiffer) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Returns the same as <see cref="EqualsIgnoreCase{T}(ReadOnlySpan{T}, ReadOnlySpan{char})"/>, without a call for 8
    /// to 32 characters.
    /// </summary>
    /// <remarks>For the search in a policy's patterns, which takes 25% longer with the call.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EqualsIgnoreCaseInlined(ReadOnlySpan<byte> valid, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(text);
        if (valid.Length != units.Length)
        {
            return false;
        }

        if (valid.Length is >= HalfLanes and <= Lanes)
        {
            int last = valid.Length - HalfLanes;
            return EqualsIgnoreCase(CodeUnits.Load(valid, 0, last), CodeUnits.Load(units, 0, last));
        }

        if (valid.Length is > Lanes and <= 2 * Lanes)
        {
            int last = valid.Length - Lanes;
            return EqualsIgnoreCase(CodeUnits.Load(valid, 0), CodeUnits.Load(units, 0))
                && EqualsIgnoreCase(CodeUnits.Load(valid, last), CodeUnits.Load(units, last));
        }

        return EqualsIgnoreCase(valid, text);
    }

    /// <summary>
    /// Returns whether the first characters of a name could replace an asterisk: ASCII from <c>!</c> to <c>~</c>
    /// without a dot.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="length">The number of characters to check.</param>
    /// <remarks>
    /// Control characters are rejected because a NUL would end the name early for the next resolver. Other characters,
    /// such as an underscore, are the caller's decision.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool StartsWithLabel(ReadOnlySpan<char> name, int length)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(name);
        if (length <= HalfLanes && name.Length >= HalfLanes)
        {
            return AreInLabel(CodeUnits.Load(units, 0, 0), length);
        }

        if (length <= Lanes && name.Length >= Lanes)
        {
            return AreInLabel(CodeUnits.Load(units, 0), length);
        }

        return IsLabelSlow(name[..length]);
    }

    /// <summary>Returns a name from its first dot on; empty if the text before the dot is not a label.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        return dot > 0 && StartsWithLabel(name, dot) ? name[dot..] : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // One body for three uses: validate, validate and copy, validate and compare.
    private static bool ProcessShortName<T>(
        ReadOnlySpan<T> name, bool isCopied, Span<byte> destination, bool isCompared, ReadOnlySpan<ushort> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        // One bit per code unit, the first in the lowest bit.
        ulong hyphensAndDots = 0;
        ulong dots = 0;

        if (name.Length >= Lanes)
        {
            for (int i = 0; i < name.Length; i += Lanes)
            {
                // The last 16 code units may overlap the previous ones; setting a bit twice does no harm.
                int start = Math.Min(i, name.Length - Lanes);
                Vector128<byte> units = CodeUnits.Load(name, start);
                if ((isCompared && !EqualsIgnoreCase(units, CodeUnits.Load(text, start)))
                    || Classify(units, out uint h, out uint d) != AllLanes)
                {
                    return false;
                }

                hyphensAndDots |= (ulong)h << start;
                dots |= (ulong)d << start;
                if (isCopied)
                {
                    CodeUnits.Store(ToLower(units), destination, start);
                }
            }
        }
        else
        {
            // The first eight code units and the last eight.
            int shift = name.Length - HalfLanes;
            Vector128<byte> units = CodeUnits.Load(name, 0, shift);
            if ((isCompared && !EqualsIgnoreCase(units, CodeUnits.Load(text, 0, shift)))
                || Classify(units, out uint h, out uint d) != AllLanes)
            {
                return false;
            }

            hyphensAndDots = (byte)h | ((ulong)(h >> HalfLanes) << shift);
            dots = (byte)d | ((ulong)(d >> HalfLanes) << shift);
            if (isCopied)
            {
                Vector128<ulong> halves = ToLower(units).AsUInt64();
                MemoryMarshal.Write(destination, halves[0]);
                MemoryMarshal.Write(destination[shift..], halves[1]);
            }
        }

        return AreLabelEndsValid(hyphensAndDots, dots, name.Length);
    }

    // Slow path: labels over 16 characters, and short names. Out of line: a scan calls this for each wildcard.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsLabelSlow(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('!', '~') && !text.Contains('.');

    private static bool AreInLabel(Vector128<byte> units, int length)
    {
        // As signed numbers, bytes over 0x7F are less than all others.
        Vector128<byte> others = Vector128.LessThanOrEqual(units.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
            | Vector128.Equals(units, Vector128.Create((byte)0x7F))
            | Vector128.Equals(units, Vector128.Create((byte)'.'));
        return (others.ExtractMostSignificantBits() & ((1u << length) - 1)) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EqualsIgnoreCase(Vector128<byte> valid, Vector128<byte> text)
    {
        Vector128<byte> mayDiffer = (text.AsUInt16() >> 1).AsByte() & Vector128.Create((byte)0x20);
        return Vector128.AndNot(valid ^ text, mayDiffer) == Vector128<byte>.Zero;
    }

    /// <summary>Returns which code units are allowed in a name: one bit each, the first in the lowest bit.</summary>
    /// <param name="units">Sixteen code units.</param>
    /// <param name="hyphensAndDots">The code units that may be neither the first nor the last of a label.</param>
    /// <param name="dots">The code units that separate labels.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Classify(Vector128<byte> units, out uint hyphensAndDots, out uint dots)
    {
        Vector128<byte> letters = IsBetween(ToLower(units), 'a', 'z');
        Vector128<byte> digits = IsBetween(units, '0', '9');
        Vector128<byte> others = IsBetween(units, '-', '.');
        hyphensAndDots = others.ExtractMostSignificantBits();
        dots = Vector128.Equals(units, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        return (letters | digits | others).ExtractMostSignificantBits();
    }

    /// <summary>
    /// Returns whether no hyphen and no dot is the first or the last code unit of a label. In an empty label, a dot is
    /// both.
    /// </summary>
    /// <param name="hyphensAndDots">A bit for each code unit of the name, and none after it.</param>
    /// <param name="dots">A bit for each code unit, at least of the name.</param>
    /// <param name="length">The length of the name: 1 to 63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreLabelEndsValid(ulong hyphensAndDots, ulong dots, int length)
    {
        ulong first = (dots << 1) | 1;
        ulong last = (dots >> 1) | (1UL << (length - 1));
        return (hyphensAndDots & (first | last)) == 0;
    }

    // Among the characters of a name, the bit 0x20 changes only capital letters.
    private static Vector128<byte> ToLower(Vector128<byte> units) => units | Vector128.Create((byte)0x20);

    // Offset by -128: signed comparisons have an instruction on every processor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> IsBetween(Vector128<byte> units, char first, char last) =>
        Vector128.LessThan(
            (units - Vector128.Create((byte)(first - sbyte.MinValue))).AsSByte(),
            Vector128.Create((sbyte)(last - first + 1 + sbyte.MinValue))).AsByte();
}
