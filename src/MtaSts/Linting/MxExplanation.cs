namespace MtaSts.Linting;

/// <summary>Represents the reason why the patterns of a policy allow an MX host or not.</summary>
/// <remarks>
/// Created by <see cref="PolicyExtensions.Explain"/>. It depends on the patterns alone;
/// <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char})"/> decides by the mode of the policy as well. Immutable and safe
/// for use by several threads.
/// </remarks>
public sealed class MxExplanation
{
    internal MxExplanation(Policy policy, ReadOnlySpan<char> mxHost)
    {
        MxHost = mxHost.ToString();
        MatchedPattern = policy.TryMatch(mxHost, out MxPattern pattern) ? pattern : null;
        NearMisses = IsAllowed ? [] : NearMissSearch.Find(policy, mxHost);
    }

    /// <summary>
    /// The host as given. It may contain any character: log the result of <see cref="ToString"/> instead.
    /// </summary>
    public string MxHost { get; }

    /// <summary>Indicates whether a pattern matches the host, as <see cref="Policy.Matches"/> does.</summary>
    public bool IsAllowed => MatchedPattern is not null;

    /// <summary>The first pattern of the policy that matches the host; null if no pattern does.</summary>
    public MxPattern? MatchedPattern { get; }

    /// <summary>The patterns that are most similar to a host that no pattern matches.</summary>
    /// <value>At most three, the most similar first; empty if no pattern is similar, or if one matches.</value>
    public IReadOnlyList<NearMiss> NearMisses { get; }

    /// <summary>Returns the explanation as one English sentence.</summary>
    /// <returns>
    /// One line of printable ASCII, safe to log. Other characters of the host are written as code points, and it is cut
    /// after 253 characters.
    /// </returns>
    /// <example><c>"mx.eu.example.com" matches no pattern of the policy: it is one label too deep for
    /// "*.example.com".</c></example>
    public override string ToString()
    {
        string host = Escaping.Quote(MxHost);
        return MatchedPattern is { } pattern ? $"{host} matches the pattern \"{pattern}\"."
            : NearMisses.Count == 0 ? $"{host} matches no pattern of the policy, and no pattern is similar."
            : $"{host} matches no pattern of the policy: {string.Join("; ", NearMisses)}.";
    }
}
