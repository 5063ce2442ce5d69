using System.Globalization;

namespace MtaSts.Linting;

/// <summary>Checks the content of a policy: its mode, its age and its patterns.</summary>
internal static class PolicyRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public static void Check(FindingList findings, Policy policy, FieldPositions positions, string? domain)
    {
        CheckMode(findings, policy.Mode, positions.Mode);
        CheckMaxAge(findings, policy, positions.MaxAge);
        CheckPatterns(findings, policy, positions, domain);
    }

    public static void CheckUnused(FindingList findings, Policy policy, FieldPositions positions, MxHostSet hosts)
    {
        if (!hosts.HasNamesOnly || hosts.Hosts.Count == 0)
        {
            return;
        }

        foreach ((int index, MxPattern pattern) in policy.Mx.Index().Where(line => !hosts.IsMatchedBy(line.Item)))
        {
            findings.AddNote(
                FindingCode.UnusedPattern,
                $"\"{pattern}\" matches no MX host of the domain. Remove the line unless such a host is planned.",
                positions.Mx(index));
        }
    }

    private static void CheckMode(FindingList findings, PolicyMode mode, TextPosition position)
    {
        if (mode is PolicyMode.None)
        {
            findings.AddNote(
                FindingCode.ModeNone,
                "The mode is none: the policy requires nothing of senders. "
                    + "Use testing or enforce unless the domain opts out (RFC 8461 sections 5 and 8.3).",
                position);
        }
        else if (mode is PolicyMode.Testing)
        {
            findings.AddNote(
                FindingCode.ModeTesting,
                "The mode is testing: senders report failures but deliver the mail. "
                    + "Use enforce when the reports show no failures (RFC 8461 section 5).",
                position);
        }
    }

    private static void CheckMaxAge(FindingList findings, Policy policy, TextPosition position)
    {
        // RFC 8461 section 8.3: a domain that opts out should choose a small max_age.
        if (policy.Mode is PolicyMode.None)
        {
            return;
        }

        string found = string.Create(CultureInfo.InvariantCulture, $"found {(int)policy.MaxAge.TotalSeconds} seconds");
        if (policy.MaxAge <= Day)
        {
            findings.AddWarning(
                FindingCode.MaxAgeUnderDay,
                $"Expected a max_age of more than a day, {found}. The policy expires before a sender that refreshes daily renews it. "
                    + "Use several weeks, such as 1209600 (RFC 8461 section 3.2).",
                position);
        }
        else if (policy.MaxAge < Week && policy.Mode is PolicyMode.Enforce)
        {
            findings.AddWarning(
                FindingCode.MaxAgeUnderWeek,
                $"Expected a max_age of at least a week, {found}. An attacker who blocks refreshes for that long disables the policy. "
                    + "Use several weeks, such as 1209600 (RFC 8461 sections 3.2 and 10.2).",
                position);
        }
    }

    private static void CheckPatterns(FindingList findings, Policy policy, FieldPositions positions, string? domain)
    {
        HashSet<string> wildcards = [.. policy.Mx.Where(static pattern => pattern.IsWildcard).Select(static pattern => pattern.ToString())];
        Dictionary<string, int> firstLines = new(StringComparer.Ordinal);
        foreach ((int index, MxPattern pattern) in policy.Mx.Index())
        {
            string text = pattern.ToString();
            TextPosition position = positions.Mx(index);
            if (!firstLines.TryAdd(text, position.Line))
            {
                string first = position.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" on line {firstLines[text]}");
                findings.AddNote(
                    FindingCode.DuplicatePattern,
                    $"\"{text}\" is already listed{first}. Remove one of the two lines.",
                    position);
                continue;
            }

            CheckPattern(findings, pattern, text, position, domain);
            string parent = $"*{text.AsSpan(Math.Max(text.IndexOf('.', StringComparison.Ordinal), 0))}";
            if (!pattern.IsWildcard && wildcards.Contains(parent))
            {
                findings.AddNote(
                    FindingCode.RedundantPattern,
                    $"\"{text}\" is already covered by \"{parent}\". Remove one of the two lines. "
                        + "Keep the wildcard only if other hosts need it.",
                    position);
            }
        }
    }

    private static void CheckPattern(FindingList findings, MxPattern pattern, string text, TextPosition position, string? domain)
    {
        string last = text[(text.LastIndexOf('.') + 1)..];
        bool isNumeric = last.All(char.IsAsciiDigit);
        if (pattern.IsWildcard && last.Length == text.Length - 2 && !isNumeric)
        {
            findings.AddError(
                FindingCode.WildcardOverTopLevelDomain,
                $"\"{text}\" allows every domain directly under \"{last}\" as an MX host. "
                    + "Anyone who registers one can receive the mail. List the MX hosts by name (RFC 8461 sections 3.2 and 4.1).",
                position);
        }
        else if (pattern.IsWildcard && text.AsSpan(2).SequenceEqual(domain))
        {
            findings.AddWarning(
                FindingCode.WildcardOverPolicyDomain,
                $"\"{text}\" allows every host of the domain as an MX host. "
                    + "Anyone with such a host and a certificate for it can receive the mail. "
                    + "List the MX hosts by name (RFC 8461 section 10.4).",
                position);
        }

        if (isNumeric)
        {
            findings.AddWarning(
                FindingCode.NumericLastLabel,
                $"Expected a host name, found \"{text}\", which ends with digits alone like an IP address. "
                    + "Use the name in the MX record (RFC 8461 section 3.2).",
                position);
        }
    }
}
