using System.Text;
using MtaSts;

namespace Quickstart;

/// <summary>
/// Represents a policy domain in a simulated network: the current results of a TXT lookup and a fetch.
/// </summary>
internal sealed class SimulatedDomain(PolicyDomain domain) : IPolicySource
{
    public PolicyDomain Domain => domain;

    public TxtAnswer Txt { get; set; } = TxtAnswer.FromRecords([]);

    public FetchResult PolicyHost { get; set; } = FetchResult.Failed(FetchStatus.ConnectionFailed);

    public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) => new(Txt);

    public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken) => new(PolicyHost);

    /// <summary>Makes the DNS and the policy host serve a record and a policy.</summary>
    public void Publish(StsRecord record, Policy policy)
    {
        Txt = TxtAnswer.FromRecords([record.ToString()]);
        PolicyHost = FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(policy.ToString()));
    }
}
