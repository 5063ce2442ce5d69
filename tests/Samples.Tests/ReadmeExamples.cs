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

    public static IReadOnlyList<Decision> FromTextToVerdict(DateTimeOffset now)
    {
        TxtAnswer txt = TxtAnswer.FromRecords(["v=STSv1; id=20260831T085700Z"]); // TXT at _mta-sts.example.com
        FetchResult fetch = FetchResult.FromResponse(200, "text/plain", """
            version: STSv1
            mode: enforce
            mx: *.example.com
            max_age: 604800
            """u8); // GET https://mta-sts.example.com/.well-known/mta-sts.txt
        Policy? policy = PolicyRefresh.Complete(cached: null, txt, fetch, now).Policy;

        Sts.Enforce(policy, "mx1.example.com");                      // Allow, over verified TLS only
        Sts.Enforce(policy, "mx1.example.com", TlsOutcome.Expired);  // Deny, 4.7.5, certificate-expired
        Sts.Enforce(policy, "mx.attacker.example");                  // Deny, 4.4.8, validation-failure

        return
        [
            Sts.Enforce(policy, "mx1.example.com"),
            Sts.Enforce(policy, "mx1.example.com", TlsOutcome.Expired),
            Sts.Enforce(policy, "mx.attacker.example"),
        ];
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

    public static (string File, string Txt) Publish()
    {
        MxPattern[] mx = [MxPattern.Parse("mx1.example.com"), MxPattern.Parse("*.mail.example.net")];
        Policy policy = new(PolicyMode.Testing, TimeSpan.FromDays(7), mx);
        StsRecord record = policy.CreateRecord(); // or StsRecord.At(time)
        string file = policy.ToString();                // to be served at Sts.PolicyUrl("example.com")
        string txt = record.ToString();                 // to be published at Sts.RecordName("example.com")
        return (file, txt);
    }

    public static void Lint(TxtAnswer txt, byte[] body, TextWriter Console)
    {
        Publication publication = new(statusCode: 200, contentType: "text/plain", body)
        {
            Domain = PolicyDomain.Parse("example.com"),
            Txt = txt,
            MxHosts = ["mx.example.org"],
        };
        foreach (Finding finding in PolicyLint.Check(publication))
        {
            Console.WriteLine(finding); // error UncoveredMxHost: The MX host "mx.example.org" matches no pattern of the policy …
        }
    }

    public static bool Explain(TextWriter Console)
    {
        bool accepted = Policy.TryParse("version: STSv1\nmode: enforced\n", out Policy? policy, out ParseError error); // false, null
        Console.WriteLine(error); // line 2, offset 21: expected "enforce", "testing" or "none" in lower case, found "enforced" (RFC 8461 section 3.2)
        return accepted && policy is not null;
    }
}
