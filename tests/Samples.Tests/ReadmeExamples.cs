using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MtaSts;
using MtaSts.Linting;

namespace Samples.Tests;

/// <summary>The short examples of README.md and of the package's readme.</summary>
public static class ReadmeExamples
{
    public static void Decide(TextWriter Console)
    {
        Policy policy = Policy.Parse("""
            version: STSv1
            mode: enforce
            mx: *.example.com
            max_age: 604800
            """);
        Console.WriteLine(Sts.Enforce(policy, "mx1.example.com")); // Allow, *.example.com
        Console.WriteLine(Sts.Enforce(policy, "mx1.example.com", TlsOutcome.Expired)); // Deny, certificate-expired, 4.7.5, *.example.com
        Console.WriteLine(Sts.Enforce(policy, "mx.attacker.example")); // Deny, validation-failure, 4.4.8
    }

    public static (SslClientAuthenticationOptions Options, Func<TlsOutcome> Outcome) Handshake(string mxHost)
    {
        TlsOutcome outcome = TlsOutcome.HandshakeFailed; // unless the callback runs
        SslClientAuthenticationOptions options = new()
        {
            TargetHost = Sts.TryNormalize(mxHost, out string? name) ? name : mxHost.TrimEnd('.'), // goes into SNI as it is
            CertificateChainPolicy = new()
            {
                DisableCertificateDownloads = true, // of issuers, from addresses that the peer's certificate names
                RevocationMode = X509RevocationMode.NoCheck, // Revocation lists have such addresses as well.
            },
            AllowTlsResume = false, // A resumed session brings no certificate to judge (RFC 8446, Section 2.2).
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                outcome = TlsOutcomes.From(errors, chain);
                return true; // Go on; Sts.Enforce decides after the handshake what the outcome means.
            },
        };
        return (options, () => outcome);
    }

    public static void Publish(TextWriter Console)
    {
        MxPattern[] mx = [MxPattern.Parse("mx1.example.com"), MxPattern.Parse("*.mail.example.net")];
        Policy policy = new(PolicyMode.Testing, TimeSpan.FromDays(7), mx);
        PolicyDomain domain = PolicyDomain.Parse("example.com");
        Console.WriteLine($"Serve at {domain.PolicyUrl}:\n{policy}");
        Console.WriteLine($"Publish at {domain.RecordName}: {policy.CreateRecord()}");
    }

    public static void Lint(TxtAnswer txt, byte[] body, TextWriter Console)
    {
        Publication publication = new(statusCode: 200, contentType: "text/plain", body) { Txt = txt, MxHosts = ["mx.example.org"] };
        foreach (Finding finding in PolicyLint.Check(publication))
        {
            Console.WriteLine(finding);
        }
    }

    public static bool Explain(TextWriter Console)
    {
        bool accepted = Policy.TryParse("version: STSv1\nmode: enforced\n", out Policy? policy, out ParseError error);
        Console.WriteLine(error);
        // line 2, offset 21: expected "enforce", "testing" or "none" in lower case, found "enforced" (RFC 8461 section 3.2)
        return accepted && policy is not null;
    }
}
