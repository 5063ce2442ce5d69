using System.Globalization;
using System.Numerics;
using System.Text;

namespace MtaSts.Linting;

/// <summary>
/// Finds the non-ASCII characters that a host name must not contain, not even before its conversion to A-labels.
/// </summary>
internal static class HostCharacters
{
    /// <summary>
    /// Explains the first such character of a host name; returns null if all are letters, marks and digits.
    /// </summary>
    /// <param name="text">A text that begins with the name or with a part of it.</param>
    public static string? Explain<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (CodeUnits.TryDecode(text, out Rune rune, out int length) && !Rune.IsControl(rune) && rune.Value != ' ')
        {
            if (!rune.IsAscii && !IsAllowed(rune))
            {
                string remedy = IsInvisible(rune)
                    ? "an invisible character. Remove it"
                    : "which is neither a letter nor a digit. Replace it";
                return $"expected letters, digits, hyphens and dots in a host name, found {Escaping.Describe(rune.Value)}, "
                    + $"{remedy} (RFC 8461 section 3.2)";
            }

            text = text[length..];
        }

        return null;
    }

    private static bool IsAllowed(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsInvisible(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;
}
