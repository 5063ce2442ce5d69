using System.Text;
using MtaSts;
using MtaSts.Linting;

namespace Quickstart;

/// <summary>Represents a policy to publish, its record, and the findings and steps of the change.</summary>
internal sealed class NewPublication
{
    /// <summary>Creates the record and checks both.</summary>
    /// <param name="domain">The policy domain; null if it was not given.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="current">The current record and policy, as far as they are known.</param>
    public NewPublication(PolicyDomain? domain, Policy policy, SenderView current)
    {
        Domain = domain;
        File = policy.ToString().ReplaceLineEndings("\n");
        Record = policy.CreateRecord();
        TxtRecords txt = new("the new record", [Record.ToString()]);
        PolicyFile file = new("the new policy", Encoding.UTF8.GetBytes(File));
        RolloverReport rollover = PolicyRollover.Check(current.Policy, current.Record, policy, Record);
        Findings = [.. Linter.Check(domain, txt, file, []), .. rollover.Findings];
        Steps = rollover.Steps;
    }

    public PolicyDomain? Domain { get; }

    /// <summary>The policy file. Its lines end with LF, which is allowed like CRLF (erratum 6253).</summary>
    public string File { get; }

    public StsRecord Record { get; }

    public IReadOnlyList<Finding> Findings { get; }

    public IReadOnlyList<string> Steps { get; }
}
