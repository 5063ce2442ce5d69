namespace MtaSts;

/// <summary>Looks for MX hosts that a policy does not let mail go to.</summary>
internal static class MxCoverage
{
    /// <summary>Adds a finding for each MX host that no pattern matches.</summary>
    /// <param name="findings">Where to.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="replaced">The policy that this one replaces, if one is replaced: dropping a host is a finding of its own.</param>
    public static void Check(FindingList findings, Policy policy, MxHostSet hosts, Policy? replaced = null)
    {
        if (policy.Mode is PolicyMode.None)
        {
            return;
        }

        bool enforces = policy.Mode is PolicyMode.Enforce;
        Severity severity = enforces ? Severity.Error : Severity.Warning;
        string effect = enforces ? "Senders do not deliver to it" : "Senders report it, and would not deliver to it in mode enforce";
        foreach (string host in hosts.Hosts)
        {
            if (policy.Matches(host))
            {
                continue;
            }

            if (replaced is not null && replaced.Matches(host))
            {
                findings.Add(
                    FindingCode.RemovedMxHost,
                    severity,
                    $"The MX host {LogText.Quote(host)} is dropped from the policy but still in the DNS. {effect}. Remove it from the DNS first (RFC 8461, section 8.1).");
            }
            else if (findings.HasRoomFor(FindingCode.UncoveredMxHost))
            {
                findings.Add(
                    FindingCode.UncoveredMxHost,
                    severity,
                    $"The MX host {policy.Explain(host)} {effect}. Add an mx line for it, or remove it from the DNS (RFC 8461, section 4.1).");
            }
            else
            {
                // Explaining takes time for each pattern, and this finding is only counted.
                findings.Add(FindingCode.UncoveredMxHost, severity, "");
            }
        }
    }
}
