namespace MtaSts.Linting;

/// <summary>Adds explanations to <see cref="Policy"/>.</summary>
/// <remarks>Pure functions, safe for use by several threads.</remarks>
public static class PolicyExtensions
{
    /// <summary>
    /// Explains why a policy allows an MX host or not: the pattern that matches it, or the patterns that are most
    /// similar.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="mxHost">
    /// <inheritdoc cref="MxPattern.Matches(ReadOnlySpan{char})" path="/param"/> Any text is allowed.
    /// </param>
    /// <returns>The explanation, as data and as a sentence.</returns>
    /// <remarks>
    /// For logs and support, not for each delivery: it allocates, and for a host that no pattern matches it compares
    /// every pattern.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is null.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(policy.Explain("mx.eu.example.com"));
    /// // "mx.eu.example.com" matches no pattern of the policy: it is one label too deep for "*.example.com".
    /// </code>
    /// </example>
    public static MxExplanation Explain(this Policy policy, ReadOnlySpan<char> mxHost)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(policy, mxHost);
    }
}
