using System.Numerics;

namespace MtaSts;

/// <summary>Compares the name of an MX host, without the trailing dot of the root, with wildcard patterns.</summary>
/// <remarks>
/// RFC 8461 section 4.1:
/// <code>
/// pattern          host                   matches
/// *.example.com    mail.example.com       yes
/// *.example.com    foo.bar.example.com    no: "*" is exactly one label
/// *.example.com    example.com            no: "*" is at least one label
/// </code>
/// A pattern is therefore compared either with the whole name or with its parent, which begins at the first dot. The
/// host is compared, not validated.
/// </remarks>
internal static class MxHost
{
    /// <summary>
    /// Returns whether a name is one label followed by a parent, which is a wildcard pattern without its asterisk.
    /// </summary>
    public static bool HasParent<T>(ReadOnlySpan<char> name, ReadOnlySpan<T> parent)
        where T : unmanaged, IBinaryInteger<T>
    {
        int label = name.Length - parent.Length;
        return label > 0 && VectorNames.StartsWithLabel(name, label) && VectorNames.EqualsIgnoreCase(parent, name[label..]);
    }
}
