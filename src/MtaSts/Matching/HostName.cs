using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace MtaSts;

/// <summary>The grammar of domain names, and their one spelling: A-labels in lower case, without the dot of the root.</summary>
/// <remarks>
/// RFC 5321, Section 4.1.2:
/// <code>
/// Domain     = sub-domain *("." sub-domain)
/// sub-domain = Let-dig [Ldh-str]
/// Ldh-str    = *( ALPHA / DIGIT / "-" ) Let-dig
/// </code>
/// RFC 1035, Section 2.3.4, adds the limits: 63 octets a label, 253 the name as text.
/// </remarks>
internal static class HostName
{
    public const int MaxLength = 253;
    public const int MaxLabelLength = 63;

    private const int Lanes = 16;
    private const int HalfLanes = Lanes / 2;
    private const uint AllLanes = (1 << Lanes) - 1;

    // A name whose length in UTF-16 units is beyond this has no A-label form of at most 253 octets: no code point takes less than one octet
    // there, and none more than two units here.
    private const int MaxUnits = 2 * MaxLength;

    /// <summary>Whether the text is a <c>Domain</c> within the limits.</summary>
    public static bool IsValid<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        FitsInMask(name) ? ProcessShortName(name, isCopied: false, default, isCompared: false, default) : IsValidSlow(name);

    /// <summary>Whether the text is a <c>Domain</c> of 8 to 63 characters, as most are, and the other text is the same name, letter case aside.</summary>
    /// <remarks>In one pass, which takes a third less time than to compare and then to validate.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EqualsValidName(ReadOnlySpan<char> name, ReadOnlySpan<char> text)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(name);
        return name.Length == text.Length
            && FitsInMask(units)
            && ProcessShortName(units, isCopied: false, default, isCompared: true, CodeUnits.Of(text));
    }

    /// <summary>Copies the text in lower case, if it is a <c>Domain</c> within the limits; otherwise it may copy a part.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // The parser's frame would grow by all of this.
    public static bool TryCopyLower<T>(ReadOnlySpan<T> name, Span<byte> destination)
        where T : unmanaged, IBinaryInteger<T> =>
        FitsInMask(name) ? ProcessShortName(name, isCopied: true, destination, isCompared: false, default) : IsValidSlow(name) && CodeUnits.TryCopyLower(name, destination);

    /// <summary>Copies the <c>Domain</c> that a longer text begins with, in lower case, up to the first unit that no name is made of.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to. As much room as the text takes is always enough; what is beyond the name may be written to, too.</param>
    /// <returns>
    /// The length of the name. 0 if there is none; and also if it is over 63 octets, or stands so close to the end of the text that sixteen units cannot
    /// be read at once.
    /// </returns>
    /// <remarks>So nobody has to look for the end of the name first: it is found by what is asked of each character anyway.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CopyLowerStart<T>(ReadOnlySpan<T> text, Span<byte> destination)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong hyphensAndDots = 0;
        ulong dots = 0;
        for (int i = 0; i <= MaxLabelLength && i <= text.Length - Lanes; i += Lanes)
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

    /// <summary>Whether a text is this name, or this parent of a wildcard with its dot, letter case aside.</summary>
    /// <remarks>It says nothing if that is not valid: a caller that has not asked must do so after a match.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)] // Inlined, it makes a match with one pattern take half as long again.
    public static bool EqualsIgnoreCase<T>(ReadOnlySpan<T> valid, ReadOnlySpan<char> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        // Where the text has the bit 0x40, the two may differ in the bit 0x20, and nowhere else. Then the valid one has the bit 0x40, too, which of
        // what a name is made of letters alone have.
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

    /// <summary>The same as <see cref="EqualsIgnoreCase{T}(ReadOnlySpan{T}, ReadOnlySpan{char})"/>, for 8 to 32 characters without a call.</summary>
    /// <remarks>For the search in a policy's patterns, of which the call takes a seventh of the time.</remarks>
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

    /// <summary>The first rule that a text breaks as a <c>Domain</c>, and the place of what breaks it.</summary>
    public static (ParseErrorCode Code, Range Place) Check<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (name.IsEmpty)
        {
            return (ParseErrorCode.EmptyName, ..0);
        }

        int labelStart = 0;
        for (int i = 0; i < name.Length; i++)
        {
            uint unit = uint.CreateTruncating(name[i]);
            bool endsLabel = i + 1 == name.Length || CodeUnits.Is(name[i + 1], '.');
            switch (unit)
            {
                case '.' when i == labelStart:
                    return (ParseErrorCode.EmptyLabel, i..(i + 1));
                case '.' when i + 1 == name.Length:
                    return (ParseErrorCode.TrailingDot, i..(i + 1));
                case '.':
                    labelStart = i + 1;
                    continue;
                case '-' when i == labelStart || endsLabel:
                    return (ParseErrorCode.MisplacedHyphen, i..(i + 1));
                case '-':
                    break;
                case '*':
                    return (ParseErrorCode.MisplacedWildcard, i..(i + 1));
                case '[' when i == 0:
                    return (ParseErrorCode.AddressLiteral, ..name.Length);
                case > 0x7F:
                    return (ParseErrorCode.NonAsciiName, i..name.Length);
                default:
                    if (!char.IsAsciiLetterOrDigit((char)unit))
                    {
                        return (ParseErrorCode.InvalidNameCharacter, i..(i + 1));
                    }

                    break;
            }

            if (i - labelStart == MaxLabelLength)
            {
                return (ParseErrorCode.LabelTooLong, labelStart..name.Length);
            }
        }

        return name.Length > MaxLength ? (ParseErrorCode.NameTooLong, ..name.Length) : (ParseErrorCode.None, ..0);
    }

    /// <summary>The text without the one trailing dot that stands for the root of the DNS.</summary>
    public static ReadOnlySpan<char> WithoutRoot(ReadOnlySpan<char> name) =>
        name is [.. var rest, '.'] ? rest : name;

    /// <summary>Writes a domain name in its one spelling: A-labels in lower case, without the dot of the root.</summary>
    /// <param name="name">The name, in any letter case, in U-labels or A-labels, with or without the dot.</param>
    /// <param name="destination">Where to; <see cref="MaxLength"/> bytes are always enough.</param>
    /// <param name="length">The length of what was written.</param>
    /// <returns>False if the text is no domain name.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> name, Span<byte> destination, out int length)
    {
        name = WithoutRoot(name);
        if (TryGetALabels(name, out string? ascii))
        {
            name = ascii;
        }

        length = name.Length;
        return TryCopyLower(CodeUnits.Of(name), destination);
    }

    /// <summary>The A-labels of a name that carries non-ASCII: those of its labels that do are turned into them.</summary>
    /// <param name="name">The name, without the dot of the root.</param>
    /// <param name="ascii">The name, its other labels untouched; null if there is nothing to turn, or no way to.</param>
    /// <returns>False if the name is ASCII already, and if some label has no A-label, or is empty.</returns>
    /// <remarks>
    /// A U-label and its A-label turn into each other (RFC 5890, Section 2.3.2.1), letter case aside. So a label that is only mapped to
    /// something like it has none: U+212A, the Kelvin sign, is no letter of a domain name, and taking it for a k would let one name pass for
    /// another.
    /// </remarks>
    public static bool TryGetALabels(ReadOnlySpan<char> name, [NotNullWhen(true)] out string? ascii)
    {
        ascii = CodeUnits.IsAscii(name) ? null : ToALabels(name);
        return ascii is not null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Names are seldom international; inlined, this would slow the way of the others.
    private static string? ToALabels(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxUnits)
        {
            return null;
        }

        string[] labels = name.ToString().Split('.');
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i].Length == 0)
            {
                return null;
            }

            if (!Ascii.IsValid(labels[i]))
            {
                if (ToALabel(labels[i]) is not { } label)
                {
                    return null;
                }

                labels[i] = label;
            }
        }

        return string.Join('.', labels);
    }

    private static string? ToALabel(string label)
    {
        try
        {
            // Lower case first: without ICU (invariant globalization) the framework encodes the capitals as they are. But only true capitals: the
            // Kelvin sign, too, has k for a small letter, whose capital it is not.
            if (label.Any(static c => char.ToUpperInvariant(char.ToLowerInvariant(c)) != char.ToUpperInvariant(c)))
            {
                return null;
            }

            string lower = label.ToLowerInvariant();
            IdnMapping idn = new();
            string ascii = idn.GetAscii(lower);
            return ascii.StartsWith("xn--", StringComparison.Ordinal) && idn.GetUnicode(ascii) == lower ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Beyond 63 units the bit masks would not hold the name, and a label could be too long; few names are shorter than eight.
    private static bool FitsInMask<T>(ReadOnlySpan<T> name) => name.Length is >= HalfLanes and <= MaxLabelLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Once to look alone, once to copy in lower case, and once to compare with a text as long.
    private static bool ProcessShortName<T>(ReadOnlySpan<T> name, bool isCopied, Span<byte> destination, bool isCompared, ReadOnlySpan<ushort> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        // A bit for each unit, the first in the lowest.
        ulong hyphensAndDots = 0;
        ulong dots = 0;

        if (name.Length >= Lanes)
        {
            for (int i = 0; i < name.Length; i += Lanes)
            {
                // The last sixteen units may overlap those before them; setting a bit twice does no harm.
                int start = Math.Min(i, name.Length - Lanes);
                Vector128<byte> units = CodeUnits.Load(name, start);
                if ((isCompared && !EqualsIgnoreCase(units, CodeUnits.Load(text, start))) || Classify(units, out uint h, out uint d) != AllLanes)
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
            // The first eight units and the last eight.
            int shift = name.Length - HalfLanes;
            Vector128<byte> units = CodeUnits.Load(name, 0, shift);
            if ((isCompared && !EqualsIgnoreCase(units, CodeUnits.Load(text, 0, shift))) || Classify(units, out uint h, out uint d) != AllLanes)
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

    // The rare way, kept out of the usual one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsValidSlow<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        Check(name).Code is ParseErrorCode.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EqualsIgnoreCase(Vector128<byte> valid, Vector128<byte> text)
    {
        Vector128<byte> mayDiffer = (text.AsUInt16() >> 1).AsByte() & Vector128.Create((byte)0x20);
        return Vector128.AndNot(valid ^ text, mayDiffer) == Vector128<byte>.Zero;
    }

    /// <summary>Which units a name may hold: a bit for each, the first in the lowest.</summary>
    /// <param name="units">Sixteen units.</param>
    /// <param name="hyphensAndDots">Which of them may be neither the first nor the last of a label.</param>
    /// <param name="dots">Which of them part labels.</param>
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

    /// <summary>Whether no hyphen and no dot is the first or the last of a label. Of an empty label, a dot is both.</summary>
    /// <param name="hyphensAndDots">A bit for each unit of the name, and none beyond.</param>
    /// <param name="dots">A bit for each unit, at least of the name.</param>
    /// <param name="length">The length of the name: 1 to 63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreLabelEndsValid(ulong hyphensAndDots, ulong dots, int length)
    {
        ulong first = (dots << 1) | 1;
        ulong last = (dots >> 1) | (1UL << (length - 1));
        return (hyphensAndDots & (first | last)) == 0;
    }

    // Of the characters that a name is made of, the bit changes the capitals and no other.
    private static Vector128<byte> ToLower(Vector128<byte> units) => units | Vector128.Create((byte)0x20);

    // Counted from -128, so that signed numbers are compared, for which there are instructions everywhere.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> IsBetween(Vector128<byte> units, char first, char last) =>
        Vector128.LessThan(
            (units - Vector128.Create((byte)(first - sbyte.MinValue))).AsSByte(),
            Vector128.Create((sbyte)(last - first + 1 + sbyte.MinValue))).AsByte();
}
