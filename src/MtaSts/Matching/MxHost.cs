using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MtaSts;

/// <summary>A candidate MX host's name, without the dot of the root, as the patterns are compared with it.</summary>
/// <remarks>
/// RFC 8461, Section 4.1:
/// <code>
/// pattern          host                   matches
/// *.example.com    mail.example.com       yes
/// *.example.com    foo.bar.example.com    no: "*" is one whole label
/// *.example.com    example.com            no: and never none
/// </code>
/// What a pattern is compared with is therefore either the whole name or its parent, which begins with the first dot. The host is
/// compared, not validated.
/// </remarks>
internal static class MxHost
{
    private const int Lanes = 16;
    private const int HalfLanes = Lanes / 2;

    /// <summary>Whether the name is one label and then this, which is a wildcard pattern without its asterisk, and begins with a dot.</summary>
    /// <remarks>That is, whether this is the <see cref="Parent"/> of the name, without a search for the dot.</remarks>
    public static bool HasParent<T>(ReadOnlySpan<char> name, ReadOnlySpan<T> parent)
        where T : unmanaged, IBinaryInteger<T>
    {
        int label = name.Length - parent.Length;
        return label > 0 && StartsWithLabel(name, label) && HostName.EqualsIgnoreCase(parent, name[label..]);
    }

    /// <summary>The name from its first dot on; of length 0 if what stands before that is no label.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        return dot > 0 && StartsWithLabel(name, dot) ? name[dot..] : default;
    }

    /// <summary>Whether what a name begins with could stand in the place of an asterisk: ASCII from <c>!</c> to <c>~</c> without a dot.</summary>
    /// <param name="name">The name.</param>
    /// <param name="length">How much of it.</param>
    /// <remarks>A NUL, say, would end the name early for the resolver that is asked next; other characters are not this library's to judge.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool StartsWithLabel(ReadOnlySpan<char> name, int length)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(name);
        if (length <= HalfLanes && name.Length >= HalfLanes)
        {
            return AreOfLabel(CodeUnits.Load(units, 0, 0), length);
        }

        if (length <= Lanes && name.Length >= Lanes)
        {
            return AreOfLabel(CodeUnits.Load(units, 0), length);
        }

        return IsOtherLabel(name[..length]);
    }

    private static bool AreOfLabel(Vector128<byte> units, int length)
    {
        // As signed numbers, bytes beyond 0x7F are less than all others.
        Vector128<byte> others = Vector128.LessThanOrEqual(units.AsSByte(), Vector128.Create((sbyte)' ')).AsByte()
            | Vector128.Equals(units, Vector128.Create((byte)0x7F))
            | Vector128.Equals(units, Vector128.Create((byte)'.'));
        return (others.ExtractMostSignificantBits() & ((1u << length) - 1)) == 0;
    }

    // Few labels are longer, or stand in so short a name; but any text may be asked about, for each of several patterns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsOtherLabel(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('!', '~') && !text.Contains('.');
}
