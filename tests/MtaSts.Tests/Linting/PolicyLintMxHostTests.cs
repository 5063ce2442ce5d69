using System.Text;

namespace MtaSts.Tests;

/// <summary>The advice on names in the MX records that the policy does not match.</summary>
/// <remarks>
/// Laws: an <c>mx</c> line is advised only where it can be written, and then it matches the host. Each message is one line of printable ASCII, and
/// says one thing to do.
/// </remarks>
public sealed class PolicyLintMxHostTests
{
    private const string Denied = "Senders do not deliver to it.";
    private const string Far = "matches no pattern of the policy, and none comes near.";

    /// <summary>The name, and the message.</summary>
    public static TheoryData<string, string> Hosts => new()
    {
        // A name that an mx line can hold.
        { "mail.example.com", $"The MX host \"mail.example.com\" {Far} {Denied} Add an mx line for it, or remove it from the DNS (RFC 8461, section 4.1)." },

        // An underscore: the wildcard over its parent matches it.
        {
            "_dc-mx.a1b2.example.com",
            $"The MX host \"_dc-mx.a1b2.example.com\" has an underscore, which an mx line cannot have. {Denied} Add the line \"mx: *.a1b2.example.com\", which matches it (RFC 8461, sections 3.2 and 4.1)."
        },
        {
            "_MX.Example.NET.",
            $"The MX host \"_MX.Example.NET\" has an underscore, which an mx line cannot have. {Denied} Add the line \"mx: *.example.net\", which matches it (RFC 8461, sections 3.2 and 4.1)."
        },
        {
            "_mx.example.com", // The policy domain.
            $"The MX host \"_mx.example.com\" has an underscore, which an mx line cannot have. {Denied} Rename the host: \"mx: *.example.com\" matches it, but also every other host of the domain (RFC 8461, sections 3.2 and 10.4)."
        },
        { "_mx.com", $"The MX host \"_mx.com\" has an underscore, which an mx line cannot have. {Denied} Rename the host (RFC 8461, section 3.2)." },
        { "m_x", $"The MX host \"m_x\" has an underscore, which an mx line cannot have. {Denied} Rename the host (RFC 8461, section 3.2)." },
        { "mx.a_b.example.com", $"The MX host \"mx.a_b.example.com\" has an underscore, which an mx line cannot have. {Denied} Rename the host (RFC 8461, section 3.2)." },

        // A preference, as in a zone file.
        { "10 192.0.2.25", $"The MX host \"10 192.0.2.25\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },
        { "10 mail.example.com", $"The MX host \"10 mail.example.com\" begins with a preference number. {Denied} Leave only \"mail.example.com\" in the name (RFC 5321, section 5.1)." },
        { " 5\t mail.example.com.", $"The MX host \" 5<U+0009> mail.example.com\" begins with a preference number. {Denied} Leave only \"mail.example.com\" in the name (RFC 5321, section 5.1)." },

        // An address.
        { "192.0.2.25", $"The MX host \"192.0.2.25\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },
        { "192.0.2.25.", $"The MX host \"192.0.2.25\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },
        { "[192.0.2.25]", $"The MX host \"[192.0.2.25]\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },
        { "2001:db8::25", $"The MX host \"2001:db8::25\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },
        { "::ffff:192.0.2.25", $"The MX host \"::ffff:192.0.2.25\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },
        { "[IPv6:2001:db8::25]", $"The MX host \"[IPv6:2001:db8::25]\" is an address. {Denied} Name a host that has the address (RFC 5321, section 5.1)." },

        // Nothing.
        { "", $"The name in an MX record is empty: \"\". {Denied} Name the host, or remove the record (RFC 5321, section 5.1)." },
        { " \t", $"The name in an MX record is empty: \" <U+0009>\". {Denied} Name the host, or remove the record (RFC 5321, section 5.1)." },

        // U-labels.
        {
            "mx.b\u00FCcher.example",
            $"The MX host \"mx.b<U+00FC>cher.example\" {Far} {Denied} Add the line \"mx: mx.xn--bcher-kva.example\", or remove the host from the DNS (RFC 8461, section 3.2)."
        },
        {
            "MX.B\u00DCCHER.example.",
            $"The MX host \"MX.B<U+00DC>CHER.example\" {Far} {Denied} Add the line \"mx: mx.xn--bcher-kva.example\", or remove the host from the DNS (RFC 8461, section 3.2)."
        },

        // Other text.
        { "mail.example.com:25", $"The MX host \"mail.example.com:25\" is not a valid host name. {Denied} Correct its name: expected letters, digits, hyphens and dots in a host name, found \":\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { "*.example.com", $"The MX host \"*.example.com\" is not a valid host name. {Denied} Correct its name: expected letters, digits, hyphens and dots in a host name, found \"*\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { "mail..example.com", $"The MX host \"mail..example.com\" is not a valid host name. {Denied} Correct its name: expected a label before each dot, found \".\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { "mail.example.com..", $"The MX host \"mail.example.com.\" is not a valid host name. {Denied} Correct its name: expected a label before each dot, found \".\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { "-.example.com", $"The MX host \"-.example.com\" is not a valid host name. {Denied} Correct its name: expected a letter or digit at the start and end of each label, found \"-\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { " mail.example.com", $"The MX host \" mail.example.com\" is not a valid host name. {Denied} Correct its name: expected letters, digits, hyphens and dots in a host name, found \" \" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { "mail\0.example.com", $"The MX host \"mail<U+0000>.example.com\" is not a valid host name. {Denied} Correct its name: expected letters, digits, hyphens and dots in a host name, found \"<U+0000>\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)." },
        { "mail\u200B.example.com", $"The MX host \"mail<U+200B>.example.com\" is not a valid host name. {Denied} Correct its name: a host name holds <U+200B>, an invisible character. Remove it (RFC 8461, section 3.2)." },
        { "mail\u212A.example.com", $"The MX host \"mail<U+212A>.example.com\" is not a valid host name. {Denied} Correct its name: it has no A-labels (RFC 5891, section 4)." },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Message_HostThatNoPatternMatches_SaysTheOneThingToDo(string host, string expected)
    {
        Check("enforce", "far.test", host).Message.Should().Be(expected);

        Finding testing = Check("testing", "far.test", host);
        testing.Severity.Should().Be(Severity.Warning);
        testing.Message.Should().Be(expected.Replace(Denied, "Senders report it, and would not deliver to it in mode enforce.", StringComparison.Ordinal));
    }

    [Fact]
    public void Message_UnderscoreWhereTheDomainIsUnknown_NamesTheWildcard() =>
        PolicyLint.Check(domain: null, txt: null, Fetch("enforce", "far.test"), ["_mx.example.com"])[^1].Message.Should().Contain("Add the line \"mx: *.example.com\"");

    [Fact]
    public void Message_NullMx_SaysToPublishModeNone()
    {
        PolicyLint.Check("example.com", txt: null, Fetch("enforce", "mx.example.com"), ["."]).Should().ContainSingle().Which.Message.Should().Be(
            "The domain has a null MX, so it takes no mail, and the policy has nothing to protect. "
            + "Publish one of mode none, or remove policy and record (RFC 7505, section 3; RFC 8461, section 8.3).");
        PolicyLint.Check("example.com", txt: null, Fetch("enforce", "mx.example.com"), [".", "mx.example.com"]).Should().ContainSingle().Which.Message.Should().Be(
            "The domain has a null MX, by which it takes no mail, and other MX hosts. Remove the null MX, or the others (RFC 7505, section 3).");
    }

    [Theory]
    [InlineData(7)]
    public void Message_AnyHost_KeepsTheLaws(int seed)
    {
        string[] labels = ["a", "mx", "_mx", "a_b", "10", "25", "-", "*", "", "b\u00FCcher", "xn--bcher-kva", "\u200B", "\u212A", "com", "example", "\uD800", "\0", new('l', 64)];
        string[] edges = ["", "", "", ".", "..", "10 ", " ", "[", "]", ":25", "::", "\t", "\r\n"];
        Random random = new(seed);
        HashSet<FindingCode> met = [];
        for (int i = 0; i < 20_000; i++)
        {
            string host = random.GetItems(edges, 1)[0] + string.Join('.', random.GetItems(labels, random.Next(1, 5))) + random.GetItems(edges, 1)[0];
            string pattern = random.Next(2) == 0 ? "*.example.com" : "mx.example";
            foreach (Finding finding in PolicyLint.Check("example.com", txt: null, Fetch("enforce", pattern), [host]))
            {
                met.Add(finding.Code);
                finding.Message.Should().MatchRegex("^[ -~]{20,900}$");
                CheckAdvice(finding, host);
            }
        }

        met.Should().BeEquivalentTo([FindingCode.UnusedPattern, FindingCode.UncoveredMxHost, FindingCode.InvalidMxHost, FindingCode.NullMx, FindingCode.WildcardOverPolicyDomain]);
    }

    private static void CheckAdvice(Finding finding, string host)
    {
        if (finding.Message.Contains("Add an mx line for it", StringComparison.Ordinal))
        {
            MxPattern.TryParse(host.TrimEnd('.'), out MxPattern pattern).Should().BeTrue("{0} is to be an mx line", host);
            pattern.Matches(host).Should().BeTrue();
        }

        const string Only = "Leave only \"";
        int only = finding.Message.IndexOf(Only, StringComparison.Ordinal);
        if (only >= 0)
        {
            string name = finding.Message[(only + Only.Length)..];
            name = name[..name.IndexOf('"', StringComparison.Ordinal)].Replace("<U+00FC>", "\u00FC", StringComparison.Ordinal);
            PolicyLint.Check("example.com", txt: null, Fetch("enforce", "far.test"), [name])
                .Should().NotContain(static next => next.Message.Contains("is an address") || next.Message.Contains("is not a valid"), "{0} is advised", name);
        }

        const string Lead = "Add the line \"mx: ";
        int at = finding.Message.IndexOf(Lead, StringComparison.Ordinal);
        if (at >= 0)
        {
            string line = finding.Message[(at + Lead.Length)..];
            MxPattern pattern = MxPattern.Parse(line[..line.IndexOf('"', StringComparison.Ordinal)]);
            pattern.Matches(host).Should().BeTrue("{0} is advised for {1}", pattern, host);
            (pattern.IsWildcard && pattern.ToString().Count(static c => c == '.') < 2).Should().BeFalse("{0} is over a top-level domain", pattern);
        }
    }

    private static Finding Check(string mode, string pattern, string host) =>
        PolicyLint.Check("example.com", txt: null, Fetch(mode, pattern), [host]).Single(static finding => finding.Code is FindingCode.InvalidMxHost or FindingCode.UncoveredMxHost);

    private static FetchResult Fetch(string mode, string pattern) =>
        FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes($"version: STSv1\nmode: {mode}\nmx: {pattern}\nmax_age: 604800\n"));
}
