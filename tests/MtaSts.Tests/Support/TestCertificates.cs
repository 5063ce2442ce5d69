using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtaSts.Tests;

/// <summary>Makes certificates, and chains that are judged at one fixed moment, so that no test depends on the date.</summary>
/// <remarks>Building a chain stays off the network: no certificate names an address, but that of <see cref="IssueWithAddress"/>.</remarks>
internal static class TestCertificates
{
    /// <summary>The usage that a server's certificate is for, and one that it is not for.</summary>
    public const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>The moment at which chains are judged.</summary>
    public static readonly DateTimeOffset Now = Day(2026);

    /// <summary>A root that the chains of <see cref="Trust"/> trust.</summary>
    public static X509Certificate2 Root { get; } = IssueRoot("CN=Trusted test root");

    /// <summary>A root that nobody trusts.</summary>
    public static X509Certificate2 UnknownRoot { get; } = IssueRoot("CN=Unknown test root");

    /// <summary>A certificate for a server, valid at <see cref="Now"/> unless the year says otherwise.</summary>
    /// <param name="issuer">The authority that signs it.</param>
    /// <param name="subject">The distinguished name.</param>
    /// <param name="names">What the subject alternative names are; null for none.</param>
    /// <param name="year">The certificate is valid from the start to the end of this year.</param>
    /// <param name="usage">What the certificate is for.</param>
    public static X509Certificate2 Issue(
        X509Certificate2 issuer, string subject, Action<SubjectAlternativeNameBuilder>? names = null, int year = 2026, string usage = ServerAuthentication)
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

    /// <summary>A certificate for hosts by their DNS names, the first of which is its common name, too.</summary>
    public static X509Certificate2 IssueFor(X509Certificate2 issuer, params string[] dnsNames) =>
        Issue(issuer, "CN=" + dnsNames[0], names => Array.ForEach(dnsNames, names.AddDnsName));

    /// <summary>A certificate for a host that no authority signed.</summary>
    public static X509Certificate2 IssueSelfSigned(string dnsName)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=" + dnsName, key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(Day(2026, month: 1), Day(2026, month: 12));
    }

    /// <summary>An authority below another one.</summary>
    public static X509Certificate2 IssueAuthority(X509Certificate2 issuer, string subject, int year = 2026)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(AuthorityRequest(subject, key), key, issuer, year);
    }

    /// <summary>A certificate whose subject alternative names are the bytes given, well formed or not.</summary>
    public static X509Certificate2 IssueWithRawNames(X509Certificate2 issuer, byte[] names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=mail.example.com", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", names, critical: false));
        return Sign(request, key, issuer, year: 2026);
    }

    /// <summary>A certificate that names an address to fetch its issuer, its status and a list of what was revoked from.</summary>
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

    /// <summary>The trust of a sender: in <see cref="Root"/> alone, at <see cref="Now"/>, without a look at revocation.</summary>
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

    /// <summary>Has a policy trust <see cref="Root"/> alone, at <see cref="Now"/>. All else of it stays.</summary>
    public static void TrustRoot(X509ChainPolicy policy)
    {
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.Add(Root);
        policy.VerificationTime = Now.UtcDateTime;
    }

    /// <summary>Builds a chain as the framework does before it calls a <see cref="RemoteCertificateValidationCallback"/>.</summary>
    /// <param name="leaf">The server's certificate.</param>
    /// <param name="policy">What to trust.</param>
    /// <param name="sent">The other certificates that the server sent.</param>
    /// <returns>The chain, and the error that the framework would report for it.</returns>
    public static (X509Chain Chain, SslPolicyErrors Errors) BuildChain(X509Certificate2 leaf, X509ChainPolicy policy, params X509Certificate2[] sent)
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

    // Not Create(issuer, …), which rejects a certificate that outlives its issuer.
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
