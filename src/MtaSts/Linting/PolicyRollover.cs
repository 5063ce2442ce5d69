namespace MtaSts.Linting;

/// <summary>
/// Checks a change of the published policy, or its removal, before it is made (RFC 8461 sections 8.1 and 8.3).
/// </summary>
/// <remarks>
/// At most twenty findings of one code are listed; the last of them has the number of the others. The faults of the
/// next policy by itself are found by <see cref="PolicyLint"/>. Pure functions, safe for use by several threads.
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
    /// <param name="current">The policy that is published now; null if the domain has no policy.</param>
    /// <param name="currentRecord">The TXT record that is published now; null if the domain has no record.</param>
    /// <param name="next">The policy to publish; null to remove the policy.</param>
    /// <param name="nextRecord">The TXT record to publish; null to remove the record.</param>
    /// <param name="mxHosts">
    /// The names in the domain's MX records at the time of the change; null if they are unknown. The name <c>.</c> is a
    /// null MX, which is not a host (RFC 7505).
    /// </param>
    /// <returns>
    /// The findings and the steps. Policies are compared by the hosts that they allow, not by the text of their
    /// patterns.
    /// </returns>
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
            findings.AddError(
                FindingCode.PolicyDeleted,
                $"Senders keep the removed policy for its max_age of {RolloverSteps.Describe(current.MaxAge)} "
                    + "and cannot learn that it has ended. First publish a policy of mode none (RFC 8461 section 8.3).");
        }

        if (nextRecord is not null)
        {
            findings.AddWarning(
                FindingCode.RecordWithoutPolicy,
                "The TXT record remains although the policy is removed, so senders try to fetch the policy and fail. "
                    + "Remove the record first (RFC 8461 section 8.3).");
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
            findings.AddError(
                FindingCode.IdNotChanged,
                $"The policy changes but the id \"{nextRecord.Id}\" does not, so senders keep the old policy. "
                    + "Use another id in the record (RFC 8461 section 3.1).");
        }
        else if (!sameId && current == next)
        {
            findings.AddNote(
                FindingCode.IdChangedNeedlessly,
                "The id changes but the policy does not, so every sender fetches the same policy again. "
                    + "Keep the id (RFC 8461 section 3.1).");
        }
    }

    private static void CheckMaxAge(FindingList findings, Policy? current, Policy next)
    {
        // RFC 8461 section 8.3: an opt-out should have a small max_age. A cached policy of mode none binds nobody,
        // however old it is.
        if (current is { Mode: not PolicyMode.None } && next.Mode is not PolicyMode.None && next.MaxAge < current.MaxAge)
        {
            findings.AddNote(
                FindingCode.MaxAgeShrunk,
                "The next max_age is smaller, but senders that do not refresh keep the old policy for "
                    + $"{RolloverSteps.Describe(current.MaxAge)} from their last fetch. "
                    + "Keep the hosts of the old policy for that long (RFC 8461 section 3.2).");
        }
    }
}
