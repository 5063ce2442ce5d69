using System.Numerics;

namespace MtaSts;

/// <summary>RFC 8461, Section 3.2:  sts-policy-mx-value = ["*."] Domain.</summary>
internal static class MxGrammar
{
    /// <summary>Tells a pattern from other text, and writes what hosts are compared with, in lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to: a name as it is, of a wildcard what follows the asterisk. As much room as the text takes is always enough.</param>
    /// <param name="isWildcard">Whether it is a wildcard pattern.</param>
    /// <param name="length">The length of what was written.</param>
    public static bool TryCopyLower<T>(ReadOnlySpan<T> text, Span<byte> destination, out bool isWildcard, out int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        isWildcard = text.Length > 1 && TextUnits.Is(text[0], '*') && TextUnits.Is(text[1], '.');
        if (!isWildcard)
        {
            length = text.Length;
            return DomainName.TryCopyLower(text, destination);
        }

        length = text.Length - 1;
        destination[0] = (byte)'.';
        return DomainName.TryCopyLower(text[2..], destination[1..]);
    }

    /// <summary>The first rule that a text breaks as a pattern, and the place of what breaks it.</summary>
    public static (ParseErrorCode Code, Range Place) Check<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (TextUnits.TryFindFault(text, out ParseErrorCode code, out Range place))
        {
            return (code, place);
        }

        int start = TextUnits.StartsWith(text, "*."u8) ? 2 : 0;
        (code, place) = DomainName.Check(text[start..]);
        return (code, (start + place.Start.Value)..(start + place.End.Value));
    }
}
