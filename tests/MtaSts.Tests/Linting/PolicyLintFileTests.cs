using System.Text;

namespace MtaSts.Tests;

/// <summary>Findings on a policy file by itself: each with its neighbour that has none, and by both routes.</summary>
public sealed class PolicyLintFileTests
{
    private const string Good = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n";

    /// <summary>A file with a ^ at the place of each finding, and the findings in their order.</summary>
    public static TheoryData<string, string> Files => new()
    {
        { Good, "" },
        { Good.TrimEnd('\n'), "" },                                       // a missing final newline is no finding
        { Good.Replace("\n", "\r\n", StringComparison.Ordinal), "" },     // nor are the other line ends (erratum 6253)
        { Good.Replace(": ", ":", StringComparison.Ordinal), "" },
        { Good.Replace("\n", " \t\n", StringComparison.Ordinal), "" },    // blanks may follow a value
        { Good + "more: b\n", "" },
        { "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n", "" }, // Section 3.2
        {
            "version: STSv1\nmode: ^testing\nmx: mx1.example.com\nmx: mx2.example.com\nmx: mx.backup-example.com\nmax_age: 1296000\n", // Appendix A
            "Note ModeTesting"
        },
        { "version: STSv1\nmode: ^none\nmax_age: 0\n", "Note ModeNone" }, // a small age is what an opt-out is to have, Section 8.3

        { "^\uFEFF" + Good, "Warning ByteOrderMark" },
        { "^\n" + Good, "Warning BlankLine" },
        { Good + "^ \t", "Warning BlankLine" },
        { "version: STSv1\nmode: enforce\n^\r\n^\nmx: mx.example.com\nmax_age: 604800\n", "Warning BlankLine, Warning BlankLine" },
        { "^ version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", "Warning Whitespace" },
        { "version^\t: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", "Warning Whitespace" },
        { "^ version : STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", "Warning Whitespace" }, // one a line
        { Good + "  ^# mx: b.example.com\n", "Warning Comment" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com^. \nmax_age: 604800\n", "Warning TrailingDot" },
        { "version: STSv1\nmode: enforce\nmx: *.^\nmax_age: 604800\n", "Error InvalidPolicy" }, // that dot is the pattern's
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^31557601\n", "Warning MaxAgeCapped" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 31557600\n", "" },

        { Good + "^mode: none\n^version: x\n^max_age: 1\n", "Warning DuplicateField, Warning DuplicateField, Warning DuplicateField" },
        { Good + "more: b\nmore: c\n", "" }, // what the RFC does not know is not for us to judge

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
        { Good + "more: b\nnode: c\nmoed: d\n", "" }, // near to mode, which the file has
        { Good + "age: 1\nm.o.d.e: 1\nextension: 1\nid: 1\ncontact: 1\ns: 1\n", "" },
        { Good + "note: \u00E9\n^ms: b\n", "Warning MisspelledField" }, // bytes and characters count differently

        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^0\n", "Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^86399\n", "Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^86400\n", "Warning MaxAgeUnderDay" }, // it expires at the very time of a daily refresh
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^86401\n", "Warning MaxAgeUnderWeek" },
        { "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: ^604799\n", "Warning MaxAgeUnderWeek" },
        { "version: STSv1\nmode: ^testing\nmx: mx.example.com\nmax_age: ^86399\n", "Note ModeTesting, Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: ^testing\nmx: mx.example.com\nmax_age: ^86400\n", "Note ModeTesting, Warning MaxAgeUnderDay" },
        { "version: STSv1\nmode: ^testing\nmx: mx.example.com\nmax_age: 86401\n", "Note ModeTesting" },
        { "version: STSv1\nmode: ^none\nmx: mx.example.com\nmax_age: 86400\n", "Note ModeNone" }, // an opt-out is to be short, Section 8.3

        { Good + "mx: ^MX.example.com\n", "Note DuplicatePattern" },
        { Good + "mx: mx2.example.com\n", "" },
        { "version: STSv1\nmode: enforce\nmx: ^mx.example.com\nmax_age: 604800\nmx: *.example.com", "Note RedundantPattern" }, // in either order
        { "mx: *.example.com\nversion: STSv1\nmode: enforce\nmx: ^mx.example.com\nmax_age: 604800\n", "Note RedundantPattern" },
        { "version: STSv1\nmode: enforce\nmx: mx.eu.example.com\nmx: example.com\nmx: mail\nmx: *.example.com\nmax_age: 604800\n", "" }, // no host of the wildcard
        { "version: STSv1\nmode: enforce\nmx: ^192.0.2.1\nmax_age: 604800\n", "Warning NumericLastLabel" },
        { "version: STSv1\nmode: enforce\nmx: ^*.25\nmax_age: 604800\n", "Warning NumericLastLabel" },
        { "version: STSv1\nmode: enforce\nmx: 25.example.c0m\nmx: 25.1a\nmax_age: 604800\n", "" },

        { "version: STSv1\nmode: enforce\nmx: ^*.com\nmax_age: 604800\n", "Error WildcardOverTopLevelDomain" },
        { "version: STSv1\nmode: ^testing\nmx: ^*.localdomain\nmax_age: 604800\n", "Note ModeTesting, Error WildcardOverTopLevelDomain" },
        { "version: STSv1\nmode: enforce\nmx: com\nmax_age: 604800\n", "" }, // a name is that of one host

        // Several fields on a line.
        { "version: ^STSv1 ^mode: enforce mx: mail.example.com max_age: 86400", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: ^STSv1; ^mode: enforce; mx: mail.example.com; max_age: 86400\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: ^STSv1\\n^mode: enforce\\nmx: mail.example.com\\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" }, // meant for the end of a line
        { "version: ^STSv1<br>^mode : enforce<br>\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: STSv1\nmode: ^enforce ^max_age: 86400\nmx: a.example\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: STSv1\nmode: enforce\nmx: a.example^ ^mx: b.example\nmax_age: 604800\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: ^^mode: enforce\n", "Error InvalidPolicy, Error SeveralFieldsOnLine" },
        { "version: ^STSv1 xmode: enforce\n", "Error InvalidPolicy" }, // another name
        { "version: ^STSv1 mode enforce\n", "Error InvalidPolicy" },
        { Good + "note: see mx: a\n^bad\n", "Error InvalidPolicy" }, // an extension may hold that
        { Good + "^mode: none mx: a\n", "Warning DuplicateField" }, // the file is a policy all the same

        // What else is wrong with a file that is no policy is told at once.
        {
            "version: STSv1\nmode: ^enforced\n^\n^ms: mx.example.com\n^maxage: 604800\n",
            "Error InvalidPolicy, Warning BlankLine, Warning MisspelledField, Warning MisspelledField"
        },
        { Good + "^\r", "Error InvalidPolicy" }, // no end of a line, and no blank
        { Good + "mx: ^.\n", "Error InvalidPolicy" }, // no name, so the dot is none at its end
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

        // By the published set, too, whose other parts are not looked at here.
        Describe(PolicyLint.Check("example.org", txt: null, 200, "text/plain", bytes)).Should().Be(Expect(marked, expected, Encoding.UTF8.GetByteCount));
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
    public void Check_FileThatIsNoPolicy_SaysWhyAndWhere(ParseErrorCode code, string text)
    {
        Policy.TryParse(text, out _, out ParseError error).Should().BeFalse();
        Finding finding = PolicyLint.Check(text)[0];
        finding.Code.Should().Be(code is ParseErrorCode.TooLarge ? FindingCode.TooLarge : FindingCode.InvalidPolicy);
        finding.Severity.Should().Be(Severity.Error);
        finding.ParseErrorCode.Should().Be(code);
        (finding.Line, finding.Offset).Should().Be((error.Line, error.Offset));
        finding.ToString().Should().EndWith(error.ToString()[error.ToString().IndexOf("found ", StringComparison.Ordinal)..] + ".");
    }

    [Fact]
    public void Check_FileThatIsNotUtf8_SaysWhyAndWhere()
    {
        Finding finding = PolicyLint.Check([.. Encoding.ASCII.GetBytes(Good), .. "memo: "u8, 0xFF]).Should().ContainSingle().Subject;
        (finding.Code, finding.ParseErrorCode, finding.Line, finding.Offset)
            .Should().Be((FindingCode.InvalidPolicy, ParseErrorCode.InvalidEncoding, 5, Good.Length + 6));
    }

    [Theory]
    [InlineData("moed")]
    [InlineData("Mode")]
    [InlineData("node")]
    public void Check_MisspelledFieldThatIsMissed_IsAFindingBesideTheError(string name) =>
        Describe(PolicyLint.Check($"version: STSv1\n{name}: none\n")).Should().Be("Error InvalidPolicy 3:26, Warning MisspelledField 2:15");

    [Fact]
    public void BrokenFiles_HaveARowForEveryErrorOfAFile()
    {
        ParseErrorCode[] elsewhere =
        [
            ParseErrorCode.None,
            ParseErrorCode.InvalidEncoding, // tested above: the table holds characters
            ParseErrorCode.NotAnStsRecord, ParseErrorCode.EmptyField, ParseErrorCode.InvalidId, ParseErrorCode.MissingId, // of a record
            ParseErrorCode.DomainTooLong, // of a PolicyDomain
        ];
        BrokenFiles.Select(row => (ParseErrorCode)row[0]).Should().BeEquivalentTo(Enum.GetValues<ParseErrorCode>().Except(elsewhere));
    }

    [Fact]
    public void Message_EachFinding_NamesTheRemedy()
    {
        Messages(" version: STSv1\nmode: testing\nmx: mx.example.com\nmode: none\nms: b\nmax_age: 86399\nmx: MX.example.com\n").Should().Equal(
            "Blanks stand before a field's name or before its colon. Remove them: senders that go by the letter refuse the whole policy (RFC 8461, section 3.2).",
            "This \"mode\" is ignored: the one on line 2 counts. Keep the one that is meant (RFC 8461, section 3.2).",
            "The field \"ms\" means nothing, and senders ignore it. If \"mx\" is meant, write it so, in lower case (RFC 8461, section 3.2).",
            "The mode is testing: senders report failures, and deliver all the same. Use enforce once the reports show none (RFC 8461, section 5).",
            "The max_age of 86399 is a day or less: a sender that refreshes once a day finds such a policy expired. Use weeks, 1209600 say (RFC 8461, section 3.2).",
            "\"mx.example.com\" stands there already on line 3. Remove one of the two.");
    }

    [Fact]
    public void Message_SeveralFieldsOnALine_AsksForALineEach() => Messages("version: STSv1 mode: enforce mx: mail.example.com max_age: 86400").Should().Equal(
        "Senders refuse the whole policy: expected the version \"STSv1\", found \"STSv1 mode: enforce mx: ...\" (RFC 8461 section 3.2).",
        "The field \"mode\" is on the same line as \"version\". Put each field on a line of its own (RFC 8461, section 3.2).");

    [Fact]
    public void Message_WildcardOverATopLevelDomain_NamesTheRemedy() =>
        Messages(Good.Replace("mx.example.com", "*.com", StringComparison.Ordinal)).Should().Equal(
            "\"*.com\" lets every domain right under \"com\" be an MX host, so anyone who registers one can receive the mail. Name the MX hosts (RFC 8461, sections 3.2 and 4.1).");

    /// <summary>A host in the file, and what is said of it.</summary>
    public static TheoryData<string, string> HostsBeyondAscii => new()
    {
        { "mail\u200B.example.com", "a host name holds <U+200B>, an invisible character. Remove it (RFC 8461, section 3.2)" },
        { "mail.example.com\uFEFF", "a host name holds <U+FEFF>, an invisible character. Remove it (RFC 8461, section 3.2)" },
        { "ma\u00ADil.example.com", "a host name holds <U+00AD>, an invisible character. Remove it (RFC 8461, section 3.2)" }, // a soft hyphen
        { "mail.\u00A0example.com", "a host name holds <U+00A0>, an invisible character. Remove it (RFC 8461, section 3.2)" },
        { "mail.example.com\u2028", "a host name holds <U+2028>, an invisible character. Remove it (RFC 8461, section 3.2)" },
        { "m\u00FCail\u200B.example.com", "a host name holds <U+200B>, an invisible character. Remove it (RFC 8461, section 3.2)" }, // it would be left in the A-label
        { "mail\u20131.example.com", "a host name holds <U+2013>, which is neither a letter nor a digit. Replace it (RFC 8461, section 3.2)" }, // an en dash
        { "mail.example\u3002com", "a host name holds <U+3002>, which is neither a letter nor a digit. Replace it (RFC 8461, section 3.2)" }, // an ideographic full stop
        { "b\u00FCcher.example", "expected an ASCII host name, with international labels as A-labels (\"xn--\"), found \"<U+00FC>cher.example\" (RFC 8461 section 3.2)" },
        { "\u0939\u093F\u0928\u094D\u0926\u0940.example", "expected an ASCII host name, with international labels as A-labels (\"xn--\"), found \"<U+0939><U+093F><U+0928>...\" (RFC 8461 section 3.2)" },
        { "b\u00FCcher.example # \u200B", "expected an ASCII host name, with international labels as A-labels (\"xn--\"), found \"<U+00FC>cher.example # ...\" (RFC 8461 section 3.2)" }, // beyond the name
    };

    [Theory]
    [MemberData(nameof(HostsBeyondAscii))]
    public void Message_HostBeyondAscii_ShowsTheCharacterAndTheRemedy(string host, string reason)
    {
        string text = $"version: STSv1\nmode: enforce\nmx: {host}\nmx: other\u00E9.example\nmax_age: 604800\n";
        string expected = $"Senders refuse the whole policy: {reason}.";
        foreach (Finding finding in (Finding[])[PolicyLint.Check(text)[0], PolicyLint.Check(Encoding.UTF8.GetBytes(text))[0]])
        {
            finding.Message.Should().Be(expected);
            (finding.Code, finding.ParseErrorCode, finding.Line).Should().Be((FindingCode.InvalidPolicy, ParseErrorCode.NonAsciiName, 3));
        }
    }

    [Fact]
    public void ToString_Finding_HasSeverityCodeAndPlace() =>
        PolicyLint.Check(Good + "\n")[0].ToString().Should().StartWith("warning BlankLine, line 5, offset 64: A line is blank. Remove it: ");

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
        Assert.Throws<ArgumentOutOfRangeException>(nameof(deviation), () => new FieldLint(new FindingList(), isPolicy: true).AddDeviation(deviation, place: default));

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
        PolicyLint.Check("example.com", txt: null, 200, "text/plain", bytes, hosts).Count.Should().BeLessThan(200);
    }

    private static IEnumerable<string> Messages(string text) => PolicyLint.Check(text).Select(static finding => finding.Message);

    private static string Describe(IReadOnlyList<Finding> findings)
    {
        findings.ShouldSpeakInSentences();
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
