using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MtaSts;

/// <summary>A candidate MX host, split where a wildcard would split it.</summary>
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
internal readonly ref struct MxHost
{
    public MxHost(ReadOnlySpan<char> host)
    {
        Name = DomainName.WithoutRoot(host);
        FirstDot = Name.IndexOf('.');
    }

    /// <summary>The name without the dot of the root; of length 0 if there is none.</summary>
    public ReadOnlySpan<char> Name { get; }

    /// <summary>The place of the first dot in the name, or -1.</summary>
    public int FirstDot { get; }

    /// <summary>The name from its first dot on; of length 0 if no label stands before it.</summary>
    public ReadOnlySpan<char> Parent => FirstDot > 0 ? Name[FirstDot..] : default;

    /// <summary>
    /// Whether the label that a wildcard stands for could be one: printable ASCII. A NUL, say, would end the name early for the
    /// resolver that is asked next; other characters are not this library's to judge.
    /// </summary>
    public bool HasPrintableLabel => !Name[..FirstDot].ContainsAnyExceptInRange('!', '~');

    /// <summary>The name in A-labels, if it is not so already and can be; no pattern matches a name that carries non-ASCII.</summary>
    public bool TryGetALabels([NotNullWhen(true)] out string? name)
    {
        name = Ascii.IsValid(Name) ? null : DomainName.ToALabels(Name);
        return name is not null;
    }
}
