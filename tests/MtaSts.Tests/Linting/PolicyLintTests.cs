using System.Text;

namespace MtaSts.Tests;

/// <summary>Findings on a published set: record, fetch, policy and MX hosts.</summary>
public sealed class PolicyLintTests
{
    private const string Domain = "example.com";

    // RFC 8461, Sections 3.1 and 3.2.
    private const string ExampleRecord = "v=STSv1; id=20160831085700Z;";
    private const string Example = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n";
    private static readonly string[] ExampleHosts = ["mail.example.com", "backupmx.example.com", "mx1.example.net"];

    [Fact]
    public void Check_ExampleOfTheRfc_HasNoFinding()
    {
        TxtAnswer txt = TxtAnswer.FromRecords([ExampleRecord]);
        PolicyLint.Check(Domain, txt, 200, "text/plain", Encoding.UTF8.GetBytes(Example), ExampleHosts).Should().BeEmpty();
        PolicyLint.Check(Domain, txt, Fetch(Example), ExampleHosts).Should().BeEmpty();
        PolicyLint.Check(Domain, txt: null, fetch: null).Should().BeEmpty("nothing was looked at");
    }

    public static TheoryData<string[], string> Records => new()
    {
        { [ExampleRecord], "" },
        { ["some other record", ExampleRecord], "" },
        { [], "Error NoRecord 0:0" },
        { ["some other record"], "Error NoRecord 0:0" },
        { [ExampleRecord, ExampleRecord], "Error MultipleRecords 0:0" },
        { ["v=STSv1; id=version_123"], "Error InvalidRecord 1:12 InvalidId" },
        { ["v=STSv1;"], "Error InvalidRecord 1:8 MissingId" },
        { ["v=STSv1;;"], "Error InvalidRecord 1:8 EmptyField" },
        { ["v=STSv1; preload;"], "Error InvalidRecord 1:9 MissingSeparator" },
        { ["v=STSv1; id=a; _b=c"], "Error InvalidRecord 1:15 InvalidFieldName" },
        { ["v=STSv1; id=a; b="], "Error InvalidRecord 1:17 InvalidFieldValue" },
        { ["v=STSv1; id=a; b=\0"], "Error InvalidRecord 1:17 ControlCharacter" },
        { ["v=stsv1; id=a"], "Error DiscardedRecord 0:0" },
        { ["some other record", "\"v=STSv1; id=a\""], "Error DiscardedRecord 0:0" },
        { ["v=TLSRPTv1; rua=mailto:a@example.com"], "Error NoRecord 0:0" },
        { [ExampleRecord, "v=stsv1; id=a"], "" },
        { ["v=STSv1 ; id=a"], "Warning BlankBeforeSemicolon 0:0" },
        { ["v=STSv1\t; id=a"], "Warning BlankBeforeSemicolon 0:0" },
        { ["v=STSv1 ; id=a", "some other record"], "Error DiscardedRecord 0:0" },
        { ["v=STSv1 ; id=a", ExampleRecord], "" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void Check_Record_GivesTheFindingByBothRoutes(string[] records, string expected)
    {
        TxtAnswer txt = TxtAnswer.FromRecords(records);
        Describe(PolicyLint.Check(Domain, txt, 200, "text/plain", Encoding.UTF8.GetBytes(Example))).Should().Be(expected);
        Describe(PolicyLint.Check(Domain, txt, fetch: null)).Should().Be(expected);
    }

    [Fact]
    public void Check_RecordLookupFailed_IsANote() =>
        Describe(PolicyLint.Check(Domain, TxtAnswer.LookupFailed, fetch: null)).Should().Be("Note RecordLookupFailed 0:0");

    public static TheoryData<int, string?, string> Responses => new()
    {
        { 200, "text/plain", "" },
        { 200, "Text/Plain; charset=utf-8", "" },
        { 200, "text/html", "Error WrongMediaType 0:0" },
        { 200, "text/plain; charset=utf-8, text/html", "Error WrongMediaType 0:0" },
        { 200, null, "Error WrongMediaType 0:0" },
        { 301, "text/plain", "Error Redirected 0:0" },
        { 404, "text/plain", "Error NotFound 0:0" },
        { 403, "text/html", "Error UnexpectedStatus 0:0" },
        { 500, "text/plain", "Error UnexpectedStatus 0:0" },
        { 204, "text/plain", "Error UnexpectedStatus 0:0" },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public void Check_Response_GivesTheFindingByBothRoutes(int statusCode, string? contentType, string expected)
    {
        byte[] body = Encoding.UTF8.GetBytes(Example);
        Describe(PolicyLint.Check(Domain, txt: null, statusCode, contentType, body)).Should().Be(expected);
        Describe(PolicyLint.Check(Domain, txt: null, FetchResult.FromResponse(statusCode, contentType, body))).Should().Be(expected);
    }

    [Fact]
    public void Check_FailedFetch_HasTheFindingOfTheSameName()
    {
        foreach (FetchStatus status in Enum.GetValues<FetchStatus>().Except([FetchStatus.Ok]))
        {
            Describe(PolicyLint.Check(Domain, txt: null, FetchResult.Failed(status))).Should().Be($"Error {status} 0:0");
        }
    }

    [Fact]
    public void Check_TooLargeBody_IsOneFinding()
    {
        byte[] body = Encoding.UTF8.GetBytes(new string('\n', Policy.MaxSize + 1)); // It is not read, so nothing is said of its lines.
        Describe(PolicyLint.Check(Domain, txt: null, 200, "text/plain", body)).Should().Be("Error TooLarge 1:0 TooLarge");
        Describe(PolicyLint.Check(Domain, txt: null, FetchResult.FromResponse(200, "text/plain", body))).Should().Be("Error TooLarge 1:0 TooLarge");
    }

    [Fact]
    public void Check_WrongMediaType_LooksAtTheBodyAllTheSame()
    {
        byte[] policy = Encoding.UTF8.GetBytes(Example + "\n");
        Describe(PolicyLint.Check(Domain, txt: null, 200, "text/html", policy)).Should().Be($"Error WrongMediaType 0:0, Warning BlankLine 7:{Example.Length}");
        Describe(PolicyLint.Check(Domain, txt: null, 200, "text/html", "<html></html>"u8)).Should().Be("Error WrongMediaType 0:0, Error InvalidPolicy 1:0 MissingSeparator");
        Describe(PolicyLint.Check(Domain, txt: null, 200, "text/plain, text/plain", "version: STSv1\nmode: enforced\n"u8))
            .Should().Be("Error WrongMediaType 0:0, Error InvalidPolicy 2:21 InvalidMode");
        Describe(PolicyLint.Check(Domain, txt: null, 200, contentType: null, new byte[Policy.MaxSize + 1])).Should().Be("Error WrongMediaType 0:0, Error TooLarge 1:0 TooLarge");
        Describe(PolicyLint.Check(Domain, txt: null, 404, "text/plain", policy)).Should().Be("Error NotFound 0:0");
    }

    [Fact]
    public void Check_FetchResultWithoutItsText_HasTheSameFindingsWithoutPlaces()
    {
        const string Text = "\uFEFFversion: STSv1\nmode : testing\n\n\n# c\nmx: mx.example.com.\nmx: mx.example.com\nmx: *.example.com\nmx: a.1\nmax_age: 31557601\n";
        string expected = "Warning ByteOrderMark 0:0, Warning BlankLine 0:0, Warning Whitespace 0:0, Warning Comment 0:0, Warning TrailingDot 0:0, "
            + "Warning MaxAgeCapped 0:0, Note ModeTesting 0:0, Note RedundantPattern 0:0, Note DuplicatePattern 0:0, Warning WildcardOverPolicyDomain 0:0, "
            + "Warning NumericLastLabel 0:0";
        IReadOnlyList<Finding> findings = PolicyLint.Check(Domain, txt: null, Fetch(Text));
        Describe(findings).Should().Be(expected);
        findings.Single(static finding => finding.Code is FindingCode.DuplicatePattern).Message.Should().StartWith("\"mx.example.com\" stands there already. ");

        IReadOnlyList<Finding> placed = PolicyLint.Check(Domain, txt: null, 200, "text/plain", Encoding.UTF8.GetBytes(Text));
        placed.Select(static finding => finding.Code).Distinct().Should().BeEquivalentTo(findings.Select(static finding => finding.Code));
        placed.Should().OnlyContain(static finding => finding.Line > 0);
    }

    public static TheoryData<string, string, string> Wildcards => new() // domain, pattern, findings
    {
        { "example.com", "*.example.com", "Warning WildcardOverPolicyDomain 3:33" },
        { "EXAMPLE.com.", "*.example.COM", "Warning WildcardOverPolicyDomain 3:33" },
        { "b\u00FCcher.example", "*.xn--bcher-kva.example", "Warning WildcardOverPolicyDomain 3:33" },
        { "example.com", "*.example.net", "" },
        { "example.com", "*.mx.example.com", "" },
        { "mail.example.com", "*.example.com", "" },
        { "example.com", "mx.example.com", "" },

        // A pattern of two labels is over a top-level domain, whatever the policy domain is.
        { "example.com", "*.com", "Error WildcardOverTopLevelDomain 3:33" },
        { "example.com", "*.XN--P1AI", "Error WildcardOverTopLevelDomain 3:33" },
        { "com", "*.com", "Error WildcardOverTopLevelDomain 3:33" },
        { "example.com", "*.25", "Warning NumericLastLabel 3:33" }, // no top-level domain is a number
        { "example.com", "*.co.uk", "" }, // a public suffix needs a list to be known
    };

    [Theory]
    [MemberData(nameof(Wildcards))]
    public void Check_Wildcard_IsAFindingOverThePolicyDomainOnly(string domain, string pattern, string expected)
    {
        string text = $"version: STSv1\nmode: enforce\nmx: {pattern}\nmax_age: 604800\n";
        Describe(PolicyLint.Check(domain, txt: null, 200, "text/plain", Encoding.UTF8.GetBytes(text))).Should().Be(expected);
    }

    public static TheoryData<string, string, string[], string> Hosts => new() // mode, patterns, hosts, findings
    {
        { "enforce", "mx.example.net", ["mx.example.net"], "" },
        { "enforce", "mx.example.net", ["MX.Example.NET."], "" },
        { "enforce", "*.xn--bcher-kva.example", ["mx.b\u00FCcher.example"], "" },
        { "enforce", "mx.example.net", ["mx.example.net", "mx2.example.net"], "Error UncoveredMxHost 0:0" },
        { "testing", "mx.example.net", ["mx.example.net", "mx2.example.net"], "Note ModeTesting 2:21, Warning UncoveredMxHost 0:0" },
        { "none", "mx.example.net", ["mx2.example.net"], "Note ModeNone 2:21" },
        { "enforce", "mx.example.net", ["mx.example.net", "b.example.net", "B.example.net."], "Error UncoveredMxHost 0:0" }, // one host
        { "enforce", "mx.example.net mx2.example.net", ["mx.example.net"], "Note UnusedPattern 4:52" },
        { "enforce", "*.example.net mx.example.org", ["mx.example.org"], "Note UnusedPattern 3:33" },
        { "enforce", "*.example.net mx.example.net", ["mx.example.net"], "Note RedundantPattern 4:51" }, // both match it: not unused
        { "enforce", "*.example.net", [".example.net"], "Error InvalidMxHost 0:0" }, // which host is meant, nobody can say: none is called unused

        // No MX record: the domain is its own host (RFC 5321, Section 5.1).
        { "enforce", "example.com", [], "" },
        { "enforce", "mx.example.net", [], "Note UnusedPattern 3:33, Error UncoveredMxHost 0:0" },

        // A null MX is no host (RFC 7505). Without mail there is nothing to say of single patterns.
        { "enforce", "mx.example.net", ["."], "Warning NullMx 0:0" },
        { "enforce", "mx.example.net", ["0 ."], "Warning NullMx 0:0" },
        { "testing", "mx.example.net", [" 10\t. "], "Note ModeTesting 2:21, Warning NullMx 0:0" },
        { "none", "mx.example.net", ["."], "Note ModeNone 2:21" },
        { "enforce", "mx.example.net", [".", "mx.example.net"], "Warning NullMx 0:0" },
        { "enforce", "mx.example.net", [".", "mx.example.org"], "Warning NullMx 0:0, Note UnusedPattern 3:33, Error UncoveredMxHost 0:0" },

        // What no mx line can hold. PolicyLintMxHostTests has the advice.
        { "enforce", "mx.example.net", ["10 mx.example.net"], "Error InvalidMxHost 0:0" }, // the host that is meant has its pattern
        { "enforce", "mx.example.net", ["10 mx.example.org"], "Note UnusedPattern 3:33, Error InvalidMxHost 0:0" },
        { "enforce", "mx.example.net", ["192.0.2.25"], "Error InvalidMxHost 0:0" },
        { "enforce", "mx.example.net", ["mx.example.net", ""], "Error InvalidMxHost 0:0" },
        { "testing", "mx.example.net", ["mx.example.net", "_mx.a.example.org"], "Note ModeTesting 2:21, Warning InvalidMxHost 0:0" },
        { "enforce", "*.a.example.org", ["_mx.a.example.org"], "" }, // a wildcard matches it
        { "none", "mx.example.net", ["192.0.2.25"], "Note ModeNone 2:21" },
    };

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Check_MxHosts_GivesTheFindings(string mode, string patterns, string[] hosts, string expected)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        string mx = string.Concat(patterns.Split(' ').Select(static pattern => $"mx: {pattern}\n"));
        byte[] body = Encoding.UTF8.GetBytes($"version: STSv1\nmode: {mode}\n{mx}max_age: 604800\n");
        Describe(PolicyLint.Check(Domain, txt: null, 200, "text/plain", body, hosts)).Should().Be(expected);
        Describe(PolicyLint.Check(Domain, txt: null, 200, "text/plain", body)).Should().NotContain("MxHost").And.NotContain("Unused", "the hosts were not looked at");
    }

    [Fact]
    public void Message_UncoveredHost_ExplainsTheNearMiss()
    {
        PolicyLint.Check(Domain, txt: null, Fetch(Example), [.. ExampleHosts, "a.b.example.net"]).Should().ContainSingle().Which.Message.Should().Be(
            "The MX host \"a.b.example.net\" matches no pattern of the policy: it is one label too deep for \"*.example.net\". "
            + "Senders do not deliver to it. Add an mx line for it, or remove it from the DNS (RFC 8461, section 4.1).");

        FetchResult testing = Fetch(Example.Replace("enforce", "testing", StringComparison.Ordinal));
        PolicyLint.Check(Domain, txt: null, testing, [.. ExampleHosts, "a.b.example.net"])[^1].Message.Should().Be(
            "The MX host \"a.b.example.net\" matches no pattern of the policy: it is one label too deep for \"*.example.net\". "
            + "Senders report it, and would not deliver to it in mode enforce. Add an mx line for it, or remove it from the DNS (RFC 8461, section 4.1).");
    }

    [Fact]
    public void Check_ManyUncoveredHosts_ListsTwentyAndCountsTheRest()
    {
        string[] hosts = [.. ExampleHosts, .. Enumerable.Range(0, 100).Select(static i => $"x{i:x}.example.org")];
        IReadOnlyList<Finding> findings = PolicyLint.Check(Domain, txt: null, Fetch(Example), hosts);
        findings.Should().HaveCount(20).And.OnlyContain(static finding => finding.Code == FindingCode.UncoveredMxHost && finding.Message.Length > 50);
        findings[^1].Message.Should().EndWith(" There are 80 more of this kind.");
    }

    [Fact]
    public void Message_HostileHost_IsSafeToLog()
    {
        Finding finding = PolicyLint.Check(Domain, txt: null, Fetch(Example), [.. ExampleHosts, "\r\nmx\u001B[31m\uD800\u202E" + new string('x', 10_000)])
            .Should().ContainSingle().Subject;
        finding.ToString().Should().Match(text => text.All(c => c >= ' ' && c <= '~'));
        finding.ToString().Length.Should().BeLessThan(600);
    }

    [Fact]
    public void Check_UnknownDomain_SaysNothingOfIt()
    {
        byte[] file = Encoding.UTF8.GetBytes("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 1209600\n");

        PolicyLint.Check("example.com", txt: null, 200, "text/plain", file).Should().ContainSingle(finding => finding.Code == FindingCode.WildcardOverPolicyDomain);
        PolicyLint.Check(domain: null, txt: null, 200, "text/plain", file).Should().BeEmpty();
        PolicyLint.Check(domain: null, txt: null, FetchResult.FromResponse(200, "text/plain", file), mxHosts: []).Should().BeEmpty("no host is known");
    }

    [Fact]
    public void Check_BadArguments_Throw()
    {
        FluentActions.Invoking(() => PolicyLint.Check("[192.0.2.1]", txt: null, fetch: null)).Should().Throw<ArgumentException>().WithParameterName("domain");
        FluentActions.Invoking(() => PolicyLint.Check("", txt: null, 200, "text/plain", default)).Should().Throw<ArgumentException>().WithParameterName("domain");
        FluentActions.Invoking(() => PolicyLint.Check(Domain, txt: null, fetch: null, [null!])).Should().Throw<ArgumentException>().WithParameterName("mxHosts");
    }

    [Fact]
    public void IsMatchedBy_AnyPattern_AgreesWithMatches()
    {
        string[] hosts = ["mx.example.com", "EXAMPLE.net.", ".example.org", "a\0.example.de", "mx.b\u00FCcher.example", "a.b.c", "*.d.e", "", ".", "\uD800.f", "mail"];
        string[] patterns =
        [
            "mx.example.com", "*.example.com", "example.com", "example.net", "*.net", "*.example.org", "example.org", "*.example.de", "*.de",
            "*.xn--bcher-kva.example", "mx.xn--bcher-kva.example", "*.b.c", "*.c", "a.b.c", "*.d.e", "*.f", "mail", "*.mail",
        ];
        MxHostSet set = new(hosts);
        foreach (MxPattern pattern in patterns.Select(MxPattern.Parse))
        {
            set.IsMatchedBy(pattern).Should().Be(hosts.Any(host => pattern.Matches(host)), "of {0}", pattern);
        }
    }

    /// <summary>The status, the Content-Type, the message of the first finding.</summary>
    public static TheoryData<int, string?, string> ResponseMessages => new()
    {
        { 301, "text/html", "The policy host answers with status 301, and senders follow no redirect. Serve the file itself with status 200 (RFC 8461, section 3.3)." },
        { 404, "text/html", "The policy host does not have the file (404). Serve it at \"/.well-known/mta-sts.txt\" (RFC 8461, section 3.3)." },
        { 401, null, "The policy host answers with status 401. Let anyone read the file, without a login (RFC 8461, section 3.3)." },
        { 403, null, "The policy host answers with status 403. Let anyone read the file, without a login (RFC 8461, section 3.3)." },
        { 410, null, "The policy host answers with status 410. Serve the file at \"/.well-known/mta-sts.txt\" (RFC 8461, section 3.3)." },
        { 421, null, "The policy host answers with status 421. Serve the file with status 200 (RFC 8461, section 3.3)." },
        { 429, null, "The policy host answers with status 429. Do not limit how often senders may ask for the file (RFC 8461, section 3.3)." },
        { 503, null, "The policy host answers with status 503. Repair the server, so that it serves the file with status 200 (RFC 8461, section 3.3)." },
        { 204, "text/plain", "The policy host answers with status 204. Serve the file with status 200 (RFC 8461, section 3.3)." },
        { -1, null, "The policy host answers with status -1. Serve the file with status 200 (RFC 8461, section 3.3)." },
        { 200, null, "The policy file has no media type. Serve it with one \"Content-Type: text/plain\" (RFC 8461, section 3.2)." },
        { 200, " ", "The policy file has no media type. Serve it with one \"Content-Type: text/plain\" (RFC 8461, section 3.2)." },
        { 200, "text/html", "The media type of the policy file is \"text/html\", not text/plain. Serve it with one \"Content-Type: text/plain\" (RFC 8461, section 3.2)." },
        {
            200, "text/plain, text/plain",
            "The policy file has several media types: \"text/plain, text/plain\". Serve it with one \"Content-Type: text/plain\" (RFC 8461, section 3.2)."
        },
        {
            200, "text/plain; charset=\"utf-8",
            "A quote is not closed in the media type of the policy file, \"text/plain; charset=\"utf-8\". Serve it with one \"Content-Type: text/plain\" (RFC 8461, section 3.2)."
        },
        {
            200, "text/\r\n\u202Ehtml",
            "The media type of the policy file is \"text/<U+000D><U+000A><U+202E>html\", not text/plain. Serve it with one \"Content-Type: text/plain\" (RFC 8461, section 3.2)."
        },
    };

    [Theory]
    [MemberData(nameof(ResponseMessages))]
    public void Message_Response_ShowsWhatCameAndTheRemedy(int statusCode, string? contentType, string expected)
    {
        byte[] body = Encoding.UTF8.GetBytes(Example);
        PolicyLint.Check(Domain, txt: null, statusCode, contentType, body)[0].Message.Should().Be(expected);
        PolicyLint.Check(Domain, txt: null, FetchResult.FromResponse(statusCode, contentType, body))[0].Message.Should().Be(expected);
    }

    [Fact]
    public void Message_NoResponse_ShowsNoStatusAndNoMediaType()
    {
        string Of(FetchStatus status) => PolicyLint.Check(Domain, txt: null, FetchResult.Failed(status))[0].Message;
        Of(FetchStatus.Redirected).Should().StartWith("The policy host answers with a redirect, and ");
        Of(FetchStatus.UnexpectedStatus).Should().StartWith("The policy host answers with a status other than 200. Serve ");
        Of(FetchStatus.WrongMediaType).Should().StartWith("The media type of the policy file is not text/plain. Serve ");
    }

    /// <summary>A discarded record, and the one thing to change.</summary>
    public static TheoryData<string, string> NearRecords => new()
    {
        { "v=stsv1; id=1", "Write \"v=STSv1\" in this letter case" },
        { "V=STSV1 ; id=1", "Write \"v=STSv1\" in this letter case" }, // the first fault from the left
        { " v=STSv1; id=1", "Remove the whitespace in front of \"v=STSv1\"" },
        { " \tv=stsv1; id=1", "Remove the whitespace in front of \"v=STSv1\"" },
        { "\"v=STSv1; id=1\"", "Remove the quotes" },
        { " \"v=STSv1; id=1\"", "Remove the quotes" },
        { "'v=STSv1; id=1'", "Remove the quotes" },
        { "\u201Cv=STSv1; id=1\u201D", "Remove the quotes" },
        { "\\\"v=STSv1; id=1\\\"", "Remove the quotes and the backslashes" },
        { "v=STSv1\\; id=1\\;", "Remove the backslashes" },
        { "v=STSv1 ; id=-", "Remove the whitespace in front of the first semicolon" },
        { "v=STSv1", "Put a semicolon and an \"id=\" after it" },
        { "v=STSv1 id=1", "Put a semicolon right after \"v=STSv1\"" },
        { "v=STSv1, id=1", "Replace the character after \"v=STSv1\" by a semicolon" }, // "v=STSv1;, id=1" would be malformed
        { "v=STSv1: id=1", "Replace the character after \"v=STSv1\" by a semicolon" },
        { "_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=1\"", "Put only the text in quotes into the record data" },
        { "_mta-sts IN TXT v=STSv1; id=1", "Remove what is in front of \"v=STSv1\"" },
        { "\uFEFFv=STSv1; id=1", "Remove what is in front of \"v=STSv1\"" },
        { "STSv1; id=1", "Begin the record with \"v=STSv1;\"" },
        { "v= STSv1; id=1", "Begin the record with \"v=STSv1;\"" },
        { "v=MTA-STSv1; id=1", "Begin the record with \"v=STSv1;\"" },
    };

    [Theory]
    [MemberData(nameof(NearRecords))]
    public void Message_DiscardedRecord_QuotesItAndSaysTheOneThingToChange(string record, string remedy)
    {
        Finding finding = PolicyLint.Check(Domain, TxtAnswer.FromRecords(["some other record", record]), fetch: null).Should().ContainSingle().Subject;

        string quoted = record.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\u201C", "<U+201C>", StringComparison.Ordinal).Replace("\u201D", "<U+201D>", StringComparison.Ordinal)
            .Replace("\uFEFF", "<U+FEFF>", StringComparison.Ordinal).Replace("\t", "<U+0009>", StringComparison.Ordinal);
        finding.Message.Should().Be($"The TXT record \"{quoted}\" looks like one of MTA-STS, but senders discard it. {remedy} (RFC 8461, section 3.1).");
        (finding.Code, finding.Severity).Should().Be((FindingCode.DiscardedRecord, Severity.Error));
    }

    // A publisher who follows the advice to the letter has a record.
    [Theory]
    [InlineData("v=stsv1; id=1")]
    [InlineData(" v=STSv1; id=1")]
    [InlineData("\"v=STSv1; id=1\"")]
    [InlineData("\\\"v=STSv1; id=1\\\"")]
    [InlineData("v=STSv1\\; id=1\\;")]
    [InlineData("v=STSv1 id=1")]
    [InlineData("v=STSv1, id=1")]
    [InlineData("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=1\"")]
    [InlineData("_mta-sts IN TXT v=STSv1; id=1")]
    public void Message_DiscardedRecord_AdviceOnceFollowedGivesARecord(string record)
    {
        string message = PolicyLint.Check(Domain, TxtAnswer.FromRecords([record, "other"]), fetch: null).Should().ContainSingle().Which.Message;
        (string Advice, Func<string, string> Follow)[] advices =
        [
            ("Write \"v=STSv1\" in this letter case", static text => "v=STSv1" + text[7..]),
            ("Remove the whitespace in front", static text => text.TrimStart()),
            ("Remove the quotes and the backslashes", static text => text.Replace("\"", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)),
            ("Remove the quotes", static text => text.Replace("\"", "", StringComparison.Ordinal)),
            ("Remove the backslashes", static text => text.Replace("\\", "", StringComparison.Ordinal)),
            ("Put a semicolon right after", static text => text.Insert(7, ";")),
            ("Replace the character after \"v=STSv1\" by a semicolon", static text => text.Remove(7, 1).Insert(7, ";")),
            ("Put only the text in quotes", static text => text.Split('"')[1]),
            ("Remove what is in front", static text => text[text.IndexOf("v=STSv1", StringComparison.Ordinal)..]),
        ];

        string followed = Array.Find(advices, advice => message.Contains(advice.Advice, StringComparison.Ordinal)).Follow(record);

        TxtAnswer.FromRecords([followed]).Status.Should().Be(TxtStatus.Found, followed);
    }

    [Fact]
    public void Message_LongHostileRecord_IsCutAndSafeToLog()
    {
        string record = "v=STSv1\r\n\u2028" + new string('x', 60_000);
        Finding finding = PolicyLint.Check(Domain, TxtAnswer.FromRecords([record]), fetch: null).Should().ContainSingle().Subject;
        finding.Message.Should().StartWith("The TXT record \"v=STSv1<U+000D><U+000A><U+2028>xxx").And.MatchRegex("^[ -~]{1,500}$");
    }

    private static FetchResult Fetch(string text) => FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(text));

    private static string Describe(IReadOnlyList<Finding> findings)
    {
        findings.ShouldSpeakInSentences();
        return string.Join(", ", findings.Select(static finding =>
            $"{finding.Severity} {finding.Code} {finding.Line}:{finding.Offset}{(finding.ParseErrorCode is ParseErrorCode.None ? "" : $" {finding.ParseErrorCode}")}"));
    }
}
