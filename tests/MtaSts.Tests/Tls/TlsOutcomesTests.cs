using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace MtaSts.Tests;

/// <summary>
/// Verifies the mapping of certificate validation results by RFC 8461, Section 4.2, with real chains.
/// </summary>
public sealed class TlsOutcomesTests : IDisposable
{
    private const SslPolicyErrors None = SslPolicyErrors.None;
    private const SslPolicyErrors NotAvailable = SslPolicyErrors.RemoteCertificateNotAvailable;
    private const SslPolicyErrors Mismatch = SslPolicyErrors.RemoteCertificateNameMismatch;
    private const SslPolicyErrors ChainErrors = SslPolicyErrors.RemoteCertificateChainErrors;

    private readonly List<X509Chain> _chains = [];

    // Key of Build, status that the framework must find in the chain, error of the name, expected outcome. The second
    // column proves that a row tests what it claims.
    public static TheoryData<string, X509ChainStatusFlags, SslPolicyErrors, TlsOutcome> Chains => new()
    {
        { "valid", X509ChainStatusFlags.NoError, None, TlsOutcome.Verified },
        { "wildcard", X509ChainStatusFlags.NoError, None, TlsOutcome.Verified },
        { "through an intermediate", X509ChainStatusFlags.NoError, None, TlsOutcome.Verified },
        { "name and address", X509ChainStatusFlags.NoError, None, TlsOutcome.Verified },

        { "unknown root", X509ChainStatusFlags.UntrustedRoot, None, TlsOutcome.NotTrusted },
        { "self-signed", X509ChainStatusFlags.UntrustedRoot, None, TlsOutcome.NotTrusted },
        { "intermediate not sent", X509ChainStatusFlags.PartialChain, None, TlsOutcome.NotTrusted },
        { "root not sent", X509ChainStatusFlags.PartialChain, None, TlsOutcome.NotTrusted },
        { "for clients", X509ChainStatusFlags.NotValidForUsage, None, TlsOutcome.NotTrusted },

        { "expired", X509ChainStatusFlags.NotTimeValid, None, TlsOutcome.Expired },
        { "not yet valid", X509ChainStatusFlags.NotTimeValid, None, TlsOutcome.Expired },
        { "intermediate expired", X509ChainStatusFlags.NotTimeValid, None, TlsOutcome.Expired },
        { "expired, unknown root", X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.UntrustedRoot, None, TlsOutcome.Expired },

        // The name is checked before the dates, the dates before the trust: the order of TlsFailure.
        { "valid", X509ChainStatusFlags.NoError, Mismatch, TlsOutcome.HostMismatch },
        { "expired", X509ChainStatusFlags.NotTimeValid, Mismatch, TlsOutcome.HostMismatch },
        { "unknown root", X509ChainStatusFlags.UntrustedRoot, Mismatch, TlsOutcome.HostMismatch },
        {
            "expired, unknown root", X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.UntrustedRoot, Mismatch,
            TlsOutcome.HostMismatch
        },

        // The framework accepts the common name; the RFC requires a DNS name among the subject alternative names.
        { "common name alone", X509ChainStatusFlags.NoError, None, TlsOutcome.HostMismatch },
        { "empty list of names", X509ChainStatusFlags.NoError, None, TlsOutcome.HostMismatch },
        { "address alone", X509ChainStatusFlags.NoError, None, TlsOutcome.HostMismatch },
        { "e-mail alone", X509ChainStatusFlags.NoError, None, TlsOutcome.HostMismatch },
        { "URI alone", X509ChainStatusFlags.NoError, None, TlsOutcome.HostMismatch },
        { "common name alone, expired", X509ChainStatusFlags.NotTimeValid, None, TlsOutcome.HostMismatch },
        { "common name alone, unknown root", X509ChainStatusFlags.UntrustedRoot, None, TlsOutcome.HostMismatch },

        // Section 4.2: revocation MAY be checked. An unknown status alone does not fail, and hides no other failure.
        { "revocation unknown", X509ChainStatusFlags.RevocationStatusUnknown, None, TlsOutcome.Verified },
        {
            "revocation offline", X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation, None,
            TlsOutcome.Verified
        },
        { "revocation unknown", X509ChainStatusFlags.RevocationStatusUnknown, Mismatch, TlsOutcome.HostMismatch },
        {
            "revocation unknown, expired", X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.NotTimeValid, None,
            TlsOutcome.Expired
        },
        { "revocation unknown, unknown root", X509ChainStatusFlags.UntrustedRoot, None, TlsOutcome.NotTrusted },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void From_BuiltChain_ReturnsTheFirstFailure(
        string name, X509ChainStatusFlags found, SslPolicyErrors nameError, TlsOutcome expected)
    {
        (X509Chain chain, SslPolicyErrors errors) = Build(name);

        StatusOf(chain).Should().HaveFlag(found, "the chain must have the status that the row is about");
        (StatusOf(chain) is X509ChainStatusFlags.NoError).Should().Be(found is X509ChainStatusFlags.NoError);
        TlsOutcomes.From(errors | nameError, chain).Should().Be(expected);
    }

    [Fact]
    public void From_AnyErrorsWithAnyChain_NeverPassesWhatTheFrameworkRejected()
    {
        const X509ChainStatusFlags Unknown = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;
        foreach (string name in Chains.Select(static row => (string)row[0]).Distinct(StringComparer.Ordinal))
        {
            (X509Chain chain, SslPolicyErrors built) = Build(name);
            for (SslPolicyErrors errors = None; errors <= (NotAvailable | Mismatch | ChainErrors); errors++)
            {
                TlsOutcome outcome = TlsOutcomes.From(errors | built, chain);

                X509ChainStatusFlags status = StatusOf(chain);
                bool onlyRevocationIsUnknown =
                    status is not X509ChainStatusFlags.NoError && (status & ~Unknown) is X509ChainStatusFlags.NoError;
                bool mayPass = (errors | built) is None || ((errors | built) is ChainErrors && onlyRevocationIsUnknown);
                (outcome is TlsOutcome.Verified && !mayPass).Should().BeFalse($"{name}, {errors}");
                outcome.Should().NotBe(TlsOutcome.NotOffered, "there was a handshake");
                (outcome is TlsOutcome.HandshakeFailed).Should().Be(errors.HasFlag(NotAvailable), $"{name}, {errors}");
            }
        }
    }

    [Fact]
    public void From_EachStatusOfAChain_PassesOnlyWhereRevocationIsUnknown()
    {
        foreach (X509ChainStatusFlags status in Enum.GetValues<X509ChainStatusFlags>().Except([X509ChainStatusFlags.NoError]))
        {
            (X509Chain chain, _) = Build("valid");

            // Without a network, a test cannot produce every status, such as a revoked certificate. So the test
            // replaces the framework's status, and repeats it, as for two certificates of the chain.
            StatusField(chain) = [new X509ChainStatus { Status = status }, new X509ChainStatus { Status = status }];

            StatusOf(chain).Should().Be(status);
            TlsOutcomes.From(ChainErrors, chain).Should().Be(
                status switch
                {
                    X509ChainStatusFlags.RevocationStatusUnknown or X509ChainStatusFlags.OfflineRevocation => TlsOutcome.Verified,
                    X509ChainStatusFlags.NotTimeValid => TlsOutcome.Expired,
                    _ => TlsOutcome.NotTrusted,
                },
                "{0}",
                status);
        }
    }

    [Theory]
    [InlineData(None, TlsOutcome.Verified)]
    [InlineData(ChainErrors, TlsOutcome.NotTrusted)] // the cause is unknown: the strictest outcome
    [InlineData(Mismatch, TlsOutcome.HostMismatch)]
    [InlineData(Mismatch | ChainErrors, TlsOutcome.HostMismatch)]
    [InlineData(NotAvailable, TlsOutcome.HandshakeFailed)]
    [InlineData(NotAvailable | Mismatch | ChainErrors, TlsOutcome.HandshakeFailed)]
    [InlineData((SslPolicyErrors)8, TlsOutcome.NotTrusted)] // an error that a future framework may add
    public void From_NoChain_UsesTheErrorsAlone(SslPolicyErrors errors, TlsOutcome expected) =>
        TlsOutcomes.From(errors, chain: null).Should().Be(expected);

    [Fact]
    public void From_ErrorsWithoutAMatchingStatus_IsNotTrusted()
    {
        (X509Chain valid, _) = Build("valid");
        using X509Chain unbuilt = new();

        TlsOutcomes.From(ChainErrors, valid).Should().Be(TlsOutcome.NotTrusted);
        TlsOutcomes.From((SslPolicyErrors)8, valid).Should().Be(TlsOutcome.NotTrusted);
        TlsOutcomes.From(ChainErrors, unbuilt).Should().Be(TlsOutcome.NotTrusted);
    }

    [Theory]
    [InlineData("")] // empty
    [InlineData("30")] // no length
    [InlineData("300A820C6578")] // cut off
    [InlineData("0500")] // NULL instead of a sequence
    [InlineData("30048202C3A9")] // a DNS name that is not ASCII
    [InlineData("3012821061742E6578616D706C652E636F6D00FF")] // bytes after the last name, within the sequence
    public void From_MalformedNames_IsHostMismatchWithoutAnException(string names)
    {
        X509Certificate2 leaf = TestCertificates.IssueWithRawNames(TestCertificates.Root, Convert.FromHexString(names));
        (X509Chain chain, SslPolicyErrors errors) = TestCertificates.BuildChain(leaf, TestCertificates.Trust());
        _chains.Add(chain);

        // The peer chooses the certificate: it must not be able to make the callback throw during the handshake.
        TlsOutcomes.From(errors, chain).Should().Be(TlsOutcome.HostMismatch);
    }

    [Fact]
    public void From_Chain_DoesNotChangeIt()
    {
        (X509Chain chain, SslPolicyErrors errors) = Build("expired");
        X509ChainStatusFlags before = StatusOf(chain);

        TlsOutcomes.From(errors, chain);

        StatusOf(chain).Should().Be(before);
        chain.ChainElements.Should().NotBeEmpty();
    }

    public void Dispose()
    {
        foreach (X509Chain chain in _chains)
        {
            chain.Dispose();
        }
    }

    private static X509ChainStatusFlags StatusOf(X509Chain chain) =>
        chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lazyChainStatus")]
    private static extern ref X509ChainStatus[]? StatusField(X509Chain chain);

    private (X509Chain Chain, SslPolicyErrors Errors) Build(string name)
    {
        const string Host = "mail.example.com";
        const string Subject = "CN=" + Host;
        X509Certificate2 root = TestCertificates.Root;
        X509Certificate2 unknown = TestCertificates.UnknownRoot;
        X509Certificate2 intermediate = TestCertificates.IssueAuthority(root, "CN=Test intermediate");
        X509Certificate2 expiredIntermediate = TestCertificates.IssueAuthority(root, "CN=Expired test intermediate", year: 2025);

        (X509Certificate2 leaf, X509Certificate2[] sent) = name switch
        {
            "valid" or "revocation unknown" or "revocation offline" => (TestCertificates.IssueFor(root, Host), Sent()),
            "wildcard" => (TestCertificates.IssueFor(root, "*.example.com"), Sent()),
            "through an intermediate" => (TestCertificates.IssueFor(intermediate, Host), Sent(intermediate)),
            "name and address" => (Issue(root, names => AddNameAndAddress(names)), Sent()),
            "unknown root" or "revocation unknown, unknown root" => (TestCertificates.IssueFor(unknown, Host), Sent(unknown)),
            "self-signed" => (TestCertificates.IssueSelfSigned(Host), Sent()),
            "intermediate not sent" => (TestCertificates.IssueFor(intermediate, Host), Sent()),
            "root not sent" => (TestCertificates.IssueFor(unknown, Host), Sent()),
            "for clients" => (Issue(root, names => names.AddDnsName(Host), usage: TestCertificates.ClientAuthentication), Sent()),
            "expired" or "revocation unknown, expired" => (Issue(root, names => names.AddDnsName(Host), year: 2025), Sent()),
            "not yet valid" => (Issue(root, names => names.AddDnsName(Host), year: 2027), Sent()),
            "intermediate expired" => (TestCertificates.IssueFor(expiredIntermediate, Host), Sent(expiredIntermediate)),
            "expired, unknown root" => (Issue(unknown, names => names.AddDnsName(Host), year: 2025), Sent(unknown)),
            "common name alone" => (Issue(root), Sent()),
            "common name alone, expired" => (Issue(root, year: 2025), Sent()),
            "common name alone, unknown root" => (Issue(unknown), Sent(unknown)),
            "address alone" => (Issue(root, names => names.AddIpAddress(IPAddress.Loopback)), Sent()),
            "empty list of names" => (TestCertificates.IssueWithRawNames(root, [0x30, 0x00]), Sent()),
            "e-mail alone" => (Issue(root, names => names.AddEmailAddress("postmaster@example.com")), Sent()),
            "URI alone" => (Issue(root, names => names.AddUri(new Uri("https://mail.example.com/"))), Sent()),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, message: null),
        };

        X509ChainPolicy trust = TestCertificates.Trust();
        trust.RevocationFlag = X509RevocationFlag.EndCertificateOnly;
        trust.RevocationMode = name == "revocation offline" ? X509RevocationMode.Offline
            : name.StartsWith("revocation", StringComparison.Ordinal) ? X509RevocationMode.Online
            : X509RevocationMode.NoCheck;
        (X509Chain Chain, SslPolicyErrors Errors) built = TestCertificates.BuildChain(leaf, trust, sent);
        _chains.Add(built.Chain);
        return built;

        static X509Certificate2[] Sent(params X509Certificate2[] certificates) => certificates;

        static X509Certificate2 Issue(
            X509Certificate2 issuer,
            Action<SubjectAlternativeNameBuilder>? names = null,
            int year = 2026,
            string usage = TestCertificates.ServerAuthentication) =>
            TestCertificates.Issue(issuer, Subject, names, year, usage);

        static void AddNameAndAddress(SubjectAlternativeNameBuilder names)
        {
            names.AddIpAddress(IPAddress.Loopback);
            names.AddDnsName(Host);
        }
    }
}
