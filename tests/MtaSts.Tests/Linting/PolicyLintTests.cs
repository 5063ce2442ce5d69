using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Tests the findings on a publication: record, fetch, policy and MX hosts.</summary>
public sealed class PolicyLintTests
{
    // RFC 8461 sections 3.1 and 3.2.
    private const string ExampleRecord = "v=STSv1; id=20160831085700Z;";
    private const string Example =
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n";

    private const string Expected200 = "Expected status 200 from the policy host, found status ";
    private const string ExpectedText = "Expected the media type \"text/plain\", found ";
    private const string ServeAsText = "Serve the file with one \"Content-Type: text/plain\"";

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly string[] ExampleHosts = ["mail.example.com", "backupmx.example.com", "mx1.example.net"];

    [Fact]
    public void Check_ExampleOfTheRfc_HasNoFinding()
    {
        TxtAnswer txt = TxtAnswer.FromRecords([ExampleRecord]);
        byte[] body = Encoding.UTF8.GetBytes(Example);
        PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = Domain, Txt = txt, MxHosts = ExampleHosts })
            .Should().BeEmpty();
        PolicyLint.Check(new Publication(Fetch(Example)) { Domain = Domain, Txt = txt, MxHosts = ExampleHosts }).Should().BeEmpty();
        PolicyLint.Check(new Publication { Domain = Domain }).Should().BeEmpty("nothing was checked");
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
        { ["v=STSv1 ; id=a"], "Warning WhitespaceBeforeSemicolon 0:0" },
        { ["v=STSv1\t; id=a"], "Warning WhitespaceBeforeSemicolon 0:0" },
        { ["v=STSv1 ; id=a", "some other record"], "Error DiscardedRecord 0:0" },
        { ["v=STSv1 ; id=a", ExampleRecord], "" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void Check_Record_GivesTheFindingByBothRoutes(string[] records, string expected)
    {
        TxtAnswer txt = TxtAnswer.FromRecords(records);
        byte[] body = Encoding.UTF8.GetBytes(Example);
        Describe(PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = Domain, Txt = txt })).Should().Be(expected);
        Describe(PolicyLint.Check(new Publication { Domain = Domain, Txt = txt })).Should().Be(expected);
    }

    [Fact]
    public void Check_RecordLookupFailed_IsANote() =>
        Describe(PolicyLint.Check(new Publication { Txt = TxtAnswer.LookupFailed })).Should().Be("Note RecordLookupFailed 0:0");

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
        Describe(PolicyLint.Check(new Publication(statusCode, contentType, body) { Domain = Domain })).Should().Be(expected);
        FetchResult fetch = FetchResult.FromResponse(statusCode, contentType, body);
        Describe(PolicyLint.Check(new Publication(fetch) { Domain = Domain })).Should().Be(expected);
    }

    [Fact]
    public void Check_FailedFetch_HasTheFindingOfTheSameName()
    {
        foreach (FetchStatus status in Enum.GetValues<FetchStatus>().Except([FetchStatus.Ok]))
        {
            Describe(PolicyLint.Check(new Publication(FetchResult.Failed(status)) { Domain = Domain })).Should().Be($"Error {status} 0:0");
        }
    }

    [Fact]
    public void Check_TooLargeBody_IsOneFinding()
    {
        byte[] body = Encoding.UTF8.GetBytes(new string('\n', Policy.MaxSize + 1)); // Rejected unparsed, so without findings on its lines.
        FetchResult fetch = FetchResult.FromResponse(200, "text/plain", body);
        Describe(PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = Domain })).Should().Be("Error TooLarge 1:0 TooLarge");
        Describe(PolicyLint.Check(new Publication(fetch) { Domain = Domain })).Should().Be("Error TooLarge 1:0 TooLarge");
    }

    [Fact]
    public void Check_WrongMediaType_ChecksTheBodyAsWell()
    {
        byte[] policy = Encoding.UTF8.GetBytes(Example + "\n");
        Describe(PolicyLint.Check(new Publication(200, "text/html", policy) { Domain = Domain }))
            .Should().Be($"Error WrongMediaType 0:0, Warning BlankLine 7:{Example.Length}");
        Describe(PolicyLint.Check(new Publication(200, "text/html", "<html></html>"u8) { Domain = Domain }))
            .Should().Be("Error WrongMediaType 0:0, Error InvalidPolicy 1:0 MissingSeparator");
        Describe(PolicyLint.Check(new Publication(200, "text/plain, text/plain", "version: STSv1\nmode: enforced\n"u8) { Domain = Domain }))
            .Should().Be("Error WrongMediaType 0:0, Error InvalidPolicy 2:21 InvalidMode");
        Describe(PolicyLint.Check(new Publication(200, contentType: null, new byte[Policy.MaxSize + 1]) { Domain = Domain }))
            .Should().Be("Error WrongMediaType 0:0, Error TooLarge 1:0 TooLarge");
        Describe(PolicyLint.Check(new Publication(404, "text/plain", policy) { Domain = Domain })).Should().Be("Error NotFound 0:0");
    }

    [Fact]
    public void Check_FetchResultWithoutItsText_HasTheSameFindingsWithoutPositions()
    {
        const string Text = "\uFEFFversion: STSv1\nmode : testing\n\n\n# c\n"
            + "mx: mx.example.com.\nmx: mx.example.com\nmx: *.example.com\nmx: a.1\nmax_age: 31557601\n";
        string expected = "Warning ByteOrderMark 0:0, Warning BlankLine 0:0, Warning Whitespace 0:0, Warning Comment 0:0, "
            + "Warning TrailingDot 0:0, Warning MaxAgeCapped 0:0, Note ModeTesting 0:0, Note RedundantPattern 0:0, "
            + "Note DuplicatePattern 0:0, Warning WildcardOverPolicyDomain 0:0, Warning NumericLastLabel 0:0";
        IReadOnlyList<Finding> findings = PolicyLint.Check(new Publication(Fetch(Text)) { Domain = Domain });
        Describe(findings).Should().Be(expected);
        findings.Single(static finding => finding.Code is FindingCode.DuplicatePattern)
            .Message.Should().StartWith("\"mx.example.com\" is already listed. ");

        byte[] body = Encoding.UTF8.GetBytes(Text);
        IReadOnlyList<Finding> located = PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = Domain });
        located.Select(static finding => finding.Code).Distinct().Should().BeEquivalentTo(findings.Select(static finding => finding.Code));
        located.Should().OnlyContain(static finding => finding.Line > 0);
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

        // A pattern of two labels is over a top-level domain, for any policy domain.
        { "example.com", "*.com", "Error WildcardOverTopLevelDomain 3:33" },
        { "example.com", "*.XN--P1AI", "Error WildcardOverTopLevelDomain 3:33" },
        { "com", "*.com", "Error WildcardOverTopLevelDomain 3:33" },
        { "example.com", "*.25", "Warning NumericLastLabel 3:33" }, // no top-level domain is a number
        { "example.com", "*.co.uk", "" }, // public suffixes are not known without a list
    };

    [Theory]
    [MemberData(nameof(Wildcards))]
    public void Check_Wildcard_IsAFindingOverThePolicyDomainOnly(string domain, string pattern, string expected)
    {
        byte[] body = Encoding.UTF8.GetBytes($"version: STSv1\nmode: enforce\nmx: {pattern}\nmax_age: 604800\n");
        Describe(PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = PolicyDomain.Parse(domain) })).Should().Be(expected);
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
        { "enforce", "*.example.net mx.example.net", ["mx.example.net"], "Note RedundantPattern 4:51" }, // both match it, so both are used
        { // the intended host is unknown
            "enforce", "*.example.net", [".example.net"],
            "Error InvalidMxHost 0:0"
        },

        // No MX record: the domain is its own host (RFC 5321 section 5.1).
        { "enforce", "example.com", [], "" },
        { "enforce", "mx.example.net", [], "Note UnusedPattern 3:33, Error UncoveredMxHost 0:0" },

        // A null MX is not a host (RFC 7505). Without mail, single patterns have no findings.
        { "enforce", "mx.example.net", ["."], "Warning NullMx 0:0" },
        { "enforce", "mx.example.net", ["0 ."], "Warning NullMx 0:0" },
        { "testing", "mx.example.net", [" 10\t. "], "Note ModeTesting 2:21, Warning NullMx 0:0" },
        { "none", "mx.example.net", ["."], "Note ModeNone 2:21" },
        { "enforce", "mx.example.net", [".", "mx.example.net"], "Warning NullMx 0:0" },
        {
            "enforce", "mx.example.net", [".", "mx.example.org"],
            "Warning NullMx 0:0, Note UnusedPattern 3:33, Error UncoveredMxHost 0:0"
        },

        // Names that no mx line can hold. PolicyLintMxHostTests has the advice.
        { "enforce", "mx.example.net", ["10 mx.example.net"], "Error InvalidMxHost 0:0" }, // the intended host has its pattern
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
        Describe(PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = Domain, MxHosts = hosts })).Should().Be(expected);
        Describe(PolicyLint.Check(new Publication(200, "text/plain", body) { Domain = Domain }))
            .Should().NotContain("MxHost").And.NotContain("Unused", "the hosts were not checked");
    }

    [Fact]
    public void Message_UncoveredHost_ExplainsTheNearMiss()
    {
        string[] hosts = [.. ExampleHosts, "a.b.example.net"];
        PolicyLint.Check(new Publication(Fetch(Example)) { MxHosts = hosts }).Should().ContainSingle().Which.Message.Should().Be(
            "The MX host \"a.b.example.net\" matches no pattern of the policy: it is one label too deep for \"*.example.net\". "
            + "Senders do not deliver to it. Add an mx line for it, or remove it from the DNS (RFC 8461 section 4.1).");

        FetchResult testing = Fetch(Example.Replace("enforce", "testing", StringComparison.Ordinal));
        PolicyLint.Check(new Publication(testing) { MxHosts = hosts })[^1].Message.Should().Be(
            "The MX host \"a.b.example.net\" matches no pattern of the policy: it is one label too deep for \"*.example.net\". "
            + "Senders report it, and would not deliver to it in mode enforce. "
            + "Add an mx line for it, or remove it from the DNS (RFC 8461 section 4.1).");
    }

    [Fact]
    public void Check_ManyUncoveredHosts_ListsTwentyAndCountsTheRest()
    {
        string[] hosts = [.. ExampleHosts, .. Enumerable.Range(0, 100).Select(static i => $"x{i:x}.example.org")];
        IReadOnlyList<Finding> findings = PolicyLint.Check(new Publication(Fetch(Example)) { Domain = Domain, MxHosts = hosts });
        findings.Should().HaveCount(20)
            .And.OnlyContain(static finding => finding.Code == FindingCode.UncoveredMxHost && finding.Message.Length > 50);
        findings[^1].Message.Should().EndWith(" There are 80 more of this kind.");
    }

    [Fact]
    public void Message_HostileHost_IsSafeToLog()
    {
        string[] hosts = [.. ExampleHosts, "\r\nmx\u001B[31m\uD800\u202E" + new string('x', 10_000)];
        Finding finding = PolicyLint.Check(new Publication(Fetch(Example)) { MxHosts = hosts }).Should().ContainSingle().Subject;
        finding.ToString().Should().Match(text => text.All(c => c >= ' ' && c <= '~'));
        finding.ToString().Length.Should().BeLessThan(600);
    }

    [Fact]
    public void Check_UnknownDomain_SkipsTheChecksThatNeedIt()
    {
        byte[] file = Encoding.UTF8.GetBytes("version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 1209600\n");

        PolicyLint.Check(new Publication(200, "text/plain", file) { Domain = Domain })
            .Should().ContainSingle(finding => finding.Code == FindingCode.WildcardOverPolicyDomain);
        PolicyLint.Check(new Publication(200, "text/plain", file)).Should().BeEmpty();
        PolicyLint.Check(new Publication(FetchResult.FromResponse(200, "text/plain", file)) { MxHosts = [] })
            .Should().BeEmpty("no host is known");
    }

    [Fact]
    public void IsMatchedBy_AnyPattern_AgreesWithMatches()
    {
        string[] hosts =
        [
            "mx.example.com", "EXAMPLE.net.", ".example.org", "a\0.example.de", "mx.b\u00FCcher.example", "a.b.c", "*.d.e", "", ".",
            "\uD800.f", "mail",
        ];
        string[] patterns =
        [
            "mx.example.com", "*.example.com", "example.com", "example.net", "*.net", "*.example.org", "example.org",
            "*.example.de", "*.de", "*.xn--bcher-kva.example", "mx.xn--bcher-kva.example", "*.b.c", "*.c", "a.b.c", "*.d.e",
            "*.f", "mail", "*.mail",
        ];
        MxHostSet set = new(hosts);
        foreach (MxPattern pattern in patterns.Select(MxPattern.Parse))
        {
            set.IsMatchedBy(pattern).Should().Be(hosts.Any(host => pattern.Matches(host)), "of {0}", pattern);
        }
    }

    /// <summary>The status, the Content-Type and the message of the first finding without its section.</summary>
    public static TheoryData<int, string?, string> ResponseMessages => new()
    {
        { 301, "text/html", $"{Expected200}301. Senders do not follow redirects. Serve the file itself at \"/.well-known/mta-sts.txt\"" },
        { 404, "text/html", "Expected the policy file at \"/.well-known/mta-sts.txt\", found status 404. Serve the file there" },
        { 401, null, $"{Expected200}401. Let anyone read the file, without a login" },
        { 403, null, $"{Expected200}403. Let anyone read the file, without a login" },
        { 410, null, $"{Expected200}410. Serve the file at \"/.well-known/mta-sts.txt\"" },
        { 421, null, $"{Expected200}421. Serve the file with status 200" },
        { 429, null, $"{Expected200}429. Do not limit how often senders may request the file" },
        { 503, null, $"{Expected200}503. Repair the server" },
        { 204, "text/plain", $"{Expected200}204. Serve the file with status 200" },
        { -1, null, $"{Expected200}-1. Serve the file with status 200" },
        { 200, null, $"{ExpectedText}no media type. {ServeAsText}" },
        { 200, " ", $"{ExpectedText}no media type. {ServeAsText}" },
        { 200, "text/html", $"{ExpectedText}\"text/html\". {ServeAsText}" },
        { 200, "text/plain, text/plain", $"{ExpectedText}several: \"text/plain, text/plain\". {ServeAsText}" },
        {
            200, "text/plain; charset=\"utf-8",
            $"{ExpectedText}a quote that is not closed: \"text/plain; charset=\\\"utf-8\". {ServeAsText}"
        },
        { 200, "text/\r\n\u202Ehtml", $"{ExpectedText}\"text/<U+000D><U+000A><U+202E>html\". {ServeAsText}" },
    };

    [Theory]
    [MemberData(nameof(ResponseMessages))]
    public void Message_Response_ShowsTheResponseAndTheRemedy(int statusCode, string? contentType, string expected)
    {
        byte[] body = Encoding.UTF8.GetBytes(Example);
        string message = $"{expected} (RFC 8461 section {(statusCode == 200 ? "3.2" : "3.3")}).";
        PolicyLint.Check(new Publication(statusCode, contentType, body))[0].Message.Should().Be(message);
        PolicyLint.Check(new Publication(FetchResult.FromResponse(statusCode, contentType, body)))[0].Message.Should().Be(message);
    }

    [Fact]
    public void Message_NoResponse_ShowsNoStatusAndNoMediaType()
    {
        string Of(FetchStatus status) => PolicyLint.Check(new Publication(FetchResult.Failed(status)) { Domain = Domain })[0].Message;
        Of(FetchStatus.Redirected).Should().StartWith("Expected status 200 from the policy host, found a redirect. ");
        Of(FetchStatus.UnexpectedStatus).Should().StartWith("Expected status 200 from the policy host, found another status. Serve ");
        Of(FetchStatus.WrongMediaType).Should().StartWith("Expected the media type \"text/plain\", found another. Serve ");
    }

    /// <summary>A discarded record and the one change that it needs.</summary>
    public static TheoryData<string, string> NearRecords => new()
    {
        { "v=stsv1; id=1", "Write \"v=STSv1\" in this letter case" },
        { "V=STSV1 ; id=1", "Write \"v=STSv1\" in this letter case" }, // the first fault counts
        { " v=STSv1; id=1", "Remove the whitespace in front of \"v=STSv1\"" },
        { " \tv=stsv1; id=1", "Remove the whitespace in front of \"v=STSv1\"" },
        { "\"v=STSv1; id=1\"", "Remove the quotes" },
        { " \"v=STSv1; id=1\"", "Remove the quotes" },
        { "'v=STSv1; id=1'", "Remove the quotes" },
        { "\u201Cv=STSv1; id=1\u201D", "Remove the quotes" },
        { "\\\"v=STSv1; id=1\\\"", "Remove the quotes and the backslashes" },
        { "v=STSv1\\; id=1\\;", "Remove the backslashes" },
        { "v=STSv1 ; id=-", "Remove the whitespace in front of the first semicolon" },
        { "v=STSv1", "Add a semicolon and an \"id=\" after it" },
        { "v=STSv1 id=1", "Add a semicolon right after \"v=STSv1\"" },
        { "v=STSv1, id=1", "Replace the character after \"v=STSv1\" with a semicolon" }, // "v=STSv1;, id=1" would be invalid
        { "v=STSv1: id=1", "Replace the character after \"v=STSv1\" with a semicolon" },
        { "_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=1\"", "Use only the text inside the quotes as the record data" },
        { "_mta-sts IN TXT v=STSv1; id=1", "Remove the text in front of \"v=STSv1\"" },
        { "\uFEFFv=STSv1; id=1", "Remove the text in front of \"v=STSv1\"" },
        { "STSv1; id=1", "Begin the record with \"v=STSv1;\"" },
        { "v= STSv1; id=1", "Begin the record with \"v=STSv1;\"" },
        { "v=MTA-STSv1; id=1", "Begin the record with \"v=STSv1;\"" },
    };

    [Theory]
    [MemberData(nameof(NearRecords))]
    public void Message_DiscardedRecord_QuotesItAndNamesTheOneChange(string record, string remedy)
    {
        TxtAnswer txt = TxtAnswer.FromRecords(["some other record", record]);
        Finding finding = PolicyLint.Check(new Publication { Txt = txt }).Should().ContainSingle().Subject;

        string quoted = record.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\u201C", "<U+201C>", StringComparison.Ordinal).Replace("\u201D", "<U+201D>", StringComparison.Ordinal)
            .Replace("\uFEFF", "<U+FEFF>", StringComparison.Ordinal).Replace("\t", "<U+0009>", StringComparison.Ordinal);
        finding.Message.Should().Be(
            $"Expected a TXT record that begins with \"v=STSv1;\", found \"{quoted}\", which senders discard. "
            + $"{remedy} (RFC 8461 section 3.1).");
        (finding.Code, finding.Severity).Should().Be((FindingCode.DiscardedRecord, Severity.Error));
    }

    // A publisher who follows the advice exactly has a valid record.
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
        TxtAnswer txt = TxtAnswer.FromRecords([record, "other"]);
        string message = PolicyLint.Check(new Publication { Txt = txt }).Should().ContainSingle().Which.Message;
        (string Advice, Func<string, string> Follow)[] advices =
        [
            ("Write \"v=STSv1\" in this letter case", static text => "v=STSv1" + text[7..]),
            ("Remove the whitespace in front", static text => text.TrimStart()),
            ("Remove the quotes and the backslashes", static text => string.Concat(text.Split('"', '\\'))),
            ("Remove the quotes", static text => text.Replace("\"", "", StringComparison.Ordinal)),
            ("Remove the backslashes", static text => text.Replace("\\", "", StringComparison.Ordinal)),
            ("Add a semicolon right after", static text => text.Insert(7, ";")),
            ("Replace the character after \"v=STSv1\" with a semicolon", static text => text.Remove(7, 1).Insert(7, ";")),
            ("Use only the text inside the quotes", static text => text.Split('"')[1]),
            ("Remove the text in front", static text => text[text.IndexOf("v=STSv1", StringComparison.Ordinal)..]),
        ];

        string followed = Array.Find(advices, advice => message.Contains(advice.Advice, StringComparison.Ordinal)).Follow(record);

        TxtAnswer.FromRecords([followed]).Status.Should().Be(TxtStatus.Found, followed);
    }

    [Fact]
    public void Message_LongHostileRecord_IsCutAndSafeToLog()
    {
        string record = "v=STSv1\r\n\u2028" + new string('x', 60_000);
        TxtAnswer txt = TxtAnswer.FromRecords([record]);
        Finding finding = PolicyLint.Check(new Publication { Txt = txt }).Should().ContainSingle().Subject;
        finding.Message.Should().Contain(", found \"v=STSv1<U+000D><U+000A><U+2028>xxx")
            .And.MatchRegex("^[ -~]{1,500}$");
    }

    private static FetchResult Fetch(string text) => FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(text));

    private static string Describe(IReadOnlyList<Finding> findings)
    {
        findings.ShouldBeSentences();
        return string.Join(", ", findings.Select(static finding =>
            $"{finding.Severity} {finding.Code} {finding.Line}:{finding.Offset}"
                + (finding.ParseErrorCode is ParseErrorCode.None ? "" : $" {finding.ParseErrorCode}")));
    }
}
