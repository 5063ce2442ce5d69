namespace MtaSts;

/// <summary>The outcome of fetching a policy over HTTPS (RFC 8461 section 3.3).</summary>
public enum FetchStatus
{
    /// <summary>
    /// There was no whole response: the host has no address, the connection failed or ended early, or the handshake
    /// failed for a reason other than the certificate.
    /// </summary>
    ConnectionFailed = 0,

    /// <summary>The response is a valid policy.</summary>
    Ok,

    /// <summary>The response is a redirect (3xx), which must not be followed.</summary>
    Redirected,

    /// <summary>The response is 404 (Not Found).</summary>
    NotFound,

    /// <summary>The response has a status other than 200, 404 and 3xx.</summary>
    UnexpectedStatus,

    /// <summary>
    /// The media type is not <c>text/plain</c>, is missing, or is one of several; or a quote in its field is not
    /// closed.
    /// </summary>
    WrongMediaType,

    /// <summary>The body is over <see cref="Policy.MaxSize"/> bytes.</summary>
    TooLarge,

    /// <summary>The body is not a valid policy.</summary>
    InvalidPolicy,

    /// <summary>The fetch timed out. RFC 8461 suggests one minute.</summary>
    TimedOut,

    /// <summary>The certificate of the policy host does not name it, is not valid now, or is not trusted.</summary>
    CertificateInvalid,
}
