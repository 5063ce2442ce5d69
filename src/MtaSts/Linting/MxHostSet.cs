namespace MtaSts.Linting;

/// <summary>Represents the MX hosts of a domain in the DNS, each once.</summary>
/// <remarks>
/// The name "." is a null MX, which means that the domain accepts no mail; it is not a host (RFC 7505). The time of
/// <see cref="IsMatchedBy"/> does not depend on the number of hosts.
/// </remarks>
internal sealed class MxHostSet
{
    private readonly List<MxHostName> _hosts = [];
    private readonly HashSet<string> _matching = new(StringComparer.OrdinalIgnoreCase); // Each pattern that matches a host, as text.

    public MxHostSet(IEnumerable<string> mxHosts)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string text in mxHosts)
        {
            if (text is null)
            {
                throw new ArgumentException("An MX host is null.", nameof(mxHosts));
            }

            MxHostName host = MxHostName.Parse(text);
            if (host.Form is MxHostForm.NullMx)
            {
                HasNullMx = true;
            }
            else if (seen.Add(host.Name))
            {
                Add(host);
            }
        }
    }

    public IReadOnlyList<MxHostName> Hosts => _hosts;

    /// <summary>Indicates whether the domain has a null MX.</summary>
    public bool HasNullMx { get; private set; }

    /// <summary>
    /// Indicates whether every host has a usable name. Otherwise, a pattern that matches no host may be meant for one
    /// without.
    /// </summary>
    public bool HasNamesOnly { get; private set; } = true;

    /// <summary>
    /// Returns the hosts of a publication; null if the MX records are unknown, or if the domain is its own MX host but
    /// is not given.
    /// </summary>
    public static MxHostSet? Of(Publication publication) => publication switch
    {
        { MxHosts.Count: > 0 } => new(publication.MxHosts),
        { MxHosts: not null, Domain: not null } => new([publication.Domain.Name]),
        _ => null,
    };

    /// <summary>Determines whether a pattern matches one of the hosts.</summary>
    public bool IsMatchedBy(MxPattern pattern) => _matching.Contains(pattern.ToString());

    private void Add(MxHostName host)
    {
        _hosts.Add(host);
        AddPatterns(host.Name);
        if (host.Form is MxHostForm.Preference)
        {
            AddPatterns(host.Remedy); // The intended host.
        }

        if (host.Form is MxHostForm.Address or MxHostForm.Blank or MxHostForm.Other)
        {
            HasNamesOnly = false;
        }
    }

    private void AddPatterns(ReadOnlySpan<char> name)
    {
        if (HostName.TryGetALabels(name, out string? ascii))
        {
            name = ascii;
        }

        _matching.Add(name.ToString());
        ReadOnlySpan<char> parent = VectorNames.Parent(name);
        if (!parent.IsEmpty)
        {
            _matching.Add($"*{parent}");
        }
    }
}
