using System.Text;
using MtaSts;

namespace Quickstart;

/// <summary>A policy to be published, the record that goes with it, and what there is to say of both.</summary>
internal sealed class NewPublication
{
    /// <summary>Makes the record, and looks at what goes wrong with both.</summary>
    /// <param name="domain">The policy domain; null if it was not given.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="current">What is published now, of which nothing may be known.</param>
    public NewPublication(string? domain, Policy policy, Publication current)
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

    public string? Domain { get; }

    /// <summary>The policy file. Its lines end in LF, which is allowed as CRLF is (erratum 6253), and is printed as it stands.</summary>
    public string File { get; }

    public StsRecord Record { get; }

    public IReadOnlyList<Finding> Findings { get; }

    public IReadOnlyList<string> Steps { get; }
}
