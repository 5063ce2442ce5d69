using System.Numerics;

namespace MtaSts;

/// <summary>Tells what is wrong with what a domain publishes: for monitors, control panels and whoever writes a policy.</summary>
/// <remarks>
/// <para>A list begins with the findings on the TXT record; those on the fetch, on the lines of the file, on what the policy says, and on the MX
/// hosts follow. Of one code at most twenty are listed, and the last of them says how many more there are. An empty list means that there is
/// nothing to put right. A file that is no policy has one <see cref="FindingCode.InvalidPolicy"/>, for the first rule that it breaks, beside what
/// else its lines show.</para>
/// <para>Pure functions, safe for use by several threads. Not for each delivery.</para>
/// </remarks>
/// <example>
/// <code>
/// foreach (Finding finding in PolicyLint.Check("version: STSv1\nmode: enforce\nms: mx.example.com\nmax_age: 604800\n"))
/// {
///     Console.WriteLine(finding); // error InvalidPolicy, …; warning MisspelledField, line 3, offset 29: The field "ms" means nothing, …
/// }
/// </code>
/// </example>
public static class PolicyLint
{
    /// <summary>Checks a policy file by itself.</summary>
    /// <param name="utf8PolicyFile">The whole file.</param>
    /// <returns>The findings; their offsets count bytes.</returns>
    public static IReadOnlyList<Finding> Check(ReadOnlySpan<byte> utf8PolicyFile)
    {
        FindingList findings = new();
        bool isPolicy = Policy.TryParse(utf8PolicyFile, out Policy? policy, out ParseError error);
        CheckFile(findings, utf8PolicyFile, isPolicy ? policy : null, error, domain: null, hosts: null);
        return findings.ToList();
    }

    /// <summary>Checks a policy file by itself.</summary>
    /// <param name="policyFile">The whole file.</param>
    /// <returns>The findings; their offsets count UTF-16 units.</returns>
    public static IReadOnlyList<Finding> Check(ReadOnlySpan<char> policyFile)
    {
        FindingList findings = new();
        bool isPolicy = Policy.TryParse(policyFile, out Policy? policy, out ParseError error);
        CheckFile(findings, CodeUnits.Of(policyFile), isPolicy ? policy : null, error, domain: null, hosts: null);
        return findings.ToList();
    }

    /// <summary>Checks what a domain publishes, with the response that its policy host gave: the fullest check there is.</summary>
    /// <param name="domain">
    /// The policy domain, in any letter case, in A-labels or U-labels, with or without a trailing dot; null if it is unknown, so that nothing is said of
    /// a wildcard over it.
    /// </param>
    /// <param name="txt">The outcome of the TXT look-up; null if it was not looked at.</param>
    /// <param name="statusCode"><inheritdoc cref="FetchResult.FromResponse" path="/param[@name='statusCode']"/></param>
    /// <param name="contentType"><inheritdoc cref="FetchResult.FromResponse" path="/param[@name='contentType']"/></param>
    /// <param name="body"><inheritdoc cref="FetchResult.FromResponse" path="/param[@name='body']"/></param>
    /// <param name="mxHosts">
    /// The names from the domain's MX records, null if they were not looked at. An empty list is an answer, too: the domain itself is the host
    /// then (RFC 5321, Section 5.1). The name <c>.</c> is a null MX (RFC 7505), and no host.
    /// </param>
    /// <returns>The findings; their offsets count bytes of the body.</returns>
    /// <remarks>
    /// It judges the response as <see cref="FetchResult.FromResponse"/> does. It also checks a body that came with the wrong media type, so
    /// that the findings tell every fault at once.
    /// </remarks>
    /// <exception cref="ArgumentException">The text is no domain name, or an MX host is null.</exception>
    public static IReadOnlyList<Finding> Check(
        string? domain,
        TxtAnswer? txt,
        int statusCode,
        string? contentType,
        ReadOnlySpan<byte> body,
        IEnumerable<string>? mxHosts = null)
    {
        string? name = domain is null ? null : Normalize(domain);
        MxHostSet? hosts = ToHosts(name, mxHosts);
        FindingList findings = new();
        if (txt is not null)
        {
            PublicationRules.Check(findings, txt);
        }

        FetchResult fetch = FetchResult.FromResponse(statusCode, contentType, body);
        bool isPolicy = Policy.TryParse(body, out Policy? policy, out ParseError error);
        bool isFile = fetch.Status is FetchStatus.Ok or FetchStatus.InvalidPolicy or FetchStatus.TooLarge;
        if (!isFile)
        {
            PublicationRules.Check(findings, fetch);
        }

        if (isFile || fetch.Status is FetchStatus.WrongMediaType)
        {
            CheckFile(findings, body, isPolicy ? policy : null, error, name, hosts);
        }

        return findings.ToList();
    }

    /// <summary>Checks what a domain publishes, without the text of its policy file: for a fetch that gave none, or whose text is no longer there.</summary>
    /// <param name="domain">
    /// The policy domain, in any letter case, in A-labels or U-labels, with or without a trailing dot; null if it is unknown, so that nothing is said of
    /// a wildcard over it.
    /// </param>
    /// <param name="txt">The outcome of the TXT look-up; null if it was not looked at.</param>
    /// <param name="fetch">The outcome of the fetch; null if it was not looked at.</param>
    /// <param name="mxHosts">
    /// The names from the domain's MX records, null if they were not looked at. An empty list is an answer, too: the domain itself is the host
    /// then (RFC 5321, Section 5.1). The name <c>.</c> is a null MX (RFC 7505), and no host.
    /// </param>
    /// <returns>
    /// The findings; only that of a malformed record or policy has a place. What only the text shows is missing: <see cref="FindingCode.DuplicateField"/>,
    /// <see cref="FindingCode.MisspelledField"/>, and how often a policy deviates.
    /// </returns>
    /// <exception cref="ArgumentException">The text is no domain name, or an MX host is null.</exception>
    public static IReadOnlyList<Finding> Check(string? domain, TxtAnswer? txt, FetchResult? fetch, IEnumerable<string>? mxHosts = null)
    {
        string? name = domain is null ? null : Normalize(domain);
        MxHostSet? hosts = ToHosts(name, mxHosts);
        FindingList findings = new();
        if (txt is not null)
        {
            PublicationRules.Check(findings, txt);
        }

        if (fetch is not null)
        {
            PublicationRules.Check(findings, fetch);
        }

        if (fetch?.Policy is { } policy)
        {
            FieldLint fields = new(findings, isPolicy: true);
            foreach (Deviations deviation in Enum.GetValues<Deviations>())
            {
                if (deviation is not Deviations.None && policy.Deviations.HasFlag(deviation))
                {
                    fields.AddDeviation(deviation, place: default);
                }
            }

            CheckPolicy(findings, policy, fields.Places, name, hosts);
        }

        return findings.ToList();
    }

    private static void CheckFile<T>(FindingList findings, ReadOnlySpan<T> text, Policy? policy, ParseError error, string? domain, MxHostSet? hosts)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (policy is null)
        {
            PublicationRules.AddInvalidPolicy(findings, error, text);
        }

        // A file over the limit is refused unread.
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
            fields.AddDeviation(Deviations.MaxAgeCapped, fields.Places.MaxAge);
        }

        CheckPolicy(findings, policy, fields.Places, domain, hosts);
    }

    private static void CheckPolicy(FindingList findings, Policy policy, FieldPositions places, string? domain, MxHostSet? hosts)
    {
        PolicyRules.Check(findings, policy, places, domain);
        if (hosts is not null && policy.Mode is not PolicyMode.None)
        {
            MxCoverage.CheckNullMx(findings, policy, hosts);
            PolicyRules.CheckUnused(findings, policy, places, hosts);
            MxCoverage.Check(findings, policy, hosts, domain);
        }
    }

    private static string Normalize(string domain) =>
        Sts.TryNormalize(domain, out string? name)
            ? name
            : throw new ArgumentException($"{Escaping.Quote(domain)} is no domain name.", nameof(domain));

    private static MxHostSet? ToHosts(string? domain, IEnumerable<string>? mxHosts)
    {
        if (mxHosts is null)
        {
            return null;
        }

        string[] names = [.. mxHosts];
        return names.Length > 0 ? new(names)
            : domain is not null ? new([domain])
            : null;
    }
}
