using System.Globalization;

namespace MtaSts;

/// <summary>Looks at what a policy says, however its file is written.</summary>
internal static class PolicyRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static void Check(FindingList findings, Policy policy, FieldPositions places, string? domain)
    {
        CheckMode(findings, policy, places);
        CheckMaxAge(findings, policy, places);
        CheckPatterns(findings, policy, places, domain);
    }

    public static void CheckUnused(FindingList findings, Policy policy, FieldPositions places, MxHostSet hosts)
    {
        if (!hosts.HasNamesOnly || hosts.Hosts.Count == 0)
        {
            return;
        }

        int index = 0;
        foreach (MxPattern pattern in policy.Mx)
        {
            if (!hosts.IsMatchedBy(pattern))
            {
                findings.Add(
                    FindingCode.UnusedPattern,
                    Severity.Note,
                    $"\"{pattern}\" matches no MX host of the domain. Remove the line unless such a host is to come.",
                    places.Mx(index));
            }

            index++;
        }
    }

    private static void CheckMode(FindingList findings, Policy policy, FieldPositions places)
    {
        if (policy.Mode is PolicyMode.None)
        {
            findings.Add(
                FindingCode.ModeNone,
                Severity.Note,
                "The mode is none: the policy asks for nothing. Use testing or enforce unless the domain opts out (RFC 8461, sections 5 and 8.3).",
                places.Mode);
        }
        else if (policy.Mode is PolicyMode.Testing)
        {
            findings.Add(
                FindingCode.ModeTesting,
                Severity.Note,
                "The mode is testing: senders report failures, and deliver all the same. Use enforce once the reports show none (RFC 8461, section 5).",
                places.Mode);
        }
    }

    private static void CheckMaxAge(FindingList findings, Policy policy, FieldPositions places)
    {
        // A domain that opts out is to choose a small one, Section 8.3.
        if (policy.Mode is PolicyMode.None)
        {
            return;
        }

        int seconds = (int)policy.MaxAge.TotalSeconds;
        if (policy.MaxAge <= Day)
        {
            findings.Add(
                FindingCode.MaxAgeUnderDay,
                Severity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"The max_age of {seconds} is a day or less: ")
                    + "a sender that refreshes once a day finds such a policy expired. Use weeks, 1209600 say (RFC 8461, section 3.2).",
                places.MaxAge);
        }
        else if (policy.MaxAge < Week && policy.Mode is PolicyMode.Enforce)
        {
            findings.Add(
                FindingCode.MaxAgeUnderWeek,
                Severity.Warning,
                string.Create(CultureInfo.InvariantCulture, $"The max_age of {seconds} is under a week: ")
                    + "an attacker who blocks the refresh for that long gets round the policy. "
                    + "Use weeks, 1209600 say (RFC 8461, sections 3.2 and 10.2).",
                places.MaxAge);
        }
    }

    private static void CheckPatterns(FindingList findings, Policy policy, FieldPositions places, string? domain)
    {
        HashSet<string> wildcards = [.. policy.Mx.Where(static pattern => pattern.IsWildcard).Select(static pattern => pattern.ToString())];
        Dictionary<string, int> firstLines = new(StringComparer.Ordinal);
        int index = 0;
        foreach (MxPattern pattern in policy.Mx)
        {
            string text = pattern.ToString();
            TextPosition place = places.Mx(index++);
            if (!firstLines.TryAdd(text, place.Line))
            {
                string first = place.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" on line {firstLines[text]}");
                findings.Add(FindingCode.DuplicatePattern, Severity.Note, $"\"{text}\" stands there already{first}. Remove one of the two.", place);
                continue;
            }

            CheckPattern(findings, pattern, text, place, domain);
            string parent = $"*{text.AsSpan(Math.Max(text.IndexOf('.', StringComparison.Ordinal), 0))}";
            if (!pattern.IsWildcard && wildcards.Contains(parent))
            {
                findings.Add(
                    FindingCode.RedundantPattern,
                    Severity.Note,
                    $"\"{text}\" is matched by \"{parent}\" already. Remove one of the two: the wildcard, if it is not needed for other hosts.",
                    place);
            }
        }
    }

    private static void CheckPattern(FindingList findings, MxPattern pattern, string text, TextPosition place, string? domain)
    {
        string last = text[(text.LastIndexOf('.') + 1)..];
        bool isNumeric = !last.AsSpan().ContainsAnyExceptInRange('0', '9');
        if (pattern.IsWildcard && last.Length == text.Length - 2 && !isNumeric)
        {
            findings.Add(
                FindingCode.WildcardOverTopLevelDomain,
                Severity.Error,
                $"\"{text}\" lets every domain right under \"{last}\" be an MX host, so anyone who registers one can receive the mail. "
                    + "Name the MX hosts (RFC 8461, sections 3.2 and 4.1).",
                place);
        }
        else if (pattern.IsWildcard && domain is not null && text.AsSpan(2).SequenceEqual(domain))
        {
            findings.Add(
                FindingCode.WildcardOverPolicyDomain,
                Severity.Warning,
                $"\"{text}\" lets every host of the domain be its MX host, so whoever has one with a certificate can receive its mail. Name the MX hosts (RFC 8461, section 10.4).",
                place);
        }

        if (isNumeric)
        {
            findings.Add(
                FindingCode.NumericLastLabel,
                Severity.Warning,
                $"\"{text}\" ends in digits alone, as an address does and a host name does not. Name the host as its MX record does (RFC 8461, section 3.2).",
                place);
        }
    }
}
