namespace MtaSts;

/// <summary>The outcome of fetching a policy file over HTTPS from <see cref="Sts.PolicyUrl"/> (RFC 8461, Section 3.3).</summary>
/// <remarks>
/// The caller's HTTP client must not follow redirects, must not cache, and must check that the certificate is valid for
/// <see cref="Sts.PolicyHost"/>. Immutable, and safe for use by several threads.
/// </remarks>
public sealed class FetchResult
{
    private FetchResult(FetchStatus status, Policy? policy = null, ParseError error = default)
    {
        Status = status;
        Policy = policy;
        Error = error;
    }

    /// <summary>What the fetch gave.</summary>
    public FetchStatus Status { get; }

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

    /// <summary>Judges a response: first its status, then its media type, then its size, then its body.</summary>
    /// <param name="statusCode">The HTTP status; only 200 has a policy.</param>
    /// <param name="contentType">
    /// The value of the Content-Type field as it came, null if there was none: <c>text/plain</c> in any letter case; parameters, such as a charset, are
    /// ignored.
    /// </param>
    /// <param name="body">
    /// The body. A caller that stops reading after <see cref="Policy.MaxSize"/> bytes hands over one byte more if there is one, or calls
    /// <see cref="Failed"/> with <see cref="FetchStatus.TooLarge"/>: a body that was cut must not pass for a whole one.
    /// </param>
    /// <returns>The outcome.</returns>
    public static FetchResult FromResponse(int statusCode, string? contentType, ReadOnlySpan<byte> body)
    {
        FetchStatus? refused = statusCode switch
        {
            200 => null,
            404 => FetchStatus.NotFound,
            >= 300 and < 400 => FetchStatus.Redirected,
            _ => FetchStatus.UnexpectedStatus,
        };
        if (refused is { } status)
        {
            return new(status);
        }

        if (!IsPlainText(contentType))
        {
            return new(FetchStatus.WrongMediaType);
        }

        if (Policy.TryParse(body, out Policy? policy, out ParseError error))
        {
            return new(FetchStatus.Ok, policy);
        }

        return new(error.Code is ParseErrorCode.TooLarge ? FetchStatus.TooLarge : FetchStatus.InvalidPolicy, error: error);
    }

    /// <summary>The outcome of a fetch that gave no response to judge.</summary>
    /// <param name="status">What went wrong; anything but <see cref="FetchStatus.Ok"/>.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is <see cref="FetchStatus.Ok"/>, or none that exists.</exception>
    public static FetchResult Failed(FetchStatus status) => status is not FetchStatus.Ok && Enum.IsDefined(status)
        ? new(status)
        : throw new ArgumentOutOfRangeException(nameof(status), status, "This is no failure of a fetch.");

    // RFC 9110, Section 8.3:  Content-Type = type "/" subtype parameters,  parameters = *( OWS ";" OWS [ parameter ] ),  OWS = *( SP / HTAB )
    private static bool IsPlainText(string? contentType)
    {
        ReadOnlySpan<char> value = contentType.AsSpan().Trim(" \t");
        int semicolon = value.IndexOf(';');
        ReadOnlySpan<char> mediaType = semicolon < 0 ? value : value[..semicolon].TrimEnd(" \t");
        return mediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase);
    }
}
