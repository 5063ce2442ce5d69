namespace MtaSts.Benchmarks;

/// <summary>
/// Matches and decides as most people would: lower-case both, then compare, or <c>EndsWith</c> for a wildcard.
/// </summary>
/// <remarks>Returns the same results as the library for ASCII hosts. Does not support U-labels.</remarks>
internal static class NaiveSts
{
    public static bool MxMatches(string mxHost, string pattern) => Matches(mxHost, pattern) && NaiveGrammar.IsPattern(pattern);

    public static (Verdict Verdict, string? MatchedPattern) Enforce(NaivePolicy? policy, string mxHost)
    {
        if (policy is null || policy.Mode is PolicyMode.None)
        {
            return (Verdict.NoPolicy, null);
        }

        foreach (string pattern in policy.Mx)
        {
            if (Matches(mxHost, pattern))
            {
                return (Verdict.Allow, pattern);
            }
        }

        return (policy.Mode is PolicyMode.Enforce ? Verdict.Deny : Verdict.AllowAndReport, null);
    }

    private static bool Matches(string mxHost, string pattern)
    {
        string host = (mxHost.EndsWith('.') ? mxHost[..^1] : mxHost).ToLowerInvariant();
        pattern = pattern.ToLowerInvariant();
        if (!pattern.StartsWith("*.", StringComparison.Ordinal))
        {
            return host == pattern;
        }

        string parent = pattern[1..];
        if (!host.EndsWith(parent, StringComparison.Ordinal))
        {
            return false;
        }

        string label = host[..^parent.Length];
        return label.Length > 0 && label.All(static c => c is > ' ' and <= '~' and not '.');
    }
}
