namespace MtaSts;

/// <summary>
/// Represents the result of a <see cref="PolicyDiscovery"/>: the policy that applies to one delivery, and the failure
/// to report.
/// </summary>
/// <remarks>Immutable and safe for use by several threads.</remarks>
public sealed class DiscoveredPolicy
{
    internal DiscoveredPolicy(PolicyDomain domain) => Domain = domain;

    /// <summary>The policy domain.</summary>
    public PolicyDomain Domain { get; }

    /// <summary>The policy that applies to this delivery; null if no policy applies.</summary>
    public Policy? Policy => Entry?.Policy;

    /// <summary>The cache entry of the policy that applies; null if no policy applies.</summary>
    public CachedPolicy? Entry { get; internal init; }

    /// <summary>
    /// The failure to report (RFC 8461 section 6); <see cref="TlsFailure.None"/> if nothing failed. When several
    /// deliveries wait for one fetch, only one of them has its failure.
    /// </summary>
    public TlsFailure Failure { get; internal init; }

    /// <summary>
    /// Indicates whether to alert an administrator (RFC 8461 sections 3.3 and 10.2). The record of an active policy is
    /// missing or unreachable, or the policy could not be refreshed. Of the deliveries that wait for a fetch, only one
    /// has the alert of that fetch.
    /// </summary>
    public bool ShouldAlert { get; internal init; }

    /// <summary>
    /// Indicates whether a policy may exist that could not be found: the cache could not be read, and nothing else
    /// returned a policy. A careful sender defers the message.
    /// </summary>
    public bool IsUncertain { get; internal init; }

    /// <summary>
    /// The fetch that may replace the policy while it applies; null if none is in progress. Before you defer a message
    /// because of the policy, wait for this task and decide again by its result.
    /// </summary>
    /// <remarks>
    /// The task never throws, and its result has no <see cref="Refresh"/>. When the discovery is disposed, the task
    /// ends with the policy that applied before. At most one of both results has a <see cref="Failure"/>. If the fetch
    /// fails, one of the tasks that follow it has the failure, even if nothing awaits that task. For a record of all
    /// failures, set <see cref="PolicyDiscoveryOptions.OnEvent"/>.
    /// </remarks>
    public Task<DiscoveredPolicy>? Refresh { get; internal init; }

    /// <summary>Decides before connecting, as <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char})"/> does.</summary>
    /// <param name="mxHost">The name of the MX host in the MX record.</param>
    /// <returns>The decision.</returns>
    public Decision Enforce(ReadOnlySpan<char> mxHost) => Sts.Enforce(Policy, mxHost);

    /// <summary>
    /// Decides after the handshake, as <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char}, TlsOutcome)"/> does.
    /// </summary>
    /// <param name="mxHost">The name of the MX host in the MX record.</param>
    /// <param name="tls">The outcome of the handshake.</param>
    /// <returns>The decision.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tls"/> is not a defined value.</exception>
    public Decision Enforce(ReadOnlySpan<char> mxHost, TlsOutcome tls) => Sts.Enforce(Policy, mxHost, tls);

    /// <summary>
    /// Returns the result as one line of printable ASCII for a log, such as
    /// <c>example.com, mode enforce, 2 mx, max_age 604800, refreshing</c>.
    /// </summary>
    public override string ToString() => Escaping.Join(
        Domain.Name,
        Policy?.Summary ?? "no policy",
        IsUncertain ? "uncertain" : null,
        Failure is TlsFailure.None ? null : $"report {Failure.ToReportString()}",
        ShouldAlert ? "alert" : null,
        Refresh is null ? null : "refreshing");
}
