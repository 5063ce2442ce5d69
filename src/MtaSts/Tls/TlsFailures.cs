namespace MtaSts;

/// <summary>Converts <see cref="TlsFailure"/> to and from the result types of TLS reports.</summary>
/// <remarks>Pure functions, safe for use by several threads.</remarks>
public static class TlsFailures
{
    // By the number of the member; None has no text.
    private static readonly string?[] ReportStrings =
    [
        null,
        "starttls-not-supported",
        "certificate-host-mismatch",
        "certificate-expired",
        "certificate-not-trusted",
        "validation-failure",
        "sts-policy-fetch-error",
        "sts-policy-invalid",
        "sts-webpki-invalid",
    ];

    /// <summary>
    /// Returns the <c>result-type</c> of a TLS report, such as <c>starttls-not-supported</c> (RFC 8460 section 4.3).
    /// </summary>
    /// <param name="failure">The failure.</param>
    /// <returns>The result type.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="failure"/> is <see cref="TlsFailure.None"/>, which is not reported, or not a defined value.
    /// </exception>
    public static string ToReportString(this TlsFailure failure) =>
        ReportStrings.ElementAtOrDefault((int)failure)
        ?? throw new ArgumentOutOfRangeException(nameof(failure), failure, "The value has no result type.");

    /// <summary>Tries to parse a <c>result-type</c> of a TLS report. Letter case matters.</summary>
    /// <param name="text">The result type.</param>
    /// <param name="failure">The failure, or <see cref="TlsFailure.None"/>.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="text"/> is a result type of a <see cref="TlsFailure"/>. Otherwise,
    /// such as for the result types of DANE, <see langword="false"/>.
    /// </returns>
    public static bool TryParseReportString(ReadOnlySpan<char> text, out TlsFailure failure)
    {
        failure = TlsFailure.None;
        for (int i = 1; i < ReportStrings.Length; i++)
        {
            failure = text.SequenceEqual(ReportStrings[i]) ? (TlsFailure)i : failure;
        }

        return failure is not TlsFailure.None;
    }
}
