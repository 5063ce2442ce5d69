using System.Globalization;
using System.Numerics;
using System.Text;

namespace MtaSts;

/// <summary>Converts text from publishers, peers and the DNS to printable ASCII that is safe in a log.</summary>
internal static class Escaping
{
    // Any host name fits.
    private const int MaxLength = NameLimits.MaxLength;

    /// <summary>Joins the parts that are not null with commas.</summary>
    public static string Join(params IEnumerable<string?> parts) => string.Join(", ", parts.Where(static part => part is not null));

    /// <summary>
    /// Quotes a text: escaped as by <see cref="Escape"/>, with a backslash before each quote and backslash.
    /// </summary>
    public static string Quote(ReadOnlySpan<char> text) => Quote(CodeUnits.Of(text), MaxLength);

    /// <inheritdoc cref="Quote(ReadOnlySpan{char})"/>
    public static string Quote<T>(ReadOnlySpan<T> text, int maxLength)
        where T : unmanaged, IBinaryInteger<T> =>
        Escape(text, maxLength, CharacterSet.Quotable, "\"");

    /// <summary>
    /// Escapes a text. Code points outside printable ASCII become <c>&lt;U+00E9&gt;</c>, invalid code units
    /// <c>&lt;0xC0&gt;</c>. The result is cut after <paramref name="maxLength"/> characters, which <c>...</c> marks; an
    /// escape is never cut.
    /// </summary>
    public static string Escape(ReadOnlySpan<char> text, int maxLength) =>
        Escape(CodeUnits.Of(text), maxLength, CharacterSet.Printable, quote: "");

    /// <summary>Returns a code point in the form <c>&lt;U+200B&gt;</c>.</summary>
    public static string Describe(int codePoint) => $"<U+{codePoint:X4}>";

    private static string Escape<T>(ReadOnlySpan<T> text, int maxLength, CharacterSet unescaped, string quote)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<char> shown = stackalloc char[maxLength];
        int length = 0;
        bool fits = true;
        while (fits && !text.IsEmpty)
        {
            int run = unescaped.PrefixLength(text[..Math.Min(text.Length, maxLength - length)]);
            foreach (T unit in text[..run])
            {
                shown[length++] = (char)ushort.CreateTruncating(unit);
            }

            text = text[run..];
            fits = text.IsEmpty || TryEscapeFirst(ref text, shown, ref length);
        }

        return string.Concat(quote, shown[..length], fits ? "" : "...", quote);
    }

    private static bool TryEscapeFirst<T>(ref ReadOnlySpan<T> text, scoped Span<char> shown, ref int length)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<char> room = shown[length..];
        bool fits = !CodeUnits.TryDecode(text, out Rune rune, out int units)
                ? room.TryWrite(CultureInfo.InvariantCulture, $"<0x{ushort.CreateTruncating(text[0]):X2}>", out int written)
            : rune.Value is '"' or '\\' ? room.TryWrite(CultureInfo.InvariantCulture, $"\\{rune}", out written)
            : room.TryWrite(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>", out written);
        length += written;
        text = text[units..];
        return fits;
    }
}
