namespace MtaSts;

/// <summary>The MX hosts of a domain as the DNS has them, each once.</summary>
/// <remarks>
/// The name "." is a null MX (RFC 7505), by which the domain takes no mail, and no host. Asking whether a pattern matches some host takes
/// the same time however many there are.
/// </remarks>
internal sealed class MxHostSet
{
    private readonly List<MxHostName> _hosts = [];
    private readonly HashSet<string> _matching = new(StringComparer.OrdinalIgnoreCase); // The text of every pattern that matches a host.

    public MxHostSet(IEnumerable<string> mxHosts)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string text in mxHosts)
        {
            if (text is null)
            {
                throw new ArgumentException("An MX host is null.", nameof(mxHosts));
            }

            MxHostName host = MxHostName.Read(text);
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

    public bool HasNullMx { get; private set; }

    /// <summary>Whether each host has a name. If some has none, a pattern that matches no other may be the one for it.</summary>
    public bool HasNamesOnly { get; private set; } = true;

    /// <summary>Whether a pattern matches some host.</summary>
    public bool IsMatchedBy(MxPattern pattern) => _matching.Contains(pattern.ToString());

    private void Add(MxHostName host)
    {
        _hosts.Add(host);
        AddPatterns(host.Name);
        if (host.Form is MxHostForm.Preference)
        {
            AddPatterns(host.Remedy); // The host that is meant.
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
        ReadOnlySpan<char> parent = MxHost.Parent(name);
        if (!parent.IsEmpty)
        {
            _matching.Add($"*{parent}");
        }
    }
}
