using System.Globalization;
using System.Numerics;
using System.Text;

namespace MtaSts;

/// <summary>Finds the characters beyond ASCII that no host name can hold, not even one that is turned into A-labels.</summary>
internal static class HostCharacters
{
    /// <summary>Explains the first such character of a host name; null if all are of letters, marks and digits.</summary>
    /// <param name="text">A text that begins with the name, or within it.</param>
    public static string? Explain<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (CodeUnits.TryDecode(text, out Rune rune, out int length) && !Rune.IsControl(rune) && rune.Value != ' ')
        {
            if (!rune.IsAscii && !IsOfName(rune))
            {
                string remedy = IsInvisible(rune)
                    ? "an invisible character. Remove it"
                    : "which is neither a letter nor a digit. Replace it";
                return $"a host name holds {Escaping.Describe(rune.Value)}, {remedy} (RFC 8461, section 3.2)";
            }

            text = text[length..];
        }

        return null;
    }

    private static bool IsOfName(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsInvisible(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format;
}
