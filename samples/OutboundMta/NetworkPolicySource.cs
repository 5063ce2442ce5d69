namespace OutboundMta;

/// <summary>Joins the MTA's resolver and its HTTPS client, for a <see cref="PolicyDiscovery"/>.</summary>
/// <remarks>
/// It sets no time limit and catches nothing. The discovery limits each call. It turns an exception into a failed lookup
/// or a failed fetch, and the event has the exception.
/// </remarks>
/// <param name="lookUpRecord">
/// Looks up the TXT records at <see cref="PolicyDomain.RecordName"/>. It returns <see cref="TxtAnswer.NoRecord"/> for
/// NXDOMAIN, and <see cref="TxtAnswer.LookupFailed"/> or an exception for SERVFAIL and timeouts.
/// </param>
/// <param name="fetcher">Fetches the policy.</param>
public sealed class NetworkPolicySource(
    Func<PolicyDomain, CancellationToken, Task<TxtAnswer>> lookUpRecord, PolicyFetcher fetcher) : IPolicySource
{
    public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
        new(lookUpRecord(domain, cancellationToken));

    public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
        new(fetcher.FetchAsync(domain, cancellationToken));
}
