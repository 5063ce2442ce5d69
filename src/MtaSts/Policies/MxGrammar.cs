using System.Numerics;

namespace MtaSts;

/// <summary>RFC 8461, Section 3.2:  sts-policy-mx-value = ["*."] Domain.</summary>
internal static class MxGrammar
{
    /// <summary>Tells a pattern from other text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isWildcard">Whether it is a wildcard pattern.</param>
    /// <param name="compared">What a host must equal; for a wildcard, what must follow the host's first label.</param>
    public static bool TryParse<T>(ReadOnlySpan<T> text, out bool isWildcard, out ReadOnlySpan<T> compared)
        where T : unmanaged, IBinaryInteger<T>
    {
        isWildcard = text.Length > 1 && TextUnits.Is(text[0], '*') && TextUnits.Is(text[1], '.');
        compared = isWildcard ? text[1..] : text;
        return DomainName.IsValid(isWildcard ? text[2..] : text);
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
