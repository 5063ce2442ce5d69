using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Tests the advice on names in the MX records that the policy does not match.</summary>
/// <remarks>
/// Laws: an <c>mx</c> line is advised only where it is valid, and then it matches the host. Each message is one line of
/// printable ASCII and names one change.
/// </remarks>
public sealed class PolicyLintMxHostTests
{
    private const string Denied = "Senders do not deliver to it.";
    private const string Reported = "Senders report it, and would not deliver to it in mode enforce.";
    private const string NoMatch = "matches no pattern of the policy, and no pattern is similar.";

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    /// <summary>The name, and the message with {0} in the place of the effect on delivery.</summary>
    public static TheoryData<string, string> Hosts => new()
    {
        // A name that an mx line can hold.
        {
            "mail.example.com",
            $"The MX host \"mail.example.com\" {NoMatch} {{0}} Add an mx line for it, or remove it from the DNS (RFC 8461 section 4.1)."
        },

        // An underscore: the wildcard over its parent matches it.
        { "_dc-mx.a1b2.example.com", Underscore("_dc-mx.a1b2.example.com", AddLine("*.a1b2.example.com")) },
        { "_MX.Example.NET.", Underscore("_MX.Example.NET", AddLine("*.example.net")) },
        {
            "_mx.example.com", // The policy domain.
            Underscore("_mx.example.com", "Rename the host: \"mx: *.example.com\" matches it, but also every other host of the domain "
                + "(RFC 8461 sections 3.2 and 10.4).")
        },
        { "_mx.com", Underscore("_mx.com", "Rename the host (RFC 8461 section 3.2).") },
        { "m_x", Underscore("m_x", "Rename the host (RFC 8461 section 3.2).") },
        { "mx.a_b.example.com", Underscore("mx.a_b.example.com", "Rename the host (RFC 8461 section 3.2).") },

        // A preference, as in a zone file.
        { "10 192.0.2.25", Address("10 192.0.2.25") },
        { "10 mail.example.com", Preference("10 mail.example.com") },
        { " 5\t mail.example.com.", Preference(" 5<U+0009> mail.example.com") },

        // An address.
        { "192.0.2.25", Address("192.0.2.25") },
        { "192.0.2.25.", Address("192.0.2.25") },
        { "[192.0.2.25]", Address("[192.0.2.25]") },
        { "2001:db8::25", Address("2001:db8::25") },
        { "::ffff:192.0.2.25", Address("::ffff:192.0.2.25") },
        { "[IPv6:2001:db8::25]", Address("[IPv6:2001:db8::25]") },

        // An empty name.
        { "", Blank("") },
        { " \t", Blank(" <U+0009>") },

        // U-labels.
        { "mx.b\u00FCcher.example", International("mx.b<U+00FC>cher.example") },
        { "MX.B\u00DCCHER.example.", International("MX.B<U+00DC>CHER.example") },

        // Other text. The reason is that of a pattern with the same fault.
        { "mail.example.com:25", Invalid("mail.example.com:25", ReasonOf("mail:25")) },
        { "*.example.com", Invalid("*.example.com", InvalidCharacter("*")) },
        { "mail..example.com", Invalid("mail..example.com", ReasonOf("mail..example.com")) },
        { "mail.example.com..", Invalid("mail.example.com.", ReasonOf("mail..example.com")) },
        { "-.example.com", Invalid("-.example.com", ReasonOf("-.example.com")) },
        { " mail.example.com", Invalid(" mail.example.com", InvalidCharacter(" ")) },
        { "mail\0.example.com", Invalid("mail<U+0000>.example.com", InvalidCharacter("<U+0000>")) },
        {
            "mail\u200B.example.com",
            Invalid("mail<U+200B>.example.com", "expected letters, digits, hyphens and dots in a host name, "
                + "found <U+200B>, an invisible character. Remove it (RFC 8461 section 3.2)")
        },
        {
            "mail\u212A.example.com",
            Invalid("mail<U+212A>.example.com", "the name cannot be converted to A-labels (RFC 5891 section 4)")
        },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Message_HostThatNoPatternMatches_NamesTheOneChange(string host, string expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        Check("enforce", "far.test", host).Message.Should().Be(expected.Replace("{0}", Denied, StringComparison.Ordinal));

        Finding testing = Check("testing", "far.test", host);
        testing.Severity.Should().Be(Severity.Warning);
        testing.Message.Should().Be(expected.Replace("{0}", Reported, StringComparison.Ordinal));
    }

    [Fact]
    public void Message_UnderscoreWhereTheDomainIsUnknown_NamesTheWildcard() =>
        PolicyLint.Check(new Publication(Fetch("enforce", "far.test")) { MxHosts = ["_mx.example.com"] })[^1]
            .Message.Should().Contain("Add the line \"mx: *.example.com\"");

    [Fact]
    public void Message_NullMx_AsksForModeNoneOrOneKindOfHost()
    {
        FetchResult fetch = Fetch("enforce", "mx.example.com");
        PolicyLint.Check(new Publication(fetch) { MxHosts = ["."] }).Should().ContainSingle().Which.Message.Should().Be(
            "The domain has a null MX: it accepts no mail, and the policy protects nothing. "
            + "Publish a policy of mode none, or remove the policy and the record (RFC 7505 section 3; RFC 8461 section 8.3).");
        PolicyLint.Check(new Publication(fetch) { MxHosts = [".", "mx.example.com"] }).Should().ContainSingle().Which.Message.Should().Be(
            "The domain has other MX hosts and a null MX, which says that it accepts no mail. "
            + "Remove the null MX or the other hosts (RFC 7505 section 3).");
    }

    [Theory]
    [InlineData(7)]
    public void Message_AnyHost_KeepsTheLaws(int seed)
    {
        string[] labels =
        [
            "a", "mx", "_mx", "a_b", "10", "25", "-", "*", "", "b\u00FCcher", "xn--bcher-kva", "\u200B", "\u212A", "com", "example",
            "\uD800", "\0", new('l', 64),
        ];
        string[] edges = ["", "", "", ".", "..", "10 ", " ", "[", "]", ":25", "::", "\t", "\r\n"];
        Random random = new(seed);
        HashSet<FindingCode> met = [];
        for (int i = 0; i < 20_000; i++)
        {
            string name = string.Join('.', random.GetItems(labels, random.Next(1, 5)));
            string host = random.GetItems(edges, 1)[0] + name + random.GetItems(edges, 1)[0];
            string pattern = random.Next(2) == 0 ? "*.example.com" : "mx.example";
            foreach (Finding finding in PolicyLint.Check(new Publication(Fetch("enforce", pattern)) { Domain = Domain, MxHosts = [host] }))
            {
                met.Add(finding.Code);
                finding.Message.Should().MatchRegex("^[ -~]{20,900}$");
                CheckAdvice(finding, host);
            }
        }

        met.Should().BeEquivalentTo(
        [
            FindingCode.UnusedPattern, FindingCode.UncoveredMxHost, FindingCode.InvalidMxHost, FindingCode.NullMx,
            FindingCode.WildcardOverPolicyDomain,
        ]);
    }

    private static void CheckAdvice(Finding finding, string host)
    {
        if (finding.Message.Contains("Add an mx line for it", StringComparison.Ordinal))
        {
            MxPattern.TryParse(host.TrimEnd('.'), out MxPattern pattern).Should().BeTrue("{0} must be valid in an mx line", host);
            pattern.Matches(host).Should().BeTrue();
        }

        const string Only = "Use only \"";
        int only = finding.Message.IndexOf(Only, StringComparison.Ordinal);
        if (only >= 0)
        {
            string name = finding.Message[(only + Only.Length)..];
            name = name[..name.IndexOf('"', StringComparison.Ordinal)].Replace("<U+00FC>", "\u00FC", StringComparison.Ordinal);
            PolicyLint.Check(new Publication(Fetch("enforce", "far.test")) { Domain = Domain, MxHosts = [name] })
                .Select(static next => next.Message)
                .Should().NotContain(
                    static text => text.Contains("is an IP address") || text.Contains("is not a valid"), "{0} is advised", name);
        }

        const string Lead = "Add the line \"mx: ";
        int at = finding.Message.IndexOf(Lead, StringComparison.Ordinal);
        if (at >= 0)
        {
            string line = finding.Message[(at + Lead.Length)..];
            MxPattern pattern = MxPattern.Parse(line[..line.IndexOf('"', StringComparison.Ordinal)]);
            pattern.Matches(host).Should().BeTrue("{0} is advised for {1}", pattern, host);
            bool isOverTopLevelDomain = pattern.IsWildcard && pattern.ToString().Count(static c => c == '.') < 2;
            isOverTopLevelDomain.Should().BeFalse("{0} is advised", pattern);
        }
    }

    private static Finding Check(string mode, string pattern, string host) =>
        PolicyLint.Check(new Publication(Fetch(mode, pattern)) { Domain = Domain, MxHosts = [host] })
            .Single(static finding => finding.Code is FindingCode.InvalidMxHost or FindingCode.UncoveredMxHost);

    private static string Underscore(string name, string remedy) =>
        $"The MX host \"{name}\" contains an underscore, which an mx line cannot contain. {{0}} {remedy}";

    private static string AddLine(string wildcard) => $"Add the line \"mx: {wildcard}\", which matches it (RFC 8461 sections 3.2 and 4.1).";

    private static string Preference(string name) =>
        $"The MX host \"{name}\" begins with a preference number. {{0}} Use only \"mail.example.com\" as the name (RFC 5321 section 5.1).";

    private static string Address(string name) =>
        $"The MX host \"{name}\" is an IP address. {{0}} Use the name of a host with that address (RFC 5321 section 5.1).";

    private static string Blank(string name) =>
        $"Expected a host name in the MX record, found \"{name}\". {{0}} Enter a name, or remove the record (RFC 5321 section 5.1).";

    private static string International(string name) =>
        $"The MX host \"{name}\" {NoMatch} {{0}} "
        + "Add the line \"mx: mx.xn--bcher-kva.example\", or remove the host from the DNS (RFC 8461 section 3.2).";

    private static string Invalid(string name, string reason) =>
        $"The MX host \"{name}\" is not a valid host name. {{0}} Correct it: {reason}.";

    private static string InvalidCharacter(string shown) =>
        ReasonOf("mail:25").Replace("\":\"", $"\"{shown}\"", StringComparison.Ordinal);

    private static string ReasonOf(string pattern)
    {
        MxPattern.TryParse(pattern, out _, out ParseError error).Should().BeFalse();
        return error.Reason;
    }

    private static FetchResult Fetch(string mode, string pattern)
    {
        string file = $"version: STSv1\nmode: {mode}\nmx: {pattern}\nmax_age: 604800\n";
        return FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(file));
    }
}
