using System.Text;

namespace MtaSts;

/// <summary>Text of others, made safe for a log.</summary>
internal static class Escaping
{
    // Any host name fits.
    private const int MaxLength = NameLimits.MaxLength;

    /// <summary>The parts that are not null, with commas between them.</summary>
    public static string Join(params IEnumerable<string?> parts) => string.Join(", ", parts.Where(static part => part is not null));

    /// <summary>The text in quotes, everything but printable ASCII written as code points, and cut after 253 characters.</summary>
    public static string Quote(ReadOnlySpan<char> text) => $"\"{Escape(text, MaxLength)}\"";

    /// <summary>The text with everything but printable ASCII written as code points, cut after so many characters, which <c>...</c>
    /// marks.</summary>
    public static string Escape(ReadOnlySpan<char> text, int maxLength)
    {
        StringBuilder escaped = new();
        while (!text.IsEmpty)
        {
            bool wellFormed = CodeUnits.TryDecode(CodeUnits.Of(text), out Rune rune, out int length);
            string shown = wellFormed && rune.Value is >= 0x20 and < 0x7F ? rune.ToString()
                : Describe(wellFormed ? rune.Value : text[0]);
            if (escaped.Length + shown.Length > maxLength)
            {
                escaped.Append("...");
                break;
            }

            escaped.Append(shown);
            text = text[length..];
        }

        return escaped.ToString();
    }

    /// <summary>A code point, such as <c>&lt;U+200B&gt;</c>.</summary>
    public static string Describe(int codePoint) => $"<U+{codePoint:X4}>";
}
