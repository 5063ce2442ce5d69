using System.Numerics;
using System.Runtime.CompilerServices;

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
    /// <summary>Whether the name is one label and then this, which is a wildcard pattern without its asterisk, and begins with a dot.</summary>
    /// <remarks>That is, whether this is the <see cref="Parent"/> of the name, without a search for the dot.</remarks>
    public static bool HasParent<T>(ReadOnlySpan<char> name, ReadOnlySpan<T> parent)
        where T : unmanaged, IBinaryInteger<T>
    {
        int label = name.Length - parent.Length;
        return label > 0 && IsLabel(name[..label]) && DomainName.EqualsIgnoreCase(parent, name[label..]);
    }

    /// <summary>The name from its first dot on; of length 0 if what stands before that is no label.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> name)
    {
        int dot = name.IndexOf('.');
        return dot > 0 && IsLabel(name[..dot]) ? name[dot..] : default;
    }

    /// <summary>Whether a text could stand in the place of an asterisk: ASCII from <c>!</c> to <c>~</c> without a dot.</summary>
    /// <remarks>A NUL, say, would end the name early for the resolver that is asked next; other characters are not this library's to judge.</remarks>
    public static bool IsLabel(ReadOnlySpan<char> text)
    {
        if (text.Length > DomainName.MaxLabelLength)
        {
            return IsLongLabel(text);
        }

        foreach (char c in text)
        {
            if (c is <= ' ' or > '~' or '.')
            {
                return false;
            }
        }

        return true;
    }

    // No label is so long; but any text may be asked about, for each of several patterns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsLongLabel(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('!', '~') && !text.Contains('.');
}
