namespace MtaSts.Linting;

/// <summary>Finds the MX hosts that a policy does not allow.</summary>
internal static class MxCoverage
{
    /// <summary>Adds a finding for each MX host that no pattern matches.</summary>
    /// <param name="findings">The list that receives the findings.</param>
    /// <param name="policy">The policy. One of mode none allows every host.</param>
    /// <param name="hosts">The hosts in the DNS.</param>
    /// <param name="domain">The policy domain, if it is known.</param>
    /// <param name="replaced">
    /// The policy that this one replaces, if any. A host that it allows has a finding of its own.
    /// </param>
    public static void Check(FindingList findings, Policy policy, MxHostSet hosts, string? domain = null, Policy? replaced = null)
    {
        if (policy.Mode is PolicyMode.None)
        {
            return;
        }

        string effect = policy.Mode is PolicyMode.Enforce
            ? "Senders do not deliver to it"
            : "Senders report it, and would not deliver to it in mode enforce";
        foreach (MxHostName host in hosts.Hosts.Where(host => !policy.Matches(host.Name)))
        {
            FindingCode code = replaced is not null && replaced.Matches(host.Name) ? FindingCode.RemovedMxHost
                : host.Form is MxHostForm.HostName ? FindingCode.UncoveredMxHost
                : FindingCode.InvalidMxHost;
            findings.Add(code, SeverityUnder(policy), () => code switch
            {
                FindingCode.RemovedMxHost =>
                    $"The next policy does not allow the MX host {Escaping.Quote(host.Name)}, which is still in the DNS. {effect}. "
                        + "Remove it from the DNS first (RFC 8461 section 8.1).",
                FindingCode.UncoveredMxHost =>
                    $"The MX host {policy.Explain(host.Name)} {effect}. "
                        + "Add an mx line for it, or remove it from the DNS (RFC 8461 section 4.1).",
                _ => MxHostAdvice.Describe(host, effect, policy, domain),
            });
        }
    }

    /// <summary>Adds a finding for each MX host that the next policy allows and the current one does not.</summary>
    /// <remarks>A host that the next policy does not allow has its finding by <see cref="Check"/>.</remarks>
    public static void CheckCurrent(FindingList findings, Policy current, Policy? next, MxHostSet hosts)
    {
        if (current.Mode is PolicyMode.None)
        {
            return;
        }

        string effect = current.Mode is PolicyMode.Enforce ? "do not deliver to the host" : "report the host";
        foreach (MxHostName host in hosts.Hosts.Where(host => !current.Matches(host.Name) && PolicyHosts.Allows(next, host.Name)))
        {
            findings.Add(FindingCode.MxHostNotYetAllowed, SeverityUnder(current), () =>
                $"The MX host {Escaping.Quote(host.Name)} is already in the DNS, but the current policy does not allow it. "
                    + $"Senders that have that policy {effect}. "
                    + "Remove it from the DNS until they have the next one (RFC 8461 section 8.1).");
        }
    }

    /// <summary>Adds a finding if a domain whose policy binds senders has a null MX.</summary>
    public static void CheckNullMx(FindingList findings, MxHostSet hosts)
    {
        if (hosts.HasNullMx)
        {
            findings.AddWarning(
                FindingCode.NullMx,
                hosts.Hosts.Count == 0
                    ? "The domain has a null MX: it accepts no mail, and the policy protects nothing. "
                        + "Publish a policy of mode none, or remove the policy and the record (RFC 7505 section 3; RFC 8461 section 8.3)."
                    : "The domain has other MX hosts and a null MX, which says that it accepts no mail. "
                        + "Remove the null MX or the other hosts (RFC 7505 section 3).");
        }
    }

    private static Severity SeverityUnder(Policy policy) => policy.Mode is PolicyMode.Enforce ? Severity.Error : Severity.Warning;
}
