using System.Globalization;
using System.Text;
using MtaSts;

namespace Quickstart;

/// <summary>Makes text that others have written safe to print: ASCII only, so that it neither moves the cursor nor looks like other text.</summary>
internal static class Printable
{
    private const string PolicyHostPrefix = "mta-sts.";

    /// <summary>The text with everything but printable ASCII written as code points, such as <c>&lt;U+001B&gt;</c>.</summary>
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

    /// <summary>A mode, in the RFC's word for it: the name's, but for the capital.</summary>
    public static string Word(PolicyMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>A host name; an international one in A-labels, as the DNS has it and as it is compared.</summary>
    public static string Host(string host)
    {
        if (Ascii.IsValid(host))
        {
            return Escape(host);
        }

        try
        {
            return Sts.PolicyHost(host)[PolicyHostPrefix.Length..];
        }
        catch (ArgumentException)
        {
            return Escape(host);
        }
    }
}
