namespace MtaSts;

/// <summary>Why a policy was not met or not had: the result types of TLS reports that concern MTA-STS (RFC 8460, Section 4.3).</summary>
/// <remarks><see cref="TlsFailures.ToReportString"/> gives the text that a report carries.</remarks>
public enum TlsFailure
{
    /// <summary>Nothing failed. There is no result type for it.</summary>
    None = 0,

    /// <summary><c>starttls-not-supported</c>: the MX host did not offer STARTTLS.</summary>
    StartTlsNotSupported,

    /// <summary><c>certificate-host-mismatch</c>: the certificate is not for the MX host.</summary>
    CertificateHostMismatch,

    /// <summary><c>certificate-expired</c>: the certificate has expired, or is not valid yet.</summary>
    CertificateExpired,

    /// <summary><c>certificate-not-trusted</c>: the certificate does not chain to a trusted root.</summary>
    CertificateNotTrusted,

    /// <summary><c>validation-failure</c>: another failure, such as an MX host that the policy does not name.</summary>
    ValidationFailure,

    /// <summary><c>sts-policy-fetch-error</c>: the policy could not be fetched.</summary>
    StsPolicyFetchError,

    /// <summary><c>sts-policy-invalid</c>: what was fetched is no policy.</summary>
    StsPolicyInvalid,

    /// <summary><c>sts-webpki-invalid</c>: the policy host's own certificate could not be verified.</summary>
    StsWebPkiInvalid,
}
