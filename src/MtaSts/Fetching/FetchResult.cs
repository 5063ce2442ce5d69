using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MtaSts;

/// <summary>
/// Represents the outcome of fetching a policy file over HTTPS from <see cref="PolicyDomain.PolicyUrl"/> (RFC 8461
/// section 3.3).
/// </summary>
/// <remarks>
/// The caller's HTTP client must not follow redirects and must not cache. It must check that the certificate is valid
/// for <see cref="PolicyDomain.PolicyHost"/>. Immutable and safe for use by several threads.
/// </remarks>
/// <example>
/// <code>
/// FetchResult fetch = FetchResult.FromResponse(200, "text/plain; charset=utf-8", body);
/// if (fetch.IsOk)
/// {
///     PolicyMode mode = fetch.Policy.Mode;
/// }
/// </code>
/// </example>
public sealed class FetchResult
{
    private const int MaxMediaTypeLength = 128;

    private FetchResult(FetchStatus status) => Status = status;

    /// <summary>The outcome of the fetch.</summary>
    public FetchStatus Status { get; }

    /// <summary>
    /// Indicates whether the status is <see cref="FetchStatus.Ok"/>, so that <see cref="Policy"/> is not null.
    /// </summary>
    [MemberNotNullWhen(true, nameof(Policy))]
    public bool IsOk => Policy is not null;

    /// <summary>The HTTP status code of the response; null if there was no response.</summary>
    public int? StatusCode { get; private init; }

    /// <summary>
    /// The value of the response's Content-Type field, for logs; null if there was no field or no response. Code points
    /// outside printable ASCII have the form <c>&lt;U+00E9&gt;</c>. The value is cut after 128 characters, which
    /// <c>...</c> marks.
    /// </summary>
    public string? MediaType { get; private init; }

    /// <summary>The policy if the status is <see cref="FetchStatus.Ok"/>; otherwise, null.</summary>
    public Policy? Policy { get; private init; }

    /// <summary>
    /// The first rule that the body breaks if it was parsed and the status is <see cref="FetchStatus.TooLarge"/> or
    /// <see cref="FetchStatus.InvalidPolicy"/>; otherwise, <c>default</c>.
    /// </summary>
    public ParseError Error { get; private init; }

    /// <summary>
    /// The failure to report (RFC 8460 section 4.3); <see cref="TlsFailure.None"/> if the status is
    /// <see cref="FetchStatus.Ok"/>.
    /// </summary>
    public TlsFailure Failure => Status switch
    {
        FetchStatus.Ok => TlsFailure.None,
        FetchStatus.WrongMediaType or FetchStatus.TooLarge or FetchStatus.InvalidPolicy => TlsFailure.StsPolicyInvalid,
        FetchStatus.CertificateInvalid => TlsFailure.StsWebPkiInvalid,
        _ => TlsFailure.StsPolicyFetchError,
    };

    /// <summary>The reason for <see cref="FetchStatus.WrongMediaType"/> if there was a response.</summary>
    internal ContentTypeFault ContentTypeFault { get; private init; }

    /// <summary>Judges a response: first its status code, then its media type, then its size, then its body.</summary>
    /// <param name="statusCode">The HTTP status code; only 200 can carry a policy.</param>
    /// <param name="contentType">
    /// The value of the Content-Type field, or null if there was no field; join the values of several fields with
    /// commas. It must be <c>text/plain</c> in any letter case. Parameters, such as a charset, are ignored. A value
    /// with several media types (a comma outside quotes) or with a quote that is not closed is
    /// <see cref="FetchStatus.WrongMediaType"/>.
    /// </param>
    /// <param name="body">
    /// The body, decoded if it has a <c>Content-Encoding</c>. A truncated body must not be accepted. A caller that
    /// stops reading at <see cref="Policy.MaxSize"/> bytes must pass one byte more if there is one, or call
    /// <see cref="Failed"/> with <see cref="FetchStatus.TooLarge"/>. For a coding that the caller did not request and
    /// cannot decode within the limit, call <see cref="Failed"/> with <see cref="FetchStatus.InvalidPolicy"/>.
    /// </param>
    /// <returns>The outcome.</returns>
    public static FetchResult FromResponse(int statusCode, string? contentType, ReadOnlySpan<byte> body)
    {
        ContentTypeFault fault = ContentType.Judge(contentType);
        FetchStatus status = JudgeHead(statusCode, fault);
        Policy? policy = null;
        ParseError error = default;
        if (status is FetchStatus.Ok && !Policy.TryParse(body, out policy, out error))
        {
            status = error.Code is ParseErrorCode.TooLarge ? FetchStatus.TooLarge : FetchStatus.InvalidPolicy;
        }

        string? mediaType = contentType is null ? null : Escaping.Escape(contentType, MaxMediaTypeLength);
        return new(status) { StatusCode = statusCode, MediaType = mediaType, ContentTypeFault = fault, Policy = policy, Error = error };
    }

    /// <summary>
    /// Judges a response as <see cref="FromResponse"/> does. Reads its body only if status code and media type allow a
    /// policy.
    /// </summary>
    /// <param name="statusCode"><inheritdoc cref="FromResponse" path="/param[@name='statusCode']"/></param>
    /// <param name="contentType"><inheritdoc cref="FromResponse" path="/param[@name='contentType']"/></param>
    /// <param name="body">
    /// The body, decoded if it has a <c>Content-Encoding</c>. At most <see cref="Policy.MaxSize"/> + 1 bytes are read.
    /// The stream stays open.
    /// </param>
    /// <param name="cancellationToken">The token that cancels reading.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> was canceled. Exceptions of the stream are passed on.
    /// </exception>
    public static async ValueTask<FetchResult> FromResponseAsync(
        int statusCode, string? contentType, Stream body, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (JudgeHead(statusCode, ContentType.Judge(contentType)) is not FetchStatus.Ok)
        {
            return FromResponse(statusCode, contentType, body: default);
        }

        byte[] bytes = new byte[Policy.MaxSize + 1];
        int length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return FromResponse(statusCode, contentType, bytes.AsSpan(0, length));
    }

    /// <summary>Creates the result of a fetch that returned no usable response.</summary>
    /// <param name="status">The reason; any value but <see cref="FetchStatus.Ok"/>.</param>
    /// <returns>The result, without status code and media type.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="status"/> is <see cref="FetchStatus.Ok"/> or not a defined value.
    /// </exception>
    public static FetchResult Failed(FetchStatus status) => status is not FetchStatus.Ok && Enum.IsDefined(status)
        ? new(status)
        : throw new ArgumentOutOfRangeException(nameof(status), status, "The value is not the status of a failed fetch.");

    /// <summary>Returns the status, the HTTP status code, and the policy in short or what was found instead.</summary>
    /// <returns>One line of printable ASCII for a log, such as <c>WrongMediaType, 200, "text/html"</c>.</returns>
    public override string ToString()
    {
        string? detail = IsOk ? Policy.Summary
            : Error != default ? $"{Error}"
            : Status is not FetchStatus.WrongMediaType || StatusCode is null ? null
            : MediaType is null ? "no media type"
            : Escaping.Quote(MediaType);
        return Escaping.Join($"{Status}", StatusCode?.ToString(CultureInfo.InvariantCulture), detail);
    }

    private static FetchStatus JudgeHead(int statusCode, ContentTypeFault fault) => statusCode switch
    {
        200 => fault is ContentTypeFault.None ? FetchStatus.Ok : FetchStatus.WrongMediaType,
        404 => FetchStatus.NotFound,
        >= 300 and < 400 => FetchStatus.Redirected,
        _ => FetchStatus.UnexpectedStatus,
    };
}
