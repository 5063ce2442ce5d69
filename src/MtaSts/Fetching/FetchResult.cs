using System.Globalization;

namespace MtaSts;

/// <summary>The outcome of fetching a policy file over HTTPS from <see cref="Sts.PolicyUrl"/> (RFC 8461, Section 3.3).</summary>
/// <remarks>
/// The caller's HTTP client must not follow redirects, must not cache, and must check that the certificate is valid for
/// <see cref="Sts.PolicyHost"/>. Immutable, and safe for use by several threads.
/// </remarks>
public sealed class FetchResult
{
    private const int MaxMediaTypeLength = 128;

    private FetchResult(FetchStatus status, Policy? policy = null, ParseError error = default)
    {
        Status = status;
        Policy = policy;
        Error = error;
    }

    /// <summary>What the fetch gave.</summary>
    public FetchStatus Status { get; }

    /// <summary>The HTTP status code of the response; null if there was no response to judge.</summary>
    public int? StatusCode { get; private init; }

    /// <summary>
    /// The value of the response's Content-Type field as it came, for logs: everything but printable ASCII written as code points
    /// (<c>&lt;U+00E9&gt;</c>), and cut after 128 characters, which <c>...</c> marks; null if there was no field, or no response to judge.
    /// </summary>
    public string? MediaType { get; private init; }

    /// <summary>The policy if the status is <see cref="FetchStatus.Ok"/>, otherwise null.</summary>
    public Policy? Policy { get; }

    /// <summary>What is wrong with the body if it was read and found <see cref="FetchStatus.TooLarge"/> or <see cref="FetchStatus.InvalidPolicy"/>, otherwise <c>default</c>.</summary>
    public ParseError Error { get; }

    /// <summary>What to report (RFC 8460, Section 4.3); <see cref="TlsFailure.None"/> if the status is <see cref="FetchStatus.Ok"/>.</summary>
    public TlsFailure Failure => Status switch
    {
        FetchStatus.Ok => TlsFailure.None,
        FetchStatus.WrongMediaType or FetchStatus.TooLarge or FetchStatus.InvalidPolicy => TlsFailure.StsPolicyInvalid,
        FetchStatus.CertificateInvalid => TlsFailure.StsWebPkiInvalid,
        _ => TlsFailure.StsPolicyFetchError,
    };

    /// <summary>What is wrong with the media type if the status is <see cref="FetchStatus.WrongMediaType"/> and there was a
    /// response.</summary>
    internal ContentTypeFault ContentTypeFault { get; private init; }

    /// <summary>Judges a response: first its status, then its media type, then its size, then its body.</summary>
    /// <param name="statusCode">The HTTP status; only 200 has a policy.</param>
    /// <param name="contentType">
    /// The value of the Content-Type field as it came, null if there was none; of several fields, their values joined by commas. It must be
    /// <c>text/plain</c> in any letter case; parameters, such as a charset, are ignored. A value that lists several media types (a comma
    /// outside quotes), or in which a quote is not closed, is <see cref="FetchStatus.WrongMediaType"/>.
    /// </param>
    /// <param name="body">
    /// The body. A caller that stops reading after <see cref="Policy.MaxSize"/> bytes hands over one byte more if there is one, or calls
    /// <see cref="Failed"/> with <see cref="FetchStatus.TooLarge"/>: a body that was cut must not pass for a whole one. A caller asks for
    /// no content coding. It decodes a body that comes with a <c>Content-Encoding</c> all the same, within the limit, or refuses it by
    /// <see cref="Failed"/> with <see cref="FetchStatus.InvalidPolicy"/>.
    /// </param>
    /// <returns>The outcome.</returns>
    public static FetchResult FromResponse(int statusCode, string? contentType, ReadOnlySpan<byte> body)
    {
        ContentTypeFault fault = ContentType.Judge(contentType);
        string? mediaType = contentType is null ? null : Escaping.Escape(contentType, MaxMediaTypeLength);
        FetchStatus status = JudgeHead(statusCode, fault);
        if (status is not FetchStatus.Ok)
        {
            return new(status) { StatusCode = statusCode, MediaType = mediaType, ContentTypeFault = fault };
        }

        if (!Policy.TryParse(body, out Policy? policy, out ParseError error))
        {
            status = error.Code is ParseErrorCode.TooLarge ? FetchStatus.TooLarge : FetchStatus.InvalidPolicy;
        }

        return new(status, policy, error) { StatusCode = statusCode, MediaType = mediaType };
    }

    /// <summary>Judges a response as <see cref="FromResponse"/> does, and reads its body only if status and media type allow a
    /// policy.</summary>
    /// <param name="statusCode"><inheritdoc cref="FromResponse" path="/param[@name='statusCode']"/></param>
    /// <param name="contentType"><inheritdoc cref="FromResponse" path="/param[@name='contentType']"/></param>
    /// <param name="body">
    /// The body, decoded if it came with a <c>Content-Encoding</c>. At most <see cref="Policy.MaxSize"/> bytes and one more are read. The
    /// stream is not closed.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentNullException">The body is null.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Other exceptions of the stream are passed on, too.</exception>
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

    /// <summary>The outcome of a fetch that gave no response to judge.</summary>
    /// <param name="status">What went wrong; anything but <see cref="FetchStatus.Ok"/>.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is <see cref="FetchStatus.Ok"/>, or none that exists.</exception>
    public static FetchResult Failed(FetchStatus status) => status is not FetchStatus.Ok && Enum.IsDefined(status)
        ? new(status)
        : throw new ArgumentOutOfRangeException(nameof(status), status, "This is no failure of a fetch.");

    /// <summary>Returns the outcome for a log: the status, the HTTP status code, and what was found.</summary>
    /// <returns>One line of printable ASCII.</returns>
    /// <example><c>WrongMediaType, 200, "text/html"</c></example>
    public override string ToString()
    {
        string code = string.Create(CultureInfo.InvariantCulture, $"{Status}{(StatusCode is null ? "" : ", ")}{StatusCode}");
        return Status switch
        {
            FetchStatus.Ok => $"{code}, {Policy!.Summary}",
            FetchStatus.WrongMediaType when MediaType is not null => $"{code}, \"{MediaType}\"",
            FetchStatus.WrongMediaType when StatusCode is not null => $"{code}, no media type",
            _ => Error.Code is ParseErrorCode.None ? code : $"{code}, {Error}",
        };
    }

    private static FetchStatus JudgeHead(int statusCode, ContentTypeFault fault) => statusCode switch
    {
        200 => fault is ContentTypeFault.None ? FetchStatus.Ok : FetchStatus.WrongMediaType,
        404 => FetchStatus.NotFound,
        >= 300 and < 400 => FetchStatus.Redirected,
        _ => FetchStatus.UnexpectedStatus,
    };
}
