namespace MtaSts;

/// <summary>Represents the caller's network: its DNS resolver and its HTTPS client.</summary>
/// <remarks>
/// <para><see cref="PolicyDiscovery"/> calls it. Each call has a time limit of the
/// <see cref="PolicyDiscoveryOptions"/>, after which its token is canceled and its result no longer counts.</para>
/// <para>An implementation may throw: an exception counts as a failed lookup or as a failed fetch. So does a null
/// result.</para>
/// <para>Several threads may call both members at once. For one domain, at most one fetch runs at a time, unless a
/// fetch ignores its token. A lookup must not block its thread: its time limit cannot end that. Fetches run with the
/// <see cref="AsyncLocal{T}"/> values of the delivery that began them.</para>
/// </remarks>
/// <example>
/// <code>
/// public sealed class NetworkSource(Resolver resolver, Fetcher fetcher) : IPolicySource
/// {
///     public async ValueTask&lt;TxtAnswer&gt; LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
///         TxtAnswer.FromRecords(await resolver.LookUpTxtAsync(domain.RecordName, cancellationToken));
///
///     public async ValueTask&lt;FetchResult&gt; FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken)
///     {
///         using Response response = await fetcher.GetAsync(domain.PolicyUrl, cancellationToken);
///         return await FetchResult.FromResponseAsync(response.Status, response.ContentType, response.Body, cancellationToken);
///     }
/// }
/// </code>
/// </example>
public interface IPolicySource
{
    /// <summary>Looks up the TXT records at <see cref="PolicyDomain.RecordName"/> (RFC 8461 section 3.1).</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="cancellationToken">
    /// Canceled when the result no longer counts: at <see cref="PolicyDiscoveryOptions.LookupTimeout"/>, when the
    /// caller of the discovery cancels, or when the discovery is disposed.
    /// </param>
    /// <returns>
    /// The answer: <see cref="TxtAnswer.NoRecord"/> if the name does not exist (NXDOMAIN) or has no TXT record;
    /// <see cref="TxtAnswer.LookupFailed"/> after SERVFAIL, a timeout or another failure.
    /// </returns>
    ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken);

    /// <summary>Fetches <see cref="PolicyDomain.PolicyUrl"/> over HTTPS (RFC 8461 section 3.3).</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="cancellationToken">
    /// Canceled when the result no longer counts: at <see cref="PolicyDiscoveryOptions.FetchTimeout"/>, or when the
    /// discovery is disposed. The token of a delivery never cancels it: other deliveries wait for the same fetch.
    /// </param>
    /// <returns>
    /// The outcome, from <see cref="FetchResult.FromResponseAsync"/> or <see cref="FetchResult.Failed"/>.
    /// </returns>
    /// <remarks>
    /// An exception counts as <see cref="FetchStatus.ConnectionFailed"/>; a <see cref="TimeoutException"/> or an
    /// <see cref="OperationCanceledException"/>, as <see cref="FetchStatus.TimedOut"/>.
    /// </remarks>
    ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken);
}
