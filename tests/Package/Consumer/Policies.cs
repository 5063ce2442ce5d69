using System.Text;
using MtaSts;
using MtaSts.Linting;

namespace Consumer;

/// <summary>The policy and the outcome of its fetch.</summary>
internal static class Policies
{
    private const string Text =
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\nmore: b\r\n";

    public static Policy Enforcing { get; } = Policy.Parse(Text);

    public static Policy Testing { get; } = Policy.Parse(Text.Replace("enforce", "testing", StringComparison.Ordinal));

    public static async Task RunAsync()
    {
        Parsing();
        Making();
        Matching();
        await FetchingAsync();
    }

    private static void Parsing()
    {
        Check.That("the mode", Enforcing.Mode is PolicyMode.Enforce && Testing.Mode is PolicyMode.Testing);
        Check.That("the max_age", Enforcing.MaxAge == TimeSpan.FromDays(7));
        Check.That("the extensions of a policy", Enforcing.Extensions is [("more", "b")]);
        Check.That("no deviations", Enforcing.Deviations is Deviations.None);
        Check.That("deviations", Policy.Parse("\uFEFF\n" + Text).Deviations is (Deviations.ByteOrderMark | Deviations.BlankLine));

        byte[] utf8Text = Encoding.UTF8.GetBytes(Text);
        Check.That("a policy from characters", Policy.Parse(Text.AsSpan()) == Enforcing);
        Check.That("a policy from UTF-8", Policy.Parse(utf8Text) == Enforcing);
        Check.That("a policy is tried", Policy.TryParse(Text, out Policy? one) && one == Enforcing);
        Check.That(
            "a policy is tried with an error",
            Policy.TryParse(Text, out one, out ParseError error) && one == Enforcing && error == default);
        Check.That("a policy is tried from UTF-8", Policy.TryParse(utf8Text, out one) && one != Testing);
        Check.That(
            "a malformed policy tells why",
            !Policy.TryParse("version: STSv1\nmode: always\n"u8, out one, out error) && one is null
                && error is { Code: ParseErrorCode.InvalidMode, Line: 2, Offset: 21 });
        Check.That(
            "null is not a policy",
            !Policy.TryParse((string?)null, out one) && !Policy.TryParse((string?)null, out one, out error) && one is null);
        Check.That("a policy over the limit is rejected", !Policy.TryParse(new string('\n', Policy.MaxSize + 1), out _));

        Span<char> chars = stackalloc char[128];
        Span<byte> bytes = stackalloc byte[128];
        Check.That("a policy writes characters", Enforcing.TryFormat(chars, out int written) && chars[..written].SequenceEqual(Text));
        Check.That("a policy writes UTF-8", Enforcing.TryFormat(bytes, out written) && bytes[..written].SequenceEqual(utf8Text));

        Interfaces.CheckEquality(Enforcing, Policy.Parse(utf8Text), Testing);
        Interfaces.CheckText(Enforcing, Text);
        Interfaces.CheckParsing<Policy>(Text, "version: STSv1\n");
        Interfaces.CheckFormatting(Enforcing, Text);
    }

    private static void Making()
    {
        Policy policy = new(PolicyMode.None, TimeSpan.Zero, []);
        Check.That("a policy from its parts", policy == Policy.Parse("version: STSv1\nmode: none\nmax_age: 0\n"));
        Check.That("a policy in another mode", Testing.WithMode(PolicyMode.Enforce) == Enforcing);
        Check.Throws<ArgumentException>("a policy without patterns", () => policy.WithMode(PolicyMode.Enforce));
        Check.That("a policy with another max_age", Enforcing.WithMaxAge(Policy.LongestMaxAge).MaxAge == TimeSpan.FromSeconds(31_557_600));
        Check.That("a policy with other patterns", Enforcing.WithMx(Testing.Mx.Reverse()).Mx[0] == MxPattern.Parse("*.example.net"));
    }

    private static void Matching()
    {
        Check.That("a policy matches", Enforcing.Matches("MX1.example.net.") && !Enforcing.Matches("a.mx1.example.net"));
        Check.That(
            "a policy tells the pattern",
            Enforcing.TryMatch("mx1.example.net", out MxPattern pattern) && pattern == MxPattern.Parse("*.example.net"));

        MxExplanation allowed = Enforcing.Explain("mail.example.com");
        Check.That(
            "an allowed host",
            allowed is { IsAllowed: true, MxHost: "mail.example.com", NearMisses: [] }
                && allowed.MatchedPattern == MxPattern.Parse("mail.example.com"));
        Interfaces.CheckText(allowed, "\"mail.example.com\" matches the pattern \"mail.example.com\".");

        MxExplanation denied = Enforcing.Explain("mail.exmaple.com");
        Check.That(
            "a host that is not allowed",
            denied is { IsAllowed: false, MatchedPattern: null, NearMisses: [{ Reason: NearMissReason.Typo, Distance: 1 }] });
        Check.That("the similar pattern", denied.NearMisses[0].Pattern == MxPattern.Parse("mail.example.com"));
        Interfaces.CheckText(denied.NearMisses[0], "it is one typing error away from \"mail.example.com\"");
    }

    private static async Task FetchingAsync()
    {
        byte[] body = Encoding.UTF8.GetBytes(Text);
        FetchResult fetched = FetchResult.FromResponse(200, "text/plain; charset=utf-8", body);
        Check.That(
            "a response with a policy",
            fetched is { Status: FetchStatus.Ok, Failure: TlsFailure.None } && fetched.Policy == Enforcing);
        Check.That(
            "a response without one",
            FetchResult.FromResponse(200, "text/plain", []) is
            {
                Status: FetchStatus.InvalidPolicy,
                Policy: null,
                Failure: TlsFailure.StsPolicyInvalid,
                Error.Code: ParseErrorCode.MissingVersion,
            });
        Check.That(
            "what came",
            FetchResult.FromResponse(503, "text/html", [])
                is { StatusCode: 503, MediaType: "text/html", Status: FetchStatus.UnexpectedStatus });
        Interfaces.CheckText(
            FetchResult.FromResponse(200, "text/plain, text/html", body), "WrongMediaType, 200, \"text/plain, text/html\"");
        using MemoryStream stream = new(body);
        Check.That("a response as a stream", (await FetchResult.FromResponseAsync(200, "text/plain", stream)).Policy == Enforcing);
        Check.That(
            "no response",
            FetchResult.Failed(FetchStatus.CertificateInvalid)
                is { Status: FetchStatus.CertificateInvalid, Failure: TlsFailure.StsWebPkiInvalid });
    }
}
