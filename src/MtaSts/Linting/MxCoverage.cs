namespace MtaSts;

/// <summary>Looks for MX hosts that a policy does not let mail go to.</summary>
internal static class MxCoverage
{
    /// <summary>Adds a finding for each MX host that no pattern matches.</summary>
    /// <param name="findings">Where to.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="domain">The policy domain, if it is known.</param>
    /// <param name="replaced">The policy that this one replaces, if one is replaced: dropping a host is a finding of its own.</param>
    public static void Check(FindingList findings, Policy policy, MxHostSet hosts, string? domain = null, Policy? replaced = null)
    {
        if (policy.Mode is PolicyMode.None)
        {
            return;
        }

        bool enforces = policy.Mode is PolicyMode.Enforce;
        Severity severity = enforces ? Severity.Error : Severity.Warning;
        string effect = enforces ? "Senders do not deliver to it" : "Senders report it, and would not deliver to it in mode enforce";

        // To explain a host takes time for each pattern: no message is made for a finding that is only counted.
        foreach (MxHostName host in hosts.Hosts.Where(host => !policy.Matches(host.Name)))
        {
            if (replaced is not null && replaced.Matches(host.Name))
            {
                findings.Add(
                    FindingCode.RemovedMxHost,
                    severity,
                    $"The MX host {Escaping.Quote(host.Name)} is dropped from the policy but still in the DNS. {effect}. "
                        + "Remove it from the DNS first (RFC 8461, section 8.1).");
            }
            else if (host.Form is not MxHostForm.HostName)
            {
                string message = findings.HasRoomFor(FindingCode.InvalidMxHost) ? MxHostAdvice.Describe(host, effect, policy, domain) : "";
                findings.Add(FindingCode.InvalidMxHost, severity, message);
            }
            else if (findings.HasRoomFor(FindingCode.UncoveredMxHost))
            {
                findings.Add(
                    FindingCode.UncoveredMxHost,
                    severity,
                    $"The MX host {policy.Explain(host.Name)} {effect}. "
                        + "Add an mx line for it, or remove it from the DNS (RFC 8461, section 4.1).");
            }
            else
            {
                findings.Add(FindingCode.UncoveredMxHost, severity, "");
            }
        }
    }

    /// <summary>Adds a finding for each MX host that the current policy denies and the next one allows.</summary>
    /// <remarks>A host that the next one denies has its finding by <see cref="Check"/>.</remarks>
    public static void CheckCurrent(FindingList findings, Policy current, Policy? next, MxHostSet hosts)
    {
        if (current.Mode is PolicyMode.None)
        {
            return;
        }

        bool enforces = current.Mode is PolicyMode.Enforce;
        string effect = enforces ? "do not deliver to the host" : "report the host";
        foreach (MxHostName host in hosts.Hosts.Where(host => !current.Matches(host.Name) && PolicyHosts.Allows(next, host.Name)))
        {
            findings.Add(
                FindingCode.MxHostNotYetAllowed,
                enforces ? Severity.Error : Severity.Warning,
                $"The MX host {Escaping.Quote(host.Name)} is in the DNS already, but the current policy does not allow it. "
                    + $"Senders that have that policy {effect}. Remove it from the DNS until they have the next one (RFC 8461, section 8.1).");
        }
    }

    /// <summary>Adds a finding if the domain has a null MX and a policy that binds senders.</summary>
    public static void CheckNullMx(FindingList findings, Policy policy, MxHostSet hosts)
    {
        if (hosts.HasNullMx && policy.Mode is not PolicyMode.None)
        {
            findings.Add(
                FindingCode.NullMx,
                Severity.Warning,
                hosts.Hosts.Count == 0
                    ? "The domain has a null MX, so it takes no mail, and the policy has nothing to protect. "
                        + "Publish one of mode none, or remove policy and record (RFC 7505, section 3; RFC 8461, section 8.3)."
                    : "The domain has a null MX, by which it takes no mail, and other MX hosts. "
                        + "Remove the null MX, or the others (RFC 7505, section 3).");
        }
    }
}
