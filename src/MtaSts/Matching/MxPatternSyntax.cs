using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>RFC 8461, Section 3.2:  sts-policy-mx-value = ["*."] Domain.</summary>
internal static class MxPatternSyntax
{
    /// <summary>The length of the longest pattern: <c>*.</c> and a name.</summary>
    public const int MaxLength = HostName.MaxLength + 2;

    /// <summary>Tells a pattern from other text, and writes what hosts are compared with, in lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to: a name as it is, of a wildcard what follows the asterisk. As much room as the text takes is always enough.</param>
    /// <param name="isWildcard">Whether it is a wildcard pattern.</param>
    /// <param name="length">The length of what was written.</param>
    /// <returns>Whether the text is a pattern; if not, a part of it may have been written.</returns>
    public static bool TryRead<T>(ReadOnlySpan<T> text, Span<byte> destination, out bool isWildcard, out int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        isWildcard = StartsWithWildcard(text);
        if (!isWildcard)
        {
            length = text.Length;
            return HostName.TryCopyLower(text, destination);
        }

        length = text.Length - 1;
        destination[0] = (byte)'.';
        return HostName.TryCopyLower(text[2..], destination[1..]);
    }

    /// <summary>Reads the pattern that a longer text begins with, as <see cref="TryRead"/> does, up to the first unit that no name is made of.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to. As much room as the text takes is always enough; what is beyond the pattern may be written to, too.</param>
    /// <param name="isWildcard">Whether it is a wildcard pattern.</param>
    /// <param name="length">The length of the pattern in the destination; in the text, that of a wildcard is one more.</param>
    /// <returns>False if the text begins with no pattern, and also where <see cref="HostName.CopyLowerStart"/> reads none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadStart<T>(ReadOnlySpan<T> text, Span<byte> destination, out bool isWildcard, out int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        isWildcard = StartsWithWildcard(text);
        if (!isWildcard)
        {
            length = HostName.CopyLowerStart(text, destination);
            return length > 0;
        }

        destination[0] = (byte)'.';
        length = 1 + HostName.CopyLowerStart(text[2..], destination[1..]);
        return length > 1;
    }

    /// <summary>The first rule that a text breaks as a pattern, and the place of what breaks it.</summary>
    public static (ParseErrorCode Code, Range Place) Check<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (CodeUnits.TryFindInvalidCharacter(text, out ParseErrorCode code, out Range place))
        {
            return (code, place);
        }

        int start = CodeUnits.StartsWith(text, "*."u8) ? 2 : 0;
        (code, place) = HostName.Check(text[start..]);
        return (code, (start + place.Start.Value)..(start + place.End.Value));
    }

    private static bool StartsWithWildcard<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T> =>
        text.Length > 1 && CodeUnits.Is(text[0], '*') && CodeUnits.Is(text[1], '.');
}
