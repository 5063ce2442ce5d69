using System.Globalization;

namespace MtaSts.Linting;

/// <summary>Represents what a domain publishes, as a monitor found it in the DNS and at the policy host.</summary>
/// <remarks>
/// <para>The result of the fetch goes into the constructor and the rest into the initializer. A part that is null was
/// not checked, and <see cref="PolicyLint"/> has no findings on it. To report that a record or a file is missing, pass
/// the result that says so, such as <see cref="TxtAnswer.NoRecord"/>.</para>
/// <para>Immutable and safe for use by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// Publication publication = new(statusCode: 200, contentType: "text/plain", body)
/// {
///     Domain = PolicyDomain.Parse("example.com"),
///     Txt = TxtAnswer.FromRecords(["v=STSv1; id=1"]),
///     MxHosts = ["mx.example.com"],
/// };
/// IReadOnlyList&lt;Finding&gt; findings = PolicyLint.Check(publication);
/// </code>
/// </example>
public sealed class Publication
{
    /// <summary>Creates a publication without a fetch.</summary>
    public Publication()
    {
    }

    /// <summary>
    /// Creates a publication from the result of a fetch, for a caller without the text of the policy file.
    /// </summary>
    /// <param name="fetch">The result of the fetch; null if the policy was not fetched.</param>
    /// <remarks>
    /// Findings on the policy then have no line. Those that need the text are missing:
    /// <see cref="FindingCode.DuplicateField"/>, <see cref="FindingCode.MisspelledField"/>,
    /// <see cref="FindingCode.SeveralFieldsOnLine"/>, and further ones of the same deviation.
    /// </remarks>
    public Publication(FetchResult? fetch) => Fetch = fetch;

    /// <summary>Creates a publication from the response of the policy host. This gives the most findings.</summary>
    /// <param name="statusCode"><inheritdoc cref="FetchResult.FromResponse" path="/param[@name='statusCode']"/></param>
    /// <param name="contentType">
    /// <inheritdoc cref="FetchResult.FromResponse" path="/param[@name='contentType']"/>
    /// </param>
    /// <param name="body"><inheritdoc cref="FetchResult.FromResponse" path="/param[@name='body']"/></param>
    /// <remarks>
    /// The response is judged by <see cref="FetchResult.FromResponse"/>. A body with the wrong media type is checked as
    /// well, so that one check finds all faults. The body is copied, up to one byte more than
    /// <see cref="Policy.MaxSize"/>.
    /// </remarks>
    public Publication(int statusCode, string? contentType, ReadOnlySpan<byte> body)
        : this(FetchResult.FromResponse(statusCode, contentType, body))
    {
        if (Fetch is { Status: FetchStatus.Ok or FetchStatus.WrongMediaType or FetchStatus.TooLarge or FetchStatus.InvalidPolicy })
        {
            PolicyFile = body[..Math.Min(body.Length, Policy.MaxSize + 1)].ToArray();
        }
    }

    /// <summary>The policy domain.</summary>
    /// <value>
    /// Null by default, which skips the checks that need it: a wildcard over the domain, and the domain as its own MX
    /// host.
    /// </value>
    public PolicyDomain? Domain { get; init; }

    /// <summary>The outcome of the TXT lookup.</summary>
    /// <value>Null by default, which skips the checks of the record.</value>
    public TxtAnswer? Txt { get; init; }

    /// <summary>The result of the fetch, as given to the constructor or judged from the response.</summary>
    /// <value>Null if the policy was not fetched, which skips the checks of the fetch and the policy.</value>
    public FetchResult? Fetch { get; }

    /// <summary>The names in the domain's MX records, in any letter case, with or without the root dot.</summary>
    /// <value>
    /// Null by default, which skips the checks of the hosts. An empty list means that there is no MX record, so that
    /// the domain itself is the host (RFC 5321 section 5.1). The name <c>.</c> is a null MX, which is not a host (RFC
    /// 7505). The list is copied.
    /// </value>
    /// <exception cref="ArgumentException">An MX host is null.</exception>
    public IReadOnlyList<string>? MxHosts
    {
        get;
        init
        {
            field = value is null ? null : [.. value];
            if (field is not null && field.Any(static host => host is null))
            {
                throw new ArgumentException("An MX host is null.", nameof(value));
            }
        }
    }

    /// <summary>
    /// The text of the policy file; null if it is not available, or if the response has no policy file.
    /// </summary>
    internal byte[]? PolicyFile { get; }

    /// <summary>Returns the domain and the results of the lookup and the fetch for a log.</summary>
    /// <returns>One line of printable ASCII.</returns>
    /// <example><c>example.com, TXT Found, id 1, fetch NotFound, 404, MX hosts: 2</c></example>
    public override string ToString() => Escaping.Join(
        Domain?.Name ?? "unknown domain",
        Txt is null ? null : $"TXT {Txt}",
        Fetch is null ? null : $"fetch {Fetch}",
        MxHosts is null ? null : string.Create(CultureInfo.InvariantCulture, $"MX hosts: {MxHosts.Count}"));
}
