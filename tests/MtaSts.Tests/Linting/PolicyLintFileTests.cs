using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Tests the findings on a policy file by itself, each with a similar file without the finding.</summary>
public sealed class PolicyLintFileTests
{
    private const string Good = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n";

    /// <summary>A file with a ^ at the position of each finding, and the findings in their order.</summary>
    public static TheoryData<string, string> Files => new()
    {
        { Good, "" },
        { Good.TrimEnd('\n'), "" },                                       // the last line ending is optional
        { Good.Replace("\n", "\r\n", StringComparison.Ordinal), "" },     // CRLF is allowed like LF (erratum 6253)
        { Good.Replace(": ", ":", StringComparison.Ordinal), "" },
        { Good.Replace("\n", " \t\n", StringComparison.Ordinal), "" },    // whitespace may follow a value
        { Good + "more: b\n", "" },
        { // section 3.2
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n"
                + "mx: backupmx.example.com\r\nmax_age: 604800\r\n",
            ""
        },
        {
            "version: STSv1\nmode: ^testing\nmx: mx1.example.com\nmx: mx2.example.com\nmx: mx.backup-example.com\n"
                + "max_age: 1296000\n", // appendix A
            "Note ModeTesting"
        },
        { "version: STSv1\nmode: ^none\nmax_age: 0\n", "Note ModeNone" }, // an opt-out should have a small age, section 8.3

        { "^\uFEFF" + Good, "Warning ByteOrderMark" },
        { "^\n" + Good, "Warning BlankLine" },
        { Good + "^ \t", "Warning BlankLine" },
        { "version: STSv1\nmode: enforce\n^\r\n^\nmx: mx.example.com\nmax_age: 604800\n", "Warning BlankLine, Warning BlankLine" },
        { "^ version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", "Warning Whitespace" },
        { "version^\t: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", "Warning Whitespace" },
        { "^ version : STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", "Warning Whitespace" }, // one per line
        { Good + "  ^# mx: b.example.com\n", "Warning Comment" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com^. \nmax_age: 604800\n", "Warning TrailingDot" },
        { "version: STSv1\nmode: enforce\nmx: *.^\nmax_age: 604800\n", "Error InvalidPolicy" }, // the dot belongs to the pattern
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^31557601\n", "Warning MaxAgeCapped" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 31557600\n", "" },

        { Good + "^mode: none\n^version: x\n^max_age: 1\n", "Warning DuplicateField, Warning DuplicateField, Warning DuplicateField" },
        { Good + "more: b\nmore: c\n", "" }, // extensions may repeat

        { Good + "^ms: b.example.com\n", "Warning MisspelledField" },
        { Good + "^nmx: b.example.com\n", "Warning MisspelledField" },
        { Good + "^MX: b.example.com\n", "Warning MisspelledField" },
        { Good + "^maxage: 1\n", "Warning MisspelledField" },
        { Good + "^max-age: 1\n", "Warning MisspelledField" },
        { Good + "^Max_Age: 1\n", "Warning MisspelledField" },
        { Good + "^maxAge: 1\n", "Warning MisspelledField" },
        { Good + "^Mode: none\n", "Warning MisspelledField" },
        { Good + "^Version: STSv1\n", "Warning MisspelledField" },
        { Good + "^vesrion: STSv1\n", "Warning MisspelledField" },
        { Good + "^verzions: STSv1\n", "Warning MisspelledField" }, // two errors in a long name
        { Good + "^max-ages: 1\n", "Warning MisspelledField" },
        { Good + "more: b\nnode: c\nmoed: d\n", "" }, // similar to mode, which the file has
        { Good + "age: 1\nm.o.d.e: 1\nextension: 1\nid: 1\ncontact: 1\ns: 1\n", "" },
        { Good + "note: \u00E9\n^ms: b\n", "Warning MisspelledField" }, // bytes and characters count differently

        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^0\n", "Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^86399\n", "Warning MaxAgeUnderDay" },
        { // it expires when a daily refresh begins
            "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^86400\n",
            "Warning MaxAgeUnderDay"
        },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^86401\n", "Warning MaxAgeUnderWeek" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^604799\n", "Warning MaxAgeUnderWeek" },
        { "version: STSv1\nmode: ^testing\nmx: mx.example.com\nmax_age: ^86399\n", "Note ModeTesting, Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: ^testing\nmx: mx.example.com\nmax_age: ^86400\n", "Note ModeTesting, Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: ^testing\nmx: mx.example.com\nmax_age: 86401\n", "Note ModeTesting" },
        { "version: STSv1\nmode: ^none\nmx: mx.example.com\nmax_age: 86400\n", "Note ModeNone" }, // an opt-out is to be short, Section 8.3

        { Good + "mx: ^MX.example.com\n", "Note DuplicatePattern" },
        { Good + "mx: mx2.example.com\n", "" },
        { // in either order
            "version: STSv1\nmode: enforce\nmx: ^mx.example.com\nmax_age: 604800\nmx: *.example.com",
            "Note RedundantPattern"
        },
        { "mx: *.example.com\nversion: STSv1\nmode: enforce\nmx: ^mx.example.com\nmax_age: 604800\n", "Note RedundantPattern" },
        { // no host of the wildcard
            "version: STSv1\nmode: enforce\nmx: mx.eu.example.com\nmx: example.com\nmx: mail\nmx: *.example.com\nmax_age: 604800\n",
            ""
        },
        { "version: STSv1\nmode: enforce\nmx: ^192.0.2.1\nmax_age: 604800\n", "Warning NumericLastLabel" },
        { "version: STSv1\nmode: enforce\nmx: ^*.25\nmax_age: 604800\n", "Warning NumericLastLabel" },
        { "version: STSv1\nmode: enforce\nmx: 25.example.c0m\nmx: 25.1a\nmax_age: 604800\n", "" },

        { "version: STSv1\nmode: enforce\nmx: ^*.com\nmax_age: 604800\n", "Error WildcardOverTopLevelDomain" },
        { "version: STSv1\nmode: ^testing\nmx: ^*.localdomain\nmax_age: 604800\n", "Note ModeTesting, Error WildcardOverTopLevelDomain" },
        { "version: STSv1\nmode: enforce\nmx: com\nmax_age: 604800\n", "" }, // a name allows one host

        // Several fields on a line.
        { "version: ^STSv1 ^mode: enforce mx: mail.example.com max_age: 86400", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: ^STSv1; ^mode: enforce; mx: mail.example.com; max_age: 86400\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { // meant as the end of a line
            "version: ^STSv1\\n^mode: enforce\\nmx: mail.example.com\\n",
            "Error InvalidPolicy, Error SeveralFieldsOnLine"
        },
        { "version: ^STSv1<br>^mode : enforce<br>\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: STSv1\nmode: ^enforce ^max_age: 86400\nmx: a.example\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        {
            "version: STSv1\nmode: enforce\nmx: a.example^ ^mx: b.example\nmax_age: 604800\n",
            "Error InvalidPolicy, Error SeveralFieldsOnLine"
        },
        { "version: ^^mode: enforce\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: ^STSv1 xmode: enforce\n", "Error InvalidPolicy" }, // another name
        { "version: ^STSv1 mode enforce\n", "Error InvalidPolicy" },
        { Good + "note: see mx: a\n^bad\n", "Error InvalidPolicy" }, // an extension may contain that
        { Good + "^mode: none mx: a\n", "Warning DuplicateField" }, // the file is still valid

        // An invalid file has its other findings at once.
        {
            "version: STSv1\nmode: ^enforced\n^\n^ms: mx.example.com\n^maxage: 604800\n",
            "Error InvalidPolicy, Warning BlankLine, Warning MisspelledField, Warning MisspelledField"
        },
        { Good + "^\r", "Error InvalidPolicy" }, // neither a line ending nor whitespace
        { Good + "mx: ^.\n", "Error InvalidPolicy" }, // without a name, the dot is not a trailing dot
        { "^", "Error InvalidPolicy" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Check_File_GivesTheFindingsByEveryRoute(string marked, string expected)
    {
        ArgumentNullException.ThrowIfNull(marked);
        string text = marked.Replace("^", "", StringComparison.Ordinal);
        byte[] bytes = Encoding.UTF8.GetBytes(text);

        Describe(PolicyLint.Check(text)).Should().Be(Expect(marked, expected, static part => part.Length));
        Describe(PolicyLint.Check(bytes)).Should().Be(Expect(marked, expected, Encoding.UTF8.GetByteCount));

        // As part of a publication whose other parts were not checked.
        Publication publication = new(200, "text/plain", bytes) { Domain = PolicyDomain.Parse("example.org") };
        Describe(PolicyLint.Check(publication)).Should().Be(Expect(marked, expected, Encoding.UTF8.GetByteCount));
    }

    /// <summary>A text for each error of a file.</summary>
    public static TheoryData<ParseErrorCode, string> BrokenFiles => new()
    {
        { ParseErrorCode.TooLarge, new string('\n', Policy.MaxSize + 1) },
        { ParseErrorCode.ControlCharacter, Good.Replace("mx.", "m\0.", StringComparison.Ordinal) },
        { ParseErrorCode.MissingSeparator, Good + "mx mx.example.com" },
        { ParseErrorCode.InvalidFieldName, Good + "_more: b" },
        { ParseErrorCode.InvalidFieldValue, Good + "more:" },
        { ParseErrorCode.UnsupportedVersion, Good.Replace("STSv1", "STSv2", StringComparison.Ordinal) },
        { ParseErrorCode.InvalidMode, Good.Replace("enforce", "Enforce", StringComparison.Ordinal) },
        { ParseErrorCode.InvalidMaxAge, Good.Replace("604800", "1w", StringComparison.Ordinal) },
        { ParseErrorCode.MissingVersion, Good.Replace("version", "other", StringComparison.Ordinal) },
        { ParseErrorCode.MissingMode, Good.Replace("mode", "other", StringComparison.Ordinal) },
        { ParseErrorCode.MissingMaxAge, Good.Replace("max_age", "other", StringComparison.Ordinal) },
        { ParseErrorCode.MissingMx, Good.Replace("mx:", "other:", StringComparison.Ordinal) },
        { ParseErrorCode.EmptyName, Good + "mx:" },
        { ParseErrorCode.MisplacedWildcard, Good + "mx: *" },
        { ParseErrorCode.AddressLiteral, Good + "mx: [192.0.2.1]" },
        { ParseErrorCode.NonAsciiName, Good + "mx: b\u00FCcher.example" },
        { ParseErrorCode.InvalidNameCharacter, Good + "mx: a_b.example.com" },
        { ParseErrorCode.EmptyLabel, Good + "mx: a..example.com" },
        { ParseErrorCode.TrailingDot, Good + "mx: a.example.com.." },
        { ParseErrorCode.MisplacedHyphen, Good + "mx: -a.example.com" },
        { ParseErrorCode.LabelTooLong, Good + "mx: " + new string('a', 64) },
        { ParseErrorCode.NameTooLong, Good + "mx: " + string.Join('.', Enumerable.Repeat(new string('a', 63), 4)) },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void Check_InvalidFile_HasTheBrokenRuleAndItsPosition(ParseErrorCode code, string text)
    {
        Policy.TryParse(text, out _, out ParseError error).Should().BeFalse();
        Finding finding = PolicyLint.Check(text)[0];
        finding.Code.Should().Be(code is ParseErrorCode.TooLarge ? FindingCode.TooLarge : FindingCode.InvalidPolicy);
        finding.Severity.Should().Be(Severity.Error);
        finding.ParseErrorCode.Should().Be(code);
        (finding.Line, finding.Offset).Should().Be((error.Line, error.Offset));
        finding.Message.Should().EndWith($": {error.Reason}.");
    }

    [Fact]
    public void Check_FileThatIsNotUtf8_HasTheBrokenRuleAndItsPosition()
    {
        Finding finding = PolicyLint.Check([.. Encoding.ASCII.GetBytes(Good), .. "memo: "u8, 0xFF]).Should().ContainSingle().Subject;
        (finding.Code, finding.ParseErrorCode, finding.Line, finding.Offset)
            .Should().Be((FindingCode.InvalidPolicy, ParseErrorCode.InvalidEncoding, 5, Good.Length + 6));
    }

    [Theory]
    [InlineData("moed")]
    [InlineData("Mode")]
    [InlineData("node")]
    public void Check_MisspelledRequiredField_IsAFindingBesideTheError(string name) =>
        Describe(PolicyLint.Check($"version: STSv1\n{name}: none\n")).Should().Be("Error InvalidPolicy 3:26, Warning MisspelledField 2:15");

    [Fact]
    public void BrokenFiles_HaveARowForEveryErrorOfAFile()
    {
        ParseErrorCode[] elsewhere =
        [
            ParseErrorCode.None,
            ParseErrorCode.InvalidEncoding, // tested above, because the table holds characters
            ParseErrorCode.NotAnStsRecord, ParseErrorCode.EmptyField, ParseErrorCode.InvalidId, ParseErrorCode.MissingId, // of a record
            ParseErrorCode.DomainTooLong, // of a PolicyDomain
        ];
        BrokenFiles.Select(row => (ParseErrorCode)row[0]).Should().BeEquivalentTo(Enum.GetValues<ParseErrorCode>().Except(elsewhere));
    }

    [Fact]
    public void Message_EachFinding_NamesTheRemedy()
    {
        const string File = " version: STSv1\nmode: testing\nmx: mx.example.com\nmode: none\nms: b\nmax_age: 86399\nmx: MX.example.com\n";
        Messages(File).Should().Equal(
            "A field has whitespace before its name or its colon. Remove it. "
                + "Strict senders reject the whole policy (RFC 8461 section 3.2).",
            "Senders ignore this \"mode\" and use the one on line 2. Keep only the intended one (RFC 8461 section 3.2).",
            "The field \"ms\" is unknown, and senders ignore it. If \"mx\" is meant, use exactly that name (RFC 8461 section 3.2).",
            "The mode is testing: senders report failures but deliver the mail. "
                + "Use enforce when the reports show no failures (RFC 8461 section 5).",
            "Expected a max_age of more than a day, found 86399 seconds. "
                + "The policy expires before a sender that refreshes daily renews it. "
                + "Use several weeks, such as 1209600 (RFC 8461 section 3.2).",
            "\"mx.example.com\" is already listed on line 3. Remove one of the two lines.");
    }

    [Fact]
    public void Message_SeveralFieldsOnALine_AsksForALineEach()
    {
        const string File = "version: STSv1 mode: enforce mx: mail.example.com max_age: 86400";
        Messages(File).Should().Equal(
            $"Senders reject the whole policy: {ReasonOf(File)}.",
            "Expected one field on each line, found \"mode\" on the same line as \"version\". "
                + "Put each field on its own line (RFC 8461 section 3.2).");
    }

    [Fact]
    public void Message_WildcardOverATopLevelDomain_NamesTheRemedy() =>
        Messages(Good.Replace("mx.example.com", "*.com", StringComparison.Ordinal)).Should().Equal(
            "\"*.com\" allows every domain directly under \"com\" as an MX host. Anyone who registers one can receive the mail. "
            + "List the MX hosts by name (RFC 8461 sections 3.2 and 4.1).");

    /// <summary>A host in the file, and what the finding shows; null: what the parser shows.</summary>
    public static TheoryData<string, string?> HostsBeyondAscii => new()
    {
        { "mail\u200B.example.com", "<U+200B>, an invisible character. Remove it" },
        { "mail.example.com\uFEFF", "<U+FEFF>, an invisible character. Remove it" },
        { "ma\u00ADil.example.com", "<U+00AD>, an invisible character. Remove it" }, // a soft hyphen
        { "mail.\u00A0example.com", "<U+00A0>, an invisible character. Remove it" },
        { "mail.example.com\u2028", "<U+2028>, an invisible character. Remove it" },
        { "m\u00FCail\u200B.example.com", "<U+200B>, an invisible character. Remove it" }, // the A-label would keep it
        { "mail\u20131.example.com", "<U+2013>, which is neither a letter nor a digit. Replace it" }, // an en dash
        { "mail.example\u3002com", "<U+3002>, which is neither a letter nor a digit. Replace it" }, // an ideographic full stop
        { "b\u00FCcher.example", null },
        { "\u0939\u093F\u0928\u094D\u0926\u0940.example", null },
        { "b\u00FCcher.example # \u200B", null }, // after the name
    };

    [Theory]
    [MemberData(nameof(HostsBeyondAscii))]
    public void Message_HostBeyondAscii_ShowsTheCharacterAndTheRemedy(string host, string? found)
    {
        string text = $"version: STSv1\nmode: enforce\nmx: {host}\nmx: other\u00E9.example\nmax_age: 604800\n";
        string reason = found is null
            ? ReasonOf(text)
            : $"expected letters, digits, hyphens and dots in a host name, found {found} (RFC 8461 section 3.2)";
        foreach (Finding finding in (Finding[])[PolicyLint.Check(text)[0], PolicyLint.Check(Encoding.UTF8.GetBytes(text))[0]])
        {
            finding.Message.Should().Be($"Senders reject the whole policy: {reason}.");
            (finding.Code, finding.ParseErrorCode, finding.Line).Should().Be((FindingCode.InvalidPolicy, ParseErrorCode.NonAsciiName, 3));
        }
    }

    [Fact]
    public void ToString_Finding_HasSeverityCodeAndPosition() =>
        PolicyLint.Check(Good + "\n")[0].ToString()
            .Should().StartWith("warning BlankLine, line 5, offset 64: A line is blank. Remove it. ");

    [Fact]
    public void Check_ManyFindingsOfACode_ListsTwentyAndCountsTheRest()
    {
        Describe(PolicyLint.Check(Good + new string('\n', 20))).Split(", ").Should().HaveCount(20);
        PolicyLint.Check(Good + new string('\n', 20))[^1].Message.Should().NotContain("more of this kind");

        IReadOnlyList<Finding> findings = PolicyLint.Check(Good + new string('\n', 1_000));
        findings.Should().HaveCount(20);
        findings[^1].Message.Should().EndWith(" There are 980 more of this kind.");
        findings[^1].Line.Should().Be(24);
    }

    [Theory]
    [InlineData(Deviations.None)]
    [InlineData(Deviations.ByteOrderMark | Deviations.BlankLine)]
    [InlineData(Deviations.Whitespace | Deviations.BlankLine)]
    [InlineData(Deviations.Comment | Deviations.TrailingDot)]
    [InlineData(Deviations.TrailingDot | Deviations.MaxAgeCapped)]
    [InlineData((Deviations)64)]
    public void AddDeviation_NoneOrSeveral_Throws(Deviations deviation) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(deviation), () => new FieldLint(new FindingList(), isPolicy: true).AddDeviation(deviation, position: default));

    public static TheoryData<string> HostileFiles =>
    [
        new string('\n', Policy.MaxSize),
        new string(':', Policy.MaxSize),
        new string('a', Policy.MaxSize),
        new string(' ', Policy.MaxSize),
        string.Concat(Enumerable.Repeat("ms:\n", Policy.MaxSize / 4)),
        "version:" + new string(':', Policy.MaxSize - 8),
        "version:" + string.Concat(Enumerable.Repeat("xmode  :", (Policy.MaxSize - 8) / 8)),
        string.Concat(Enumerable.Repeat("mx: mx:\n", Policy.MaxSize / 8)),
        "mx:" + new string('\u00E9', (Policy.MaxSize - 3) / 2),
        string.Concat(Enumerable.Repeat("mx:a\n", Policy.MaxSize / 5)),
        Good + string.Concat(Enumerable.Repeat("mx:1\n", (Policy.MaxSize - Good.Length) / 5)),
        Good + string.Concat(Enumerable.Repeat("mode:x\n", (Policy.MaxSize - Good.Length) / 7)),
    ];

    [Theory]
    [MemberData(nameof(HostileFiles))]
    public void Check_LargestFileOfRepetitions_IsShort(string text)
    {
        string[] hosts = [.. Enumerable.Range(0, 2_000).Select(static i => $"x{i:x}.example.com")];
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Publication publication = new(200, "text/plain", bytes) { Domain = PolicyDomain.Parse("example.com"), MxHosts = hosts };
        PolicyLint.Check(publication).Count.Should().BeLessThan(200);
    }

    private static IEnumerable<string> Messages(string text) => PolicyLint.Check(text).Select(static finding => finding.Message);

    private static string ReasonOf(string text)
    {
        Policy.TryParse(text, out _, out ParseError error).Should().BeFalse();
        return error.Reason;
    }

    private static string Describe(IReadOnlyList<Finding> findings)
    {
        findings.ShouldBeSentences();
        return string.Join(", ", findings.Select(static finding => $"{finding.Severity} {finding.Code} {finding.Line}:{finding.Offset}"));
    }

    private static string Expect(string marked, string expected, Func<string, int> length)
    {
        string[] parts = marked.Split('^');
        string[] findings = expected.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        findings.Should().HaveCount(parts.Length - 1, "each finding has its mark");
        return string.Join(", ", findings.Select((finding, i) =>
        {
            string before = string.Concat(parts.Take(i + 1));
            return $"{finding} {1 + before.Count(static c => c == '\n')}:{length(before)}";
        }));
    }
}
