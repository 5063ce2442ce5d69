namespace MtaSts;

/// <summary>Why an MX host is allowed by the patterns of a policy or not: for logs, and for whoever answers the postmaster's questions.</summary>
/// <remarks>
/// Made by <see cref="Policy.Explain"/>. Tells of the patterns alone, whatever the policy's mode; what to do with the host is for
/// <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char})"/> to say. Immutable, and safe for use by several threads.
/// </remarks>
public sealed class MxExplanation
{
    internal MxExplanation(Policy policy, ReadOnlySpan<char> mxHost)
    {
        MxHost = mxHost.ToString();
        MatchedPattern = policy.TryMatch(mxHost, out MxPattern pattern) ? pattern : null;
        NearMisses = IsAllowed ? [] : NearMissSearch.Find(policy, mxHost);
    }

    /// <summary>The host as it was given. It may hold anything: <see cref="ToString"/> is what is safe to log.</summary>
    public string MxHost { get; }

    /// <summary>Whether a pattern matches the host: always what <see cref="Policy.Matches"/> says.</summary>
    public bool IsAllowed => MatchedPattern is not null;

    /// <summary>The first pattern of the policy that matches the host; null if none does.</summary>
    public MxPattern? MatchedPattern { get; }

    /// <summary>
    /// The patterns that come nearest to a host that none matches, at most three, the nearest first; empty if none comes near, or if one matches.
    /// </summary>
    public IReadOnlyList<NearMiss> NearMisses { get; }

    /// <summary>The explanation as one English sentence.</summary>
    /// <returns>One line of printable ASCII, safe to log: other characters of the host are written as code points, and it is cut after 253 characters.</returns>
    /// <example><c>"mx.eu.example.com" matches no pattern of the policy: it is one label too deep for "*.example.com".</c></example>
    public override string ToString()
    {
        string host = Escaping.Quote(MxHost);
        return MatchedPattern is { } pattern ? $"{host} matches the pattern \"{pattern}\"."
            : NearMisses.Count == 0 ? $"{host} matches no pattern of the policy, and none comes near."
            : $"{host} matches no pattern of the policy: {string.Join("; ", NearMisses)}.";
    }
}
