using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>RFC 8461 section 3.2:  sts-policy-mx-value = ["*."] Domain.</summary>
internal static class MxPatternSyntax
{
    /// <summary>The length of the longest pattern: <c>*.</c> and a name.</summary>
    public const int MaxLength = NameLimits.MaxLength + 2;

    /// <summary>Parses a pattern and writes the text that hosts are compared with, in lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">
    /// The destination, as long as the text: the name, or what follows the asterisk of a wildcard.
    /// </param>
    /// <param name="isWildcard">
    /// <see langword="true"/> if the text begins with <c>*.</c>; otherwise, <see langword="false"/>.
    /// </param>
    /// <param name="length">The length of the text in the destination.</param>
    /// <returns>
    /// <see langword="true"/> if the text is a pattern; otherwise, <see langword="false"/>, and a part of it may have
    /// been written.
    /// </returns>
    public static bool TryParse<T>(ReadOnlySpan<T> text, Span<byte> destination, out bool isWildcard, out int length)
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

    /// <summary>Parses the pattern that a longer text begins with, as <see cref="TryParse"/> does.</summary>
    /// <param name="text">The text. The pattern ends before the first code unit that is not allowed in a name.</param>
    /// <param name="destination">
    /// The destination, as long as the text. Bytes after the pattern may be overwritten.
    /// </param>
    /// <param name="isWildcard">
    /// <see langword="true"/> if the text begins with <c>*.</c>; otherwise, <see langword="false"/>.
    /// </param>
    /// <param name="length">The length of the text in the destination; in the source, a wildcard is one longer.</param>
    /// <returns>
    /// <see langword="true"/> if a pattern was found; <see langword="false"/> if the text does not begin with one, or
    /// if <see cref="VectorNames.CopyLowerPrefix"/> does not process it.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParsePrefix<T>(ReadOnlySpan<T> text, Span<byte> destination, out bool isWildcard, out int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        isWildcard = StartsWithWildcard(text);
        if (!isWildcard)
        {
            length = VectorNames.CopyLowerPrefix(text, destination);
            return length > 0;
        }

        destination[0] = (byte)'.';
        length = 1 + VectorNames.CopyLowerPrefix(text[2..], destination[1..]);
        return length > 1;
    }

    /// <summary>Returns the first rule that a text breaks as a pattern, and the position of the fault.</summary>
    public static (ParseErrorCode Code, Range Place) Check<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (InvalidCharacters.TryFind(text, out ParseErrorCode code, out Range place))
        {
            return (code, place);
        }

        int start = StartsWithWildcard(text) ? 2 : 0;
        (code, place) = HostName.Check(text[start..]);
        return (code, (start + place.Start.Value)..(start + place.End.Value));
    }

    private static bool StartsWithWildcard<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T> =>
        text.Length > 1 && CodeUnits.Is(text[0], '*') && CodeUnits.Is(text[1], '.');
}
