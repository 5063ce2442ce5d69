namespace MtaSts;

/// <summary>Checks the change from one published policy to the next, or its end, before it is made (RFC 8461, Sections 8.1 and 8.3).</summary>
/// <remarks>
/// Of one code at most twenty findings are listed, and the last of them says how many more there are. What is wrong with the next policy in
/// itself is for <see cref="PolicyLint"/>. Pure functions, safe for use by several threads.
/// </remarks>
/// <example>
/// <code>
/// Policy next = current.WithMode(PolicyMode.Enforce);
/// RolloverReport report = PolicyRollover.Check(current, currentRecord, next, next.CreateRecord(), mxHosts);
/// foreach (string step in report.Steps)
/// {
///     Console.WriteLine(step); // Publish the policy file of mode enforce, …; only then publish the TXT record …
/// }
/// </code>
/// </example>
public static class PolicyRollover
{
    /// <summary>Checks a change of policy.</summary>
    /// <param name="current">The policy that is published now; null if there is none.</param>
    /// <param name="currentRecord">The TXT record that is published now; null if there is none.</param>
    /// <param name="next">The policy to be published; null if there is to be none.</param>
    /// <param name="nextRecord">The TXT record to be published; null if there is to be none.</param>
    /// <param name="mxHosts">
    /// The names from the domain's MX records as they will stand when the policy changes; null if they were not looked at. The name <c>.</c> is a
    /// null MX (RFC 7505), and no host.
    /// </param>
    /// <returns>The findings and the steps. Policies are compared by the hosts that they allow, however their patterns name them.</returns>
    /// <exception cref="ArgumentException">An MX host is null.</exception>
    public static RolloverReport Check(
        Policy? current,
        StsRecord? currentRecord,
        Policy? next,
        StsRecord? nextRecord,
        IEnumerable<string>? mxHosts = null)
    {
        MxHostSet? hosts = mxHosts is null ? null : new(mxHosts);
        FindingList findings = new();
        if (next is null)
        {
            CheckRemoval(findings, current, nextRecord);
        }
        else
        {
            CheckRecord(findings, current, currentRecord, next, nextRecord);
            CheckMaxAge(findings, current, next);
            if (hosts is not null)
            {
                MxCoverage.Check(findings, next, hosts, replaced: current);
            }
        }

        if (current is not null && hosts is not null)
        {
            MxCoverage.CheckCurrent(findings, current, next, hosts);
        }

        return new(findings.ToList(), RolloverSteps.Between(current, currentRecord, next, nextRecord, hosts));
    }

    private static void CheckRemoval(FindingList findings, Policy? current, StsRecord? nextRecord)
    {
        if (current is { Mode: not PolicyMode.None })
        {
            findings.Add(
                FindingCode.PolicyDeleted,
                Severity.Error,
                $"Senders keep the policy that goes away for its max_age of {RolloverSteps.Describe(current.MaxAge)}, and cannot learn that it is over. Publish one of mode none first (RFC 8461, section 8.3).");
        }

        if (nextRecord is not null)
        {
            findings.Add(
                FindingCode.RecordWithoutPolicy,
                Severity.Warning,
                "The TXT record stays although the policy goes away, so senders try to fetch it in vain. Remove the record first (RFC 8461, section 8.3).");
        }
    }

    private static void CheckRecord(FindingList findings, Policy? current, StsRecord? currentRecord, Policy next, StsRecord? nextRecord)
    {
        if (nextRecord is null)
        {
            PublicationRules.AddNoRecord(findings);
            return;
        }

        if (current is null || currentRecord is null)
        {
            return;
        }

        bool sameId = currentRecord.Id == nextRecord.Id;
        if (sameId && current != next)
        {
            findings.Add(
                FindingCode.IdNotChanged,
                Severity.Error,
                $"The policy changes but the id \"{nextRecord.Id}\" does not, so senders keep the old policy. Give the record another id (RFC 8461, section 3.1).");
        }
        else if (!sameId && current == next)
        {
            findings.Add(
                FindingCode.IdChangedNeedlessly,
                Severity.Note,
                "The id changes but the policy does not, so every sender fetches the same policy again. Keep the id (RFC 8461, section 3.1).");
        }
    }

    private static void CheckMaxAge(FindingList findings, Policy? current, Policy next)
    {
        // An opt-out is to have a small one, Section 8.3; and what asks for nothing may be kept for any time.
        if (current is { Mode: not PolicyMode.None } && next.Mode is not PolicyMode.None && next.MaxAge < current.MaxAge)
        {
            findings.Add(
                FindingCode.MaxAgeShrunk,
                Severity.Note,
                $"The max_age shrinks, but senders that do not refresh keep the old policy for {RolloverSteps.Describe(current.MaxAge)} from their last fetch. Keep the hosts of the old policy for that long (RFC 8461, section 3.2).");
        }
    }
}
