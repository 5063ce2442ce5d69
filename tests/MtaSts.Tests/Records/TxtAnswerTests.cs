namespace MtaSts.Tests;

public sealed class TxtAnswerTests
{
    private const string Good = "v=STSv1; id=1;";
    private const string Spaced = "v=STSv1 ; id=1"; // allowed by the grammar, not by the prose (erratum 6285)
    private const string Malformed = "v=STSv1; id=2025-07-04";
    private const string Foreign = "v=spf1 -all";

    // Each answer is tested in every rotation of its records and its reverse, and with records split into strings.
    public static TheoryData<string[], TxtStatus> Answers => new()
    {
        { [], TxtStatus.NoRecord },
        { [""], TxtStatus.NoRecord },
        { [Foreign], TxtStatus.NoRecord },
        { [Foreign, Foreign], TxtStatus.NoRecord },
        { [Good], TxtStatus.Found },
        { [Good, Foreign], TxtStatus.Found },
        { [Good, Foreign, "", "v=STSv2; id=2", " v=STSv1; id=2", "v=stsv1; id=2"], TxtStatus.Found },
        { [Good, "v=STSv1"], TxtStatus.Found }, // discarded: no semicolon
        { [Good, Spaced], TxtStatus.Found }, // discarded: not the only record
        { [Good, Spaced, Spaced], TxtStatus.Found },
        { [Good, Good], TxtStatus.MultipleRecords },
        { [Good, Malformed], TxtStatus.MultipleRecords }, // counted before they are parsed
        { [Malformed, Malformed], TxtStatus.MultipleRecords },
        { [Good, "v=STSv1;"], TxtStatus.MultipleRecords },
        { [Good, Foreign, Good, Foreign], TxtStatus.MultipleRecords },
        { [Malformed], TxtStatus.InvalidRecord },
        { [Malformed, Foreign], TxtStatus.InvalidRecord },
        { [Malformed, Spaced], TxtStatus.InvalidRecord },
        { ["v=STSv1;"], TxtStatus.InvalidRecord },
        { ["v=STSv1;\0"], TxtStatus.InvalidRecord },
        { ["v=STSv1"], TxtStatus.NoRecord },
        { [Spaced], TxtStatus.Found },
        { ["v=STSv1\t;id=1"], TxtStatus.Found },
        { [Spaced, Foreign], TxtStatus.NoRecord }, // discarded: not the only record
        { [Spaced, Spaced], TxtStatus.NoRecord },
        { ["v=STSv1 ; id=2025-07-04"], TxtStatus.NoRecord }, // allowed neither by the prose nor by the grammar
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void FromRecords_AnyOrder_ReturnsTheStatus(string[] records, TxtStatus status)
    {
        for (int turn = 0; turn < Math.Max(records.Length, 1); turn++)
        {
            string[] turned = [.. records.Skip(turn), .. records.Take(turn)];
            Check(TxtAnswer.FromRecords(turned), status);
            Check(TxtAnswer.FromRecords(Enumerable.Reverse(turned)), status);
            for (int length = 1; length < 10; length += 3)
            {
                Check(TxtAnswer.FromCharacterStrings(turned.Select(record => Split(record, length))), status);
            }
        }
    }

    [Fact]
    public void FromRecords_Found_ReturnsTheRecord()
    {
        TxtAnswer.FromRecords(["x", "v=STSv1; id=a; more=b;"]).Record.Should().Be(StsRecord.Parse("v=STSv1; id=a; more=b"));
        TxtAnswer.FromRecords(["v=STSv1 ; id=a"]).Record.Should().Be(new StsRecord("a"));
    }

    [Fact]
    public void FromCharacterStrings_OfOneRecord_AreJoinedWithoutASpace()
    {
        string[][] records = [["v=ST", "Sv1; i", "d=20", "16", "", ";"], ["other"]];

        TxtAnswer.FromCharacterStrings(records).Record!.Id.Should().Be("2016");
    }

    [Fact]
    public void FromCharacterStrings_RecordWithoutStrings_IsAnEmptyOne()
    {
        TxtAnswer.FromCharacterStrings([[]]).Status.Should().Be(TxtStatus.NoRecord);
        TxtAnswer.FromCharacterStrings([[], ["v=STSv1;", " id=1"]]).Status.Should().Be(TxtStatus.Found);
    }

    [Fact]
    public void FromRecords_InvalidRecord_ReturnsTheParseError()
    {
        StsRecord.TryParse(Malformed, out _, out ParseError error).Should().BeFalse();

        TxtAnswer.FromRecords([Foreign, Malformed]).Error.Should().Be(error);
        error.Code.Should().Be(ParseErrorCode.InvalidId);
        error.Offset.Should().Be(12);
    }

    [Fact]
    public void From_Empty_IsNoRecord()
    {
        TxtAnswer.FromRecords([]).Should().BeSameAs(TxtAnswer.NoRecord);
        TxtAnswer.FromCharacterStrings([]).Should().BeSameAs(TxtAnswer.NoRecord);
    }

    [Fact]
    public void FromRecords_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>("records", static () => TxtAnswer.FromRecords(null!));
        Assert.Throws<ArgumentNullException>("records", static () => TxtAnswer.FromCharacterStrings(null!));
        Assert.Throws<ArgumentException>("records", static () => TxtAnswer.FromRecords([Good, null!]));
        Assert.Throws<ArgumentException>("records", static () => TxtAnswer.FromCharacterStrings([[Good], null!]));
    }

    [Fact]
    public void FromRecords_Lazy_EnumeratesOnce()
    {
        int times = 0;
        IEnumerable<string> Records()
        {
            times++;
            yield return Foreign;
            yield return Good;
        }

        TxtAnswer.FromRecords(Records()).Status.Should().Be(TxtStatus.Found);
        times.Should().Be(1);
    }

    [Fact]
    public void LookupFailed_HasNoRecordAndNoError() => Check(TxtAnswer.LookupFailed, TxtStatus.LookupFailed);

    private static IEnumerable<string> Split(string record, int length) => record.Chunk(length).Select(static part => new string(part));

    private static void Check(TxtAnswer answer, TxtStatus status)
    {
        answer.Status.Should().Be(status);
        (answer.Record is not null).Should().Be(status is TxtStatus.Found);
        answer.IsFound.Should().Be(status is TxtStatus.Found);
        if (answer.IsFound)
        {
            answer.Record.Id.Should().NotBeEmpty(); // The compiler knows that the record is not null.
        }

        if (status is not TxtStatus.NoRecord)
        {
            (answer.Error != default).Should().Be(status is TxtStatus.InvalidRecord);
        }
    }

    /// <summary>Discarded records that look like an MTA-STS record, and the text that the error shows.</summary>
    public static TheoryData<string, string> NearRecords => new()
    {
        { "v=stsv1; id=1", "v=stsv1; id=1" }, // another letter case
        { "V=STSv1; id=1", "V=STSv1; id=1" },
        { "v=STSV1; id=1", "v=STSV1; id=1" },
        { "\"v=STSv1; id=1\"", "\\\"v=STSv1; id=1\\\"" }, // the quotes of a zone file
        { "'v=STSv1; id=1'", "'v=STSv1; id=1'" },
        { "\u201Cv=STSv1; id=1\u201D", "<U+201C>v=STSv1; id=1..." },
        { "\\\"v=STSv1; id=1\\\"", "\\\\\\\"v=STSv1; id=1\\\\\\\"" },
        { "v=STSv1\\; id=1\\;", "v=STSv1\\\\; id=1\\\\;" }, // the escapes of a zone file
        { " v=STSv1; id=1", " v=STSv1; id=1" }, // whitespace in front
        { "\tv=STSv1; id=1", "<U+0009>v=STSv1; id=1" },
        { "\uFEFFv=STSv1; id=1", "<U+FEFF>v=STSv1; id=1" },
        { "v=STSv1", "v=STSv1" },
        { "v=STSv1 id=1", "v=STSv1 id=1" }, // no semicolon
        { "v=STSv1id=1", "v=STSv1id=1" },
        { "v=STSv1, id=1", "v=STSv1, id=1" },
        { "v=STSv1\uFF1B id=1", "v=STSv1<U+FF1B> id=1" },
        { "v=STSv1.0; id=1", "v=STSv1.0; id=1" },
        { "v=STSv1 ; id=2025-07-04", "v=STSv1 ; id=2025-07-04" }, // allowed neither by the prose nor by the grammar
        { "_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=1\"", "_mta-sts.example.com. 36..." }, // a line of a zone file
        { "_mta-sts IN TXT v=STSv1; id=1", "_mta-sts IN TXT v=STSv1;..." },
        { "STSv1; id=1", "STSv1; id=1" },
        { "v=MTA-STSv1; id=1", "v=MTA-STSv1; id=1" },
        { "v= STSv1; id=1", "v= STSv1; id=1" },
        { "version: STSv1", "version: STSv1" }, // a policy
        { "v=STSv1\r\n\u2028\u0085", "v=STSv1<U+000D><U+000A>..." },
    };

    [Theory]
    [MemberData(nameof(NearRecords))]
    public void Error_NearRecord_ShowsIt(string record, string found)
    {
        foreach (string[] records in (string[][])[[record], [Foreign, record], [record, Foreign], ["", record, "v=stsv1; id=other"]])
        {
            TxtAnswer answer = TxtAnswer.FromRecords(records);

            answer.Status.Should().Be(TxtStatus.NoRecord, "the record is discarded");
            answer.Record.Should().BeNull();
            (answer.Error.Code, answer.Error.Line, answer.Error.Offset).Should().Be((ParseErrorCode.NotAnStsRecord, 1, 0));
            answer.ToString().Should().Be(
                $"NoRecord, line 1, offset 0: expected \"v=STSv1;\" at the start of the record, found \"{found}\" (RFC 8461 section 3.1)");
        }

        TxtAnswer.FromRecords([record, Good, record])
            .Should().Match<TxtAnswer>(answer => answer.Status == TxtStatus.Found && answer.Error == default);
    }

    [Fact]
    public void Error_SeveralNearRecords_ShowsTheFirst()
    {
        string[] records = [Foreign, "v=STSv1, id=1", "v=stsv1; id=1"];
        TxtAnswer.FromRecords(records).Error.ToString().Should().Contain("found \"v=STSv1, id=1\"");
        TxtAnswer.FromRecords(Enumerable.Reverse(records)).Error.ToString().Should().Contain("found \"v=stsv1; id=1\"");
        TxtAnswer.FromRecords([Spaced, Foreign]).Error.ToString()
            .Should().Contain("found \"v=STSv1 ; id=1\"", "it is discarded: not the only record");
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=spf1 -all")]
    [InlineData("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")]
    [InlineData("v=TLSRPTv1; rua=mailto:stsv1@example.com")] // a record of another kind; only its report address contains stsv1
    [InlineData("\"v=TLSRPTv1; rua=mailto:stsv1@example.com\"")]
    [InlineData(" v=spf1 include:STSv1.example.com -all")]
    [InlineData("v=STSv2; id=1")]
    [InlineData("v=STSv2; was=STSv1")]
    [InlineData("v=STSv10; id=1")] // another version
    [InlineData("STSv12 STSv13")]
    [InlineData("mta-sts")]
    [InlineData("id=1")]
    public void Error_UnrelatedRecord_IsNone(string record)
    {
        TxtAnswer answer = TxtAnswer.FromRecords([record]);
        answer.Should().BeSameAs(TxtAnswer.NoRecord);
        answer.Error.Should().Be(default(ParseError));
        answer.ToString().Should().Be("NoRecord");
    }

    [Fact]
    public void ToString_EachStatus_IsOneLine()
    {
        TxtAnswer.FromRecords(["v=STSv1; id=20160831; more=b"]).ToString().Should().Be("Found, id 20160831");
        TxtAnswer.FromRecords([Good, Good]).ToString().Should().Be("MultipleRecords");
        TxtAnswer.LookupFailed.ToString().Should().Be("LookupFailed");
        TxtAnswer.FromRecords([Malformed]).ToString().Should().Be(
            "InvalidRecord, line 1, offset 12: expected an id of 1 to 32 ASCII letters and digits, found \"2025-07-04\" " +
            "(RFC 8461 section 3.1)");
    }

    [Fact]
    public void ToString_LargestHostileRecord_IsShortAndPrintable()
    {
        foreach (string text in (string[])["\r\n", "\u2028", "\uD800", "\0", "STSv1", "STSv10", "v=STSv1", "\"", "\\"])
        {
            string repeated = string.Concat(Enumerable.Repeat(text, 65_536 / text.Length));
            foreach (string record in (string[])[repeated, repeated + "v=STSv1", "v=STSv1" + repeated, "v=STSv1; id=" + repeated])
            {
                TxtAnswer.FromRecords([record]).ToString().Should().MatchRegex("^[ -~]{1,200}$");
            }
        }
    }

    [Fact]
    public void NoRecord_IsTheAnswerWithoutRecords()
    {
        TxtAnswer.NoRecord.Status.Should().Be(TxtStatus.NoRecord);
        TxtAnswer.NoRecord.Record.Should().BeNull();
        TxtAnswer.FromRecords([]).Should().BeSameAs(TxtAnswer.NoRecord);
    }
}
