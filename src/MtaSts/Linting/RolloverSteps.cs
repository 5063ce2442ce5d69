using System.Globalization;

namespace MtaSts.Linting;

/// <summary>Determines the safe order of steps in which a policy is replaced.</summary>
/// <remarks>
/// RFC 8461 section 8.1: the file changes before the record, because a sender that sees a new id and fetches the old
/// file keeps it under the new id. The old policy must stay usable while senders have it, so the mail must go to hosts
/// that both policies allow. RFC 8461 section 8.3: an opt-out is a policy of mode none for as long as a cache may have
/// an older one.
/// </remarks>
internal static class RolloverSteps
{
    private const int MaxHosts = 5;
    private const string WaitForMx = "wait for the TTL of the MX records";

    private static readonly TimeSpan OptOutAge = TimeSpan.FromDays(1);

    public static IReadOnlyList<string> Between(
        Policy? current, StsRecord? currentRecord, Policy? next, StsRecord? nextRecord, MxHostSet? hosts)
    {
        List<string> steps = [];
        if (next is null && current is not null)
        {
            AddOptOut(steps, current);
        }
        else if (next is not null && next != current)
        {
            // Senders ignore a new policy under an id that they know.
            StsRecord? newRecord = nextRecord?.Id == currentRecord?.Id ? null : nextRecord;
            AddReplacement(steps, current, next, newRecord, new(current, next, hosts));
        }

        return steps.AsReadOnly();
    }

    /// <summary>Returns an age in seconds and, if it is a whole number of days, in days.</summary>
    public static string Describe(TimeSpan age)
    {
        string seconds = string.Create(CultureInfo.InvariantCulture, $"{(long)age.TotalSeconds} seconds");
        long days = (long)age.TotalDays;
        return days == 0 || age != TimeSpan.FromDays(days) ? seconds
            : string.Create(CultureInfo.InvariantCulture, $"{seconds} ({days} {(days == 1 ? "day" : "days")})");
    }

    private static void AddReplacement(List<string> steps, Policy? current, Policy next, StsRecord? newRecord, HostChange change)
    {
        if (change.NeedsJointPolicy)
        {
            AddJointPolicy(steps, current!, change);
            AddPublication(steps, next, newRecord);
            return;
        }

        AddHostsInCommon(steps, change);
        AddPublication(steps, next, newRecord);
        if (current is not null)
        {
            AddWaiting(steps, current, next, change);
        }
    }

    private static void AddJointPolicy(List<string> steps, Policy current, HostChange change)
    {
        if (change.Early.Count > 0)
        {
            if (change.Dropped.Count == 0)
            {
                steps.Add("Add to the DNS an MX host that the current policy allows.");
            }

            AddEarlyHosts(steps, change);
        }

        string reason = change.AreHostsKnown
            ? "No MX host in the DNS is allowed by both policies."
            : "The two policies allow no host in common.";
        steps.Add($"{reason} First publish a policy with the mx lines of both, and only then a TXT record with a new id.");
        steps.Add($"Wait until senders have that policy: {Describe(current.MaxAge)} from when the current policy was last served.");
        steps.Add($"Add the new MX hosts to the DNS, remove the old ones{List(change.Dropped)}, and {WaitForMx}.");
    }

    private static void AddOptOut(List<string> steps, Policy current)
    {
        if (current.Mode is not PolicyMode.None)
        {
            steps.Add($"Do not remove anything yet. Replace the policy file with one of mode none and a max_age of {Describe(OptOutAge)}.");
            steps.Add("Replace the TXT record with one that has another id, so that senders fetch that policy.");
            steps.Add(
                $"Wait until all earlier policies have expired: {Describe(current.MaxAge)} from when the current one was last served, "
                    + "or longer if an older one had a larger max_age.");
        }
        else
        {
            steps.Add(
                "Wait until all policies of another mode have expired: "
                    + "the largest max_age among them, from when that policy was last served.");
        }

        steps.Add("Remove the TXT record.");
        steps.Add("Wait for the TTL of the TXT record, then remove the policy file.");
    }

    /// <summary>Adds the steps that leave only hosts in the DNS that both policies allow.</summary>
    private static void AddHostsInCommon(List<string> steps, HostChange change)
    {
        if (change.IsBetweenBindingPolicies && change.AreHostsKnown && change.Kept.Count == 0)
        {
            steps.Add("Add to the DNS an MX host that both policies allow.");
        }

        if (change.Early.Count > 0)
        {
            AddEarlyHosts(steps, change);
        }

        if (change.DropsHosts)
        {
            steps.Add(
                $"Remove from the DNS the MX hosts that the next policy no longer allows{List(change.Dropped)}, and {WaitForMx}.");
        }
    }

    private static void AddEarlyHosts(List<string> steps, HostChange change) => steps.Add(
        $"Remove from the DNS, for now, the MX hosts that the current policy does not allow{List(change.Early)}, and {WaitForMx}.");

    private static void AddPublication(List<string> steps, Policy next, StsRecord? nextRecord)
    {
        steps.Add(
            $"Publish the policy file of mode {next.Mode.ToString().ToLowerInvariant()}, "
                + "and check that all servers and caches serve it.");
        steps.Add(nextRecord is null
            ? "Only then publish a TXT record with another id than before."
            : $"Only then publish the TXT record \"{nextRecord}\".");
    }

    private static void AddWaiting(List<string> steps, Policy current, Policy next, HostChange change)
    {
        string keep = $"Keep MX hosts that the old policy allows{List(change.Kept)} for the TTL of the old TXT record. "
            + $"A sender that cannot refresh keeps the old policy for up to {Describe(current.MaxAge)} from its last fetch.";
        if (next.Mode is PolicyMode.None)
        {
            steps.Add(keep);
            steps.Add("When all older policies have expired, remove the TXT record, wait for its TTL, and then remove the policy file.");
        }
        else if (current.Mode is not PolicyMode.None)
        {
            string further = change.AddsHosts ? " Only then add to the DNS the MX hosts that only the next policy allows." : "";
            steps.Add($"{keep}{further}");
        }
    }

    /// <summary>Lists the known hosts in brackets; returns an empty text if no host is known.</summary>
    private static string List(IReadOnlyList<string> hosts)
    {
        if (hosts.Count == 0)
        {
            return "";
        }

        string names = string.Join(", ", hosts.Take(MaxHosts).Select(static host => Escaping.Quote(host)));
        string more = hosts.Count <= MaxHosts ? "" : string.Create(CultureInfo.InvariantCulture, $" and {hosts.Count - MaxHosts} more");
        return $" ({names}{more})";
    }
}
