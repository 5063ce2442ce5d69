using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MtaSts;

namespace Consumer;

/// <summary>Calls the decision for an MX host and the types it depends on.</summary>
internal static class Decisions
{
    private static readonly MxPattern Wildcard = MxPattern.Parse("*.example.net");

    public static void Run()
    {
        Deciding();
        Naming();
        Reporting();
        JudgingCertificates();
    }

    private static void Deciding()
    {
        Decision allowed = Sts.Enforce(Policies.Enforcing, "MX1.example.net");
        Check.That(
            "a listed host",
            allowed is { Verdict: Verdict.Allow, RequiresTls: true, Failure: TlsFailure.None, EnhancedStatusCode: null }
                && allowed.MatchedPattern == Wildcard);
        Check.That(
            "an unlisted host",
            Sts.Enforce(Policies.Enforcing, "mail.example.org")
                is { Verdict: Verdict.Deny, MatchedPattern: null, EnhancedStatusCode: "4.4.8" });
        Check.That(
            "an unlisted host in testing",
            Sts.Enforce(Policies.Testing, "mail.example.org")
                is { Verdict: Verdict.AllowAndReport, Failure: TlsFailure.ValidationFailure });
        Check.That("no policy", Sts.Enforce(null, "mail.example.com").Verdict is Verdict.NoPolicy);

        Decision denied = Sts.Enforce(Policies.Enforcing, "mx1.example.net", TlsOutcome.Expired);
        Check.That(
            "an expired certificate",
            denied is { Verdict: Verdict.Deny, Failure: TlsFailure.CertificateExpired, EnhancedStatusCode: "4.7.5" });
        Check.That(
            "equal decisions",
            allowed == Sts.Enforce(Policies.Enforcing, "mx2.example.net", TlsOutcome.Verified) && !(allowed == denied));
        Check.That(
            "different decisions",
            allowed != denied && !(denied != Sts.Enforce(Policies.Enforcing, "mx1.example.net", TlsOutcome.Expired)));
        Interfaces.CheckEquality(allowed, Sts.Enforce(Policies.Enforcing, "mx2.example.net"), denied);
        Interfaces.CheckText(denied, "Deny, certificate-expired, 4.7.5, *.example.net");
    }

    private static void Naming()
    {
        Check.That("two texts match", Sts.MxMatches("mail.example.com", "*.example.com") && !Sts.MxMatches("example.com", "*.example.com"));
        Check.That("the policy host", Sts.PolicyHost("Example.com.") == "mta-sts.example.com");
        Check.That("the URL", Sts.PolicyUrl("Example.com.") == "https://mta-sts.example.com/.well-known/mta-sts.txt");
        Check.That("the record's name", Sts.RecordName("Example.com.") == "_mta-sts.example.com");
        Check.That("the canonical form of a domain", Sts.TryNormalize("Example.com.", out string? name) && name == "example.com");
        Check.That("an address literal", !Sts.TryNormalize("[192.0.2.1]", out name) && name is null);
    }

    private static void Reporting()
    {
        Check.That("a result type", TlsFailure.StartTlsNotSupported.ToReportString() == "starttls-not-supported");
        Check.That(
            "a result type is parsed",
            TlsFailures.TryParseReportString("sts-webpki-invalid", out TlsFailure failure) && failure is TlsFailure.StsWebPkiInvalid);
    }

    private static void JudgingCertificates()
    {
        Check.That("a certificate without errors", TlsOutcomes.From(SslPolicyErrors.None, chain: null) is TlsOutcome.Verified);
        Check.That(
            "a certificate for another host",
            TlsOutcomes.From(SslPolicyErrors.RemoteCertificateNameMismatch, chain: null) is TlsOutcome.HostMismatch);
        Check.That("a certificate with a DNS name", Judge(names => names.AddDnsName("mail.example.com")) is TlsOutcome.Verified);
        Check.That(
            "a certificate without a DNS name",
            Judge(names => names.AddEmailAddress("postmaster@example.com")) is TlsOutcome.HostMismatch);
    }

    private static TlsOutcome Judge(Action<SubjectAlternativeNameBuilder> addNames)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SubjectAlternativeNameBuilder names = new();
        addNames(names);
        CertificateRequest request = new("CN=mail.example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 certificate = request.CreateSelfSigned(time, time.AddDays(2));
        using X509Chain chain = new()
        {
            ChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { certificate },
                RevocationMode = X509RevocationMode.NoCheck,
                VerificationTime = time.AddDays(1).UtcDateTime,
            },
        };
        Check.That("the chain builds", chain.Build(certificate));
        return TlsOutcomes.From(SslPolicyErrors.None, chain);
    }
}
