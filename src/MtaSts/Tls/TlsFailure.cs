namespace MtaSts;

/// <summary>
/// The reason why a policy was not met or could not be fetched: the result types of RFC 8460 section 4.3 that concern
/// MTA-STS.
/// </summary>
/// <remarks><see cref="TlsFailures.ToReportString"/> returns the text for a report.</remarks>
public enum TlsFailure
{
    /// <summary>Nothing failed. Reports have no result type for this value.</summary>
    None = 0,

    /// <summary><c>starttls-not-supported</c>: the MX host did not offer STARTTLS.</summary>
    StartTlsNotSupported,

    /// <summary><c>certificate-host-mismatch</c>: the certificate does not name the MX host.</summary>
    CertificateHostMismatch,

    /// <summary><c>certificate-expired</c>: the certificate has expired or is not valid yet.</summary>
    CertificateExpired,

    /// <summary>
    /// <c>certificate-not-trusted</c>: the certificate does not chain to a trusted root, or has been revoked.
    /// </summary>
    CertificateNotTrusted,

    /// <summary><c>validation-failure</c>: another failure, such as an MX host that the policy does not list.</summary>
    ValidationFailure,

    /// <summary><c>sts-policy-fetch-error</c>: the policy could not be fetched.</summary>
    StsPolicyFetchError,

    /// <summary><c>sts-policy-invalid</c>: the response was not a valid policy.</summary>
    StsPolicyInvalid,

    /// <summary><c>sts-webpki-invalid</c>: the certificate of the policy host could not be verified.</summary>
    StsWebPkiInvalid,
}
