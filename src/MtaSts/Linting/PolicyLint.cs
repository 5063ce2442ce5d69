using System.Numerics;

namespace MtaSts.Linting;

/// <summary>Checks what a domain publishes and returns what is wrong and how to correct it.</summary>
/// <remarks>
/// <para>For monitors, control panels and authors of policies, not for each delivery.</para>
/// <para>Findings on the TXT record are first. Findings on the fetch, the lines of the file, the policy and the MX
/// hosts follow. At most twenty findings of one code are listed; the last of them has the number of the others. An
/// empty list means that nothing needs correction. An invalid file has one <see cref="FindingCode.InvalidPolicy"/>, for
/// the first rule that it breaks, and the findings on its lines.</para>
/// <para>Pure functions, safe for use by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// foreach (Finding finding in PolicyLint.Check("version: STSv1\nmode: enforce\nms: mx.example.com\nmax_age: 604800\n"))
/// {
///     Console.WriteLine(finding); // error InvalidPolicy, …; warning MisspelledField, line 3, offset 29: The field "ms" is unknown, …
/// }
/// </code>
/// </example>
public static class PolicyLint
{
    private static readonly Publication Unknown = new();

    /// <summary>Checks a policy file by itself.</summary>
    /// <param name="utf8PolicyFile">The whole file.</param>
    /// <returns>The findings; their offsets count bytes.</returns>
    public static IReadOnlyList<Finding> Check(ReadOnlySpan<byte> utf8PolicyFile)
    {
        FindingList findings = new();
        CheckFile(findings, utf8PolicyFile, Unknown);
        return findings.ToList();
    }

    /// <summary>Checks a policy file by itself.</summary>
    /// <param name="policyFile">The whole file.</param>
    /// <returns>The findings; their offsets count UTF-16 units.</returns>
    public static IReadOnlyList<Finding> Check(ReadOnlySpan<char> policyFile)
    {
        FindingList findings = new();
        _ = Policy.TryParse(policyFile, out Policy? policy, out ParseError error);
        CheckFile(findings, CodeUnits.Of(policyFile), policy, error, Unknown);
        return findings.ToList();
    }

    /// <summary>
    /// Checks what a domain publishes: the TXT record, the fetch, the policy, and the MX hosts against the policy.
    /// </summary>
    /// <param name="publication">The parts that were found. Parts that are null are skipped.</param>
    /// <returns>The findings; their offsets count bytes of the body, or UTF-16 units of the record.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="publication"/> is null.</exception>
    public static IReadOnlyList<Finding> Check(Publication publication)
    {
        ArgumentNullException.ThrowIfNull(publication);
        FindingList findings = new();
        if (publication.Txt is { } txt)
        {
            PublicationRules.Check(findings, txt);
        }

        if (publication.Fetch is { } fetch && (publication.PolicyFile is null || fetch.Status is FetchStatus.WrongMediaType))
        {
            PublicationRules.Check(findings, fetch);
        }

        if (publication.PolicyFile is { } file)
        {
            CheckFile(findings, file, publication);
        }
        else if (publication.Fetch?.Policy is { } policy)
        {
            FieldLint fields = new(findings, isPolicy: true);
            fields.AddDeviations(policy.Deviations);
            CheckPolicy(findings, policy, fields.Positions, publication);
        }

        return findings.ToList();
    }

    private static void CheckFile(FindingList findings, ReadOnlySpan<byte> utf8Text, Publication publication)
    {
        _ = Policy.TryParse(utf8Text, out Policy? policy, out ParseError error);
        CheckFile(findings, utf8Text, policy, error, publication);
    }

    private static void CheckFile<T>(FindingList findings, ReadOnlySpan<T> text, Policy? policy, ParseError error, Publication publication)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (policy is null)
        {
            PublicationRules.AddInvalidPolicy(findings, error, text);
        }

        // A file over the limit is rejected before its lines are parsed.
        if (error.Code is ParseErrorCode.TooLarge)
        {
            return;
        }

        FieldLint fields = new(findings, isPolicy: policy is not null);
        fields.Check(text);
        if (policy is null)
        {
            return;
        }

        if (policy.Deviations.HasFlag(Deviations.MaxAgeCapped))
        {
            fields.AddDeviation(Deviations.MaxAgeCapped, fields.Positions.MaxAge);
        }

        CheckPolicy(findings, policy, fields.Positions, publication);
    }

    private static void CheckPolicy(FindingList findings, Policy policy, FieldPositions positions, Publication publication)
    {
        string? domain = publication.Domain?.Name;
        PolicyRules.Check(findings, policy, positions, domain);
        if (policy.Mode is not PolicyMode.None && MxHostSet.Of(publication) is { } hosts)
        {
            MxCoverage.CheckNullMx(findings, hosts);
            PolicyRules.CheckUnused(findings, policy, positions, hosts);
            MxCoverage.Check(findings, policy, hosts, domain);
        }
    }
}
