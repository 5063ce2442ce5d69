namespace MtaSts;

/// <summary>Compares which hosts policies allow, by any patterns.</summary>
internal static class PolicyHosts
{
    /// <summary>Whether a policy lets mail go to a host: no policy, and one of mode none, allow every host.</summary>
    public static bool Allows(Policy? policy, string host) => policy is null or { Mode: PolicyMode.None } || policy.Matches(host);

    /// <summary>Whether a policy allows every host that another one allows.</summary>
    public static bool CoversAll(Policy policy, Policy other) => Uncovered(policy, other).Count == 0;

    /// <summary>Whether two policies allow some host in common.</summary>
    public static bool Intersect(Policy a, Policy b) => Uncovered(a, b).Count < b.Mx.Count || Uncovered(b, a).Count < a.Mx.Count;

    // A name is covered by itself and by the wildcard over its parent: by each pattern that matches it as a host. A wildcard matches any
    // label, so it is covered by itself alone.
    private static List<MxPattern> Uncovered(Policy policy, Policy other)
    {
        HashSet<MxPattern> patterns = [.. policy.Mx];
        return [.. other.Mx.Where(pattern => !(pattern.IsWildcard ? patterns.Contains(pattern) : policy.Matches(pattern.ToString())))];
    }
}
