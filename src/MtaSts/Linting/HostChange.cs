namespace MtaSts.Linting;

/// <summary>
/// Determines which MX hosts stay allowed when one policy replaces another, which are dropped, and which are new.
/// </summary>
/// <remarks>
/// During the change, some senders have one policy and some the other, so only hosts that both allow receive mail from
/// all of them. The comparison uses the hosts in the DNS if they are known and a policy allows one of them; otherwise,
/// it uses the patterns.
/// </remarks>
internal sealed class HostChange
{
    private readonly Policy? _current;
    private readonly Policy _next;

    public HostChange(Policy? current, Policy next, MxHostSet? hosts)
    {
        _current = current;
        _next = next;
        ILookup<(bool ByCurrent, bool ByNext), string> allowed = (hosts?.Hosts ?? [])
            .Select(static host => host.Name)
            .ToLookup(host => (PolicyHosts.Allows(current, host), PolicyHosts.Allows(next, host)));
        Kept = [.. allowed[(true, true)]];
        Dropped = [.. allowed[(true, false)]];
        Early = [.. allowed[(false, true)]];
    }

    /// <summary>The hosts in the DNS that both policies allow.</summary>
    public IReadOnlyList<string> Kept { get; }

    /// <summary>The hosts in the DNS that only the current policy allows.</summary>
    public IReadOnlyList<string> Dropped { get; }

    /// <summary>The hosts in the DNS that only the next policy allows.</summary>
    public IReadOnlyList<string> Early { get; }

    /// <summary>Indicates whether the comparison uses the hosts in the DNS.</summary>
    public bool AreHostsKnown => Kept.Count + Dropped.Count + Early.Count > 0;

    /// <summary>Indicates whether both policies bind senders.</summary>
    public bool IsBetweenBindingPolicies => _current is { Mode: not PolicyMode.None } && _next.Mode is not PolicyMode.None;

    /// <summary>Indicates whether a host must leave the DNS before the next policy is published.</summary>
    public bool DropsHosts => IsBetweenBindingPolicies
        && (AreHostsKnown ? Dropped.Count > 0 : !PolicyHosts.CoversAll(_next, _current!));

    /// <summary>Indicates whether the next policy allows hosts that the current one does not.</summary>
    public bool AddsHosts => IsBetweenBindingPolicies && !PolicyHosts.CoversAll(_current!, _next);

    /// <summary>
    /// Indicates whether a policy with the patterns of both is required in between, as for a move to another provider.
    /// </summary>
    public bool NeedsJointPolicy => IsBetweenBindingPolicies
        && !(AreHostsKnown ? Kept.Count > 0 : PolicyHosts.Intersect(_current!, _next))
        && !PolicyHosts.CoversAll(_current!, _next)
        && !PolicyHosts.CoversAll(_next, _current!);
}
