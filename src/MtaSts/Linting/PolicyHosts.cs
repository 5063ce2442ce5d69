namespace MtaSts.Linting;

/// <summary>Compares the sets of hosts that policies allow, not the texts of their patterns.</summary>
internal static class PolicyHosts
{
    /// <summary>
    /// Determines whether senders may deliver to a host. No policy and a policy of mode none allow every host.
    /// </summary>
    public static bool Allows(Policy? policy, string host) => policy is null or { Mode: PolicyMode.None } || policy.Matches(host);

    /// <summary>Determines whether a policy allows every host that another one allows.</summary>
    public static bool CoversAll(Policy policy, Policy other) => Uncovered(policy, other).Count == 0;

    /// <summary>Determines whether two policies allow a host in common.</summary>
    public static bool Intersect(Policy a, Policy b) => Uncovered(a, b).Count < b.Mx.Count || Uncovered(b, a).Count < a.Mx.Count;

    // A name is covered by each pattern that matches it as a host. A wildcard matches any label, so only the same
    // wildcard covers it.
    private static List<MxPattern> Uncovered(Policy policy, Policy other)
    {
        HashSet<MxPattern> patterns = [.. policy.Mx];
        return [.. other.Mx.Where(pattern => !(pattern.IsWildcard ? patterns.Contains(pattern) : policy.Matches(pattern.ToString())))];
    }
}
