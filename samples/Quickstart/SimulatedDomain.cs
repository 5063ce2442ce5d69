using System.Text;
using MtaSts;

namespace Quickstart;

/// <summary>
/// Represents a policy domain in a simulated network: the current results of a TXT lookup and a fetch.
/// </summary>
internal sealed class SimulatedDomain(PolicyDomain domain)
{
    public string Name => domain.Name;

    public TxtAnswer Txt { get; set; } = TxtAnswer.FromRecords([]);

    public FetchResult PolicyHost { get; set; } = FetchResult.Failed(FetchStatus.ConnectionFailed);

    /// <summary>Makes the DNS and the policy host serve a record and a policy.</summary>
    public void Publish(StsRecord record, Policy policy)
    {
        Txt = TxtAnswer.FromRecords([record.ToString()]);
        PolicyHost = FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(policy.ToString()));
    }
}
