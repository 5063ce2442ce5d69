using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MtaSts;

/// <summary>A candidate MX host's name, without the dot of the root, as the patterns are compared with it.</summary>
/// <remarks>
/// RFC 8461, Section 4.1:
/// <code>
/// pattern          host                   matches
/// *.example.com    mail.example.com       yes
/// *.example.com    foo.bar.example.com    no: "*" is one whole label
/// *.example.com    example.com            no: and never none
/// </code>
/// What a pattern is compared with is therefore either the whole name or its parent, which begins with the first dot. The host is
/// compared, not validated.
/// </remarks>
internal static class MxHost
{
    /// <summary>The name from its first dot on; of length 0 if no label stands before it.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> name)
    {
        int firstDot = name.IndexOf('.');
        return firstDot > 0 ? name[firstDot..] : default;
    }

    /// <summary>Whether the label in the place of an asterisk could be one, in a name whose other labels match: printable ASCII.</summary>
    /// <remarks>A NUL, say, would end the name early for the resolver that is asked next; other characters are not this library's to judge.</remarks>
    public static bool HasPrintableLabel(ReadOnlySpan<char> name) =>
        CharacterSet.Visible.PrefixLength(name) == name.Length;

    /// <summary>The name in A-labels, if it is not so already and can be; no pattern matches a name that carries non-ASCII.</summary>
    public static bool TryGetALabels(ReadOnlySpan<char> name, [NotNullWhen(true)] out string? ascii)
    {
        ascii = null;
        return !Ascii.IsValid(name) && (ascii = DomainName.ToALabels(name)) is not null;
    }
}
