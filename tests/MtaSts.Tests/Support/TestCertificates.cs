using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtaSts.Tests;

/// <summary>Creates certificates and chains, which are verified at one fixed time: no test depends on the date.</summary>
/// <remarks>Building a chain needs no network, because only <see cref="IssueWithAddress"/> adds an address to a certificate.</remarks>
internal static class TestCertificates
{
    /// <summary>The extended key usages of a server and of a client.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The time at which chains are verified.</summary>
    public static readonly DateTimeOffset Now = Day(2026);

    /// <summary>The root that <see cref="Trust"/> trusts.</summary>
    public static X509Certificate2 Root { get; } = IssueRoot("CN=Trusted test root");

    /// <summary>A root that no chain trusts.</summary>
    public static X509Certificate2 UnknownRoot { get; } = IssueRoot("CN=Unknown test root");

    /// <summary>Creates a certificate, by default of a server and valid at <see cref="Now"/>.</summary>
    /// <param name="issuer">The authority that signs the certificate.</param>
    /// <param name="subject">The distinguished name.</param>
    /// <param name="names">Adds the subject alternative names; <see langword="null"/> for a certificate without that extension.</param>
    /// <param name="year">The certificate is valid from the start to the end of this year.</param>
    /// <param name="usage">The extended key usage.</param>
    public static X509Certificate2 Issue(
        X509Certificate2 issuer,
        string subject,
        Action<SubjectAlternativeNameBuilder>? names = null,
        int year = 2026,
        string usage = ServerAuthentication)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        if (names is not null)
        {
            SubjectAlternativeNameBuilder builder = new();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        return Sign(request, key, issuer, year);
    }

    /// <summary>Creates a certificate for DNS names. The first of them is also its common name.</summary>
    public static X509Certificate2 IssueFor(X509Certificate2 issuer, params string[] dnsNames) =>
        Issue(issuer, "CN=" + dnsNames[0], names => Array.ForEach(dnsNames, names.AddDnsName));

    /// <summary>Creates a certificate for a host that is signed with its own key.</summary>
    public static X509Certificate2 IssueSelfSigned(string dnsName)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + dnsName, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(Day(2026, month: 1), Day(2026, month: 12));
    }

    /// <summary>Creates an intermediate authority.</summary>
    public static X509Certificate2 IssueAuthority(X509Certificate2 issuer, string subject, int year = 2026)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(AuthorityRequest(subject, key), key, issuer, year);
    }

    /// <summary>Creates a certificate whose subject alternative names are arbitrary bytes, well-formed or not.</summary>
    public static X509Certificate2 IssueWithRawNames(X509Certificate2 issuer, byte[] names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=mail.example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", names, critical: false));
        return Sign(request, key, issuer, year: 2026);
    }

    /// <summary>Creates a certificate with addresses for its issuer, its status (OCSP) and its revocation list.</summary>
    public static X509Certificate2 IssueWithAddress(X509Certificate2 issuer, string dnsName, Uri address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + dnsName, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([address + "status"], [address + "issuer"]));
        request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([address + "revoked"]));
        return Sign(request, key, issuer, year: 2026);
    }

    /// <summary>Creates the chain policy of a sender.</summary>
    /// <returns>Trust in <see cref="Root"/> alone, at <see cref="Now"/>, without revocation checks.</returns>
    public static X509ChainPolicy Trust()
    {
        X509ChainPolicy policy = new()
        {
            ApplicationPolicy = { new Oid(ServerAuthentication) }, // as SslStream does
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        TrustRoot(policy);
        return policy;
    }

    /// <summary>Sets a policy to trust <see cref="Root"/> alone, at <see cref="Now"/>. Its other settings stay.</summary>
    public static void TrustRoot(X509ChainPolicy policy)
    {
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(Root);
        policy.VerificationTime = Now.UtcDateTime;
    }

    /// <summary>Builds a chain as the framework does before it calls a <see cref="RemoteCertificateValidationCallback"/>.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="policy">The roots to trust, and the checks.</param>
    /// <param name="sent">The other certificates that the server sent.</param>
    /// <returns>The chain, and the error that the framework would report for it.</returns>
    public static (X509Chain Chain, SslPolicyErrors Errors) BuildChain(
        X509Certificate2 leaf, X509ChainPolicy policy, params X509Certificate2[] sent)
    {
        X509Chain chain = new() { ChainPolicy = policy };
        policy.ExtraStore.AddRange(sent);
        bool valid = chain.Build(leaf);
        return (chain, valid ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors);
    }

    private static X509Certificate2 IssueRoot(string subject)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return AuthorityRequest(subject, key).CreateSelfSigned(Day(2000), Day(2049));
    }

    private static CertificateRequest AuthorityRequest(string subject, ECDsa key)
    {
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request;
    }

    // Not Create(issuer, …), which throws for a certificate that expires after its issuer.
    private static X509Certificate2 Sign(CertificateRequest request, ECDsa key, X509Certificate2 issuer, int year)
    {
        using ECDsa issuerKey = issuer.GetECDsaPrivateKey()!;
        X509SignatureGenerator signer = X509SignatureGenerator.CreateForECDsa(issuerKey);
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        using X509Certificate2 certificate = request.Create(issuer.SubjectName, signer, Day(year, month: 1), Day(year, month: 12), serial);
        return certificate.CopyWithPrivateKey(key);
    }

    private static DateTimeOffset Day(int year, int month = 6) => new(year, month, 1, 0, 0, 0, TimeSpan.Zero);
}
