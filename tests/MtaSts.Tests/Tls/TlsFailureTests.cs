namespace MtaSts.Tests;

/// <summary>Verifies the result types of RFC 8460, Section 4.3, that concern MTA-STS.</summary>
public class TlsFailureTests
{
    public static TheoryData<TlsFailure, string> ResultTypes => new()
    {
        { TlsFailure.StartTlsNotSupported, "starttls-not-supported" },
        { TlsFailure.CertificateHostMismatch, "certificate-host-mismatch" },
        { TlsFailure.CertificateExpired, "certificate-expired" },
        { TlsFailure.CertificateNotTrusted, "certificate-not-trusted" },
        { TlsFailure.ValidationFailure, "validation-failure" },
        { TlsFailure.StsPolicyFetchError, "sts-policy-fetch-error" }, // the spelling of the published RFC
        { TlsFailure.StsPolicyInvalid, "sts-policy-invalid" },
        { TlsFailure.StsWebPkiInvalid, "sts-webpki-invalid" },
    };

    public static TheoryData<string> InvalidTexts =>
    [
        "",
        "None",
        "none",
        "tlsa-invalid",         // result types of DANE,
        "dnssec-invalid",       // not of
        "dane-required",        // MTA-STS
        "Certificate-Expired",  // case-sensitive
        "CERTIFICATE-EXPIRED",
        "certificate_expired",
        "certificateexpired",
        "CertificateExpired",   // the member's name, not its text
        " certificate-expired",
        "certificate-expired ",
        "certificate-expired\0",
        "certificate-expire",
        "certificate-expiredd",
        "sts-policy-fetch-errors",
        "sts-policy",
        "1",
    ];

    [Theory]
    [MemberData(nameof(ResultTypes))]
    public void ToReportString_EachMember_IsTheResultTypeAndParsesBack(TlsFailure failure, string text)
    {
        failure.ToReportString().Should().Be(text);
        TlsFailures.TryParseReportString(text, out TlsFailure parsed).Should().BeTrue();
        parsed.Should().Be(failure);
    }

    [Fact]
    public void ResultTypes_CoverAllMembersInOrder()
    {
        TlsFailure[] members = [.. Enum.GetValues<TlsFailure>().Where(static failure => failure is not TlsFailure.None)];

        ResultTypes.Select(static row => row[0]).Should().Equal(members.Cast<object>());
        members.Select(TlsFailures.ToReportString).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(TlsFailure.None)] // nothing to report
    [InlineData((TlsFailure)(-1))]
    [InlineData((TlsFailure)9)] // one past StsWebPkiInvalid
    [InlineData((TlsFailure)int.MaxValue)]
    [InlineData((TlsFailure)int.MinValue)]
    public void ToReportString_NoneOrUndefined_Throws(TlsFailure none)
    {
        Action act = () => none.ToReportString();
        act.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("failure").Which.ActualValue.Should().Be(none);
    }

    [Theory]
    [MemberData(nameof(InvalidTexts))]
    public void TryParseReportString_InvalidText_ReturnsFalseAndNone(string text)
    {
        TlsFailures.TryParseReportString(text, out TlsFailure failure).Should().BeFalse();
        failure.Should().Be(TlsFailure.None);
    }
}
