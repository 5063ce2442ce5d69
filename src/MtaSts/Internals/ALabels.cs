using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>Converts U-labels to A-labels (<c>xn--</c>).</summary>
/// <remarks>
/// A U-label and its A-label convert to each other (RFC 5890 section 2.3.2.1), ignoring letter case. A label that only
/// maps to a similar one has no A-label. The Kelvin sign, U+212A, is not a letter of a domain name: converted to
/// k, it would let one name pass for another.
/// </remarks>
internal static class ALabels
{
    // A longer name has no A-label form of at most 253 octets: each code point takes at least one octet there, and at
    // most two code units here.
    private const int MaxUnits = 2 * NameLimits.MaxLength;

    /// <summary>
    /// Returns a name with its non-ASCII labels converted; null if a label is empty or has no A-label, or if the name
    /// is too long.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: international names are rare, and the frame of the callers stays small.
    public static string? Convert(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxUnits)
        {
            return null;
        }

        string[] labels = name.ToString().Split('.');
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i].Length == 0 || ConvertLabel(labels[i]) is not { } label)
            {
                return null;
            }

            labels[i] = label;
        }

        return string.Join('.', labels);
    }

    private static string? ConvertLabel(string label)
    {
        if (Ascii.IsValid(label))
        {
            return label;
        }

        try
        {
            // Lower case first: without ICU (invariant globalization) the framework encodes capital letters unchanged.
            // True capital letters only: the lower case of the Kelvin sign is k, but the upper case of k is K.
            if (label.Any(static c => char.ToUpperInvariant(char.ToLowerInvariant(c)) != char.ToUpperInvariant(c)))
            {
                return null;
            }

            string lower = label.ToLowerInvariant();
            IdnMapping idn = new();
            string ascii = idn.GetAscii(lower);
            return ascii.StartsWith("xn--", StringComparison.Ordinal) && idn.GetUnicode(ascii) == lower ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
