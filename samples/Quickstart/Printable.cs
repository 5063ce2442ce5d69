using System.Globalization;
using System.Text;
using MtaSts;

namespace Quickstart;

/// <summary>
/// Makes foreign text safe to print. The result is printable ASCII, which cannot move the cursor or imitate other text.
/// </summary>
internal static class Printable
{
    /// <summary>Writes all characters but printable ASCII as code points, such as <c>&lt;U+001B&gt;</c>.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0x20 and < 0x7F)
            {
                escaped.Append((char)rune.Value);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            }
        }

        return escaped.ToString();
    }

    /// <summary>Returns the RFC's word for a mode: its name in lower case.</summary>
    public static string Word(PolicyMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>Returns a host name for output; an international one in A-labels, the form of the DNS.</summary>
    public static string Host(string host) =>
        !Ascii.IsValid(host) && PolicyDomain.TryParse(host, out PolicyDomain? name) ? name.Name : Escape(host);
}
