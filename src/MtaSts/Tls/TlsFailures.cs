namespace MtaSts;

/// <summary>The text forms of <see cref="TlsFailure"/>.</summary>
/// <remarks>Pure functions, safe for use by several threads.</remarks>
public static class TlsFailures
{
    // In the order of the enum, from the first member that has a text.
    private static readonly string[] ReportStrings =
    [
        "starttls-not-supported",
        "certificate-host-mismatch",
        "certificate-expired",
        "certificate-not-trusted",
        "validation-failure",
        "sts-policy-fetch-error",
        "sts-policy-invalid",
        "sts-webpki-invalid",
    ];

    /// <summary>The <c>result-type</c> of a TLS report, such as <c>starttls-not-supported</c> (RFC 8460, Section 4.3).</summary>
    /// <param name="failure">What failed.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The failure is <see cref="TlsFailure.None"/>, which is nothing to report, or none that exists.</exception>
    public static string ToReportString(this TlsFailure failure) =>
        failure is >= TlsFailure.StartTlsNotSupported and <= TlsFailure.StsWebPkiInvalid
            ? ReportStrings[(int)failure - 1]
            : throw new ArgumentOutOfRangeException(nameof(failure), failure, "There is no result type for this.");

    /// <summary>Reads a <c>result-type</c> of a TLS report, letter case included.</summary>
    /// <param name="text">The text.</param>
    /// <param name="failure">What failed, or <see cref="TlsFailure.None"/>.</param>
    /// <returns>False for a text that is no result type, and for those that concern DANE.</returns>
    public static bool TryParseReportString(ReadOnlySpan<char> text, out TlsFailure failure)
    {
        for (int i = 0; i < ReportStrings.Length; i++)
        {
            if (text.SequenceEqual(ReportStrings[i]))
            {
                failure = (TlsFailure)(i + 1);
                return true;
            }
        }

        failure = TlsFailure.None;
        return false;
    }
}
