namespace MtaSts;

/// <summary>What the fetch of a policy over HTTPS gave (RFC 8461, Section 3.3).</summary>
public enum FetchStatus
{
    /// <summary>The connection failed before there was a response: no address, refused, reset.</summary>
    ConnectionFailed = 0,

    /// <summary>A policy.</summary>
    Ok,

    /// <summary>A redirect (3xx), which must not be followed.</summary>
    Redirected,

    /// <summary>Not found (404).</summary>
    NotFound,

    /// <summary>Another status than 200.</summary>
    UnexpectedStatus,

    /// <summary>The media type is not <c>text/plain</c>, is missing, or is one of several; or its field has a quote that is not
    /// closed.</summary>
    WrongMediaType,

    /// <summary>The body is over <see cref="Policy.MaxSize"/> bytes.</summary>
    TooLarge,

    /// <summary>The body is no policy.</summary>
    InvalidPolicy,

    /// <summary>The response was not there in time; a minute is suggested.</summary>
    TimedOut,

    /// <summary>The policy host's certificate is not valid for it, not valid now, or not trusted.</summary>
    CertificateInvalid,
}
