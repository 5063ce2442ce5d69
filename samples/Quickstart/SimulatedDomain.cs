using System.Text;
using MtaSts;

namespace Quickstart;

/// <summary>A policy domain in a made-up network: what a TXT look-up and a fetch over HTTPS would give at the moment.</summary>
internal sealed class SimulatedDomain(string name)
{
    public string Name => name;

    public TxtAnswer Txt { get; set; } = TxtAnswer.FromRecords([]);

    public FetchResult PolicyHost { get; set; } = FetchResult.Failed(FetchStatus.ConnectionFailed);

    /// <summary>Has the DNS and the policy host answer as they should.</summary>
    public void Publish(StsRecord record, Policy policy)
    {
        Txt = TxtAnswer.FromRecords([record.ToString()]);
        PolicyHost = FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(policy.ToString()));
    }
}
