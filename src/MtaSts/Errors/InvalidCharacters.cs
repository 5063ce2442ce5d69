using System.Numerics;
using System.Text;

namespace MtaSts;

/// <summary>
/// Finds what no text of RFC 8461 may contain: invalid encoding, and control characters other than the tab.
/// </summary>
internal static class InvalidCharacters
{
    /// <summary>Finds the first invalid character of a text.</summary>
    public static bool TryFind<T>(ReadOnlySpan<T> text, out ParseErrorCode code, out Range place)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int i = CharacterSet.Printable.PrefixLength(text), length; i < text.Length; i += length)
        {
            bool wellFormed = CodeUnits.TryDecode(text[i..], out Rune rune, out length);
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
}
