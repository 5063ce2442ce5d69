namespace MtaSts;

/// <summary>The MX hosts of a domain as the DNS has them, each once.</summary>
/// <remarks>
/// The single name "." is a null MX (RFC 7505): the domain takes no mail, and has no host. Asking whether a pattern matches some host takes
/// the same time however many there are.
/// </remarks>
internal sealed class MxHostSet
{
    private readonly List<string> _hosts = [];
    private readonly HashSet<string> _matching = new(StringComparer.OrdinalIgnoreCase); // The text of every pattern that matches a host.

    public MxHostSet(IEnumerable<string> mxHosts)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string host in mxHosts)
        {
            if (host is null)
            {
                throw new ArgumentException("An MX host is null.", nameof(mxHosts));
            }

            string name = DomainName.WithoutRoot(host).ToString();
            if (name.Length > 0 && seen.Add(name))
            {
                _hosts.Add(name);
                AddPatterns(name);
            }
        }
    }

    public IReadOnlyList<string> Hosts => _hosts;

    /// <summary>Whether a pattern matches some host.</summary>
    public bool IsMatchedBy(MxPattern pattern) => _matching.Contains(pattern.ToString());

    private void AddPatterns(ReadOnlySpan<char> name)
    {
        if (DomainName.TryGetALabels(name, out string? ascii))
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
