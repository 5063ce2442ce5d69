namespace MtaSts.Tests;

public sealed class TxtAnswerTests
{
    private const string Good = "v=STSv1; id=1;";
    private const string Spaced = "v=STSv1 ; id=1"; // by the grammar, not by the prose: erratum 6285
    private const string Malformed = "v=STSv1; id=2025-07-04";
    private const string Foreign = "v=spf1 -all";

    // Each answer is tried in every order of its records, and with each record cut into character-strings.
    public static TheoryData<string[], TxtStatus> Answers => new()
    {
        { [], TxtStatus.NoRecord },
        { [""], TxtStatus.NoRecord },
        { [Foreign], TxtStatus.NoRecord },
        { [Foreign, Foreign], TxtStatus.NoRecord },
        { [Good], TxtStatus.Found },
        { [Good, Foreign], TxtStatus.Found },
        { [Good, Foreign, "", "v=STSv2; id=2", " v=STSv1; id=2", "v=stsv1; id=2"], TxtStatus.Found },
        { [Good, "v=STSv1"], TxtStatus.Found }, // no semicolon, so discarded
        { [Good, Spaced], TxtStatus.Found }, // discarded, as it is not the only one
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
        { [Spaced, Foreign], TxtStatus.NoRecord }, // discarded when there are more
        { [Spaced, Spaced], TxtStatus.NoRecord },
        { ["v=STSv1 ; id=2025-07-04"], TxtStatus.NoRecord }, // neither by the prose nor by the grammar
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void FromRecords_AnyOrder_GivesTheStatus(string[] records, TxtStatus status)
    {
        for (int turn = 0; turn < Math.Max(records.Length, 1); turn++)
        {
            string[] turned = [.. records.Skip(turn), .. records.Take(turn)];
            Check(TxtAnswer.FromRecords(turned), status);
            Check(TxtAnswer.FromRecords(Enumerable.Reverse(turned)), status);
            for (int length = 1; length < 10; length += 3)
            {
                Check(TxtAnswer.FromRecords(turned.Select(record => record.Chunk(length).Select(static part => new string(part)))), status);
            }
        }
    }

    [Fact]
    public void FromRecords_Found_GivesTheRecord()
    {
        TxtAnswer.FromRecords(["x", "v=STSv1; id=a; more=b;"]).Record.Should().Be(StsRecord.Parse("v=STSv1; id=a; more=b"));
        TxtAnswer.FromRecords(["v=STSv1 ; id=a"]).Record.Should().Be(new StsRecord("a"));
    }

    [Fact]
    public void FromRecords_Strings_AreJoinedWithoutASpace()
    {
        string[][] records = [["v=ST", "Sv1; i", "d=20", "16", "", ";"], ["other"]];

        TxtAnswer.FromRecords(records).Record!.Id.Should().Be("2016");
    }

    [Fact]
    public void FromRecords_RecordWithoutStrings_IsAnEmptyOne()
    {
        TxtAnswer.FromRecords([Array.Empty<string>()]).Status.Should().Be(TxtStatus.NoRecord);
        TxtAnswer.FromRecords([[], ["v=STSv1;", " id=1"]]).Status.Should().Be(TxtStatus.Found);
    }

    [Fact]
    public void FromRecords_InvalidRecord_GivesTheErrorOfItsParse()
    {
        StsRecord.TryParse(Malformed, out _, out ParseError error).Should().BeFalse();

        TxtAnswer.FromRecords([Foreign, Malformed]).Error.Should().Be(error);
        error.Code.Should().Be(ParseErrorCode.InvalidId);
        error.Offset.Should().Be(12);
    }

    [Fact]
    public void FromRecords_Empty_Compiles() => TxtAnswer.FromRecords([]).Status.Should().Be(TxtStatus.NoRecord);

    [Fact]
    public void FromRecords_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>("records", static () => TxtAnswer.FromRecords((IEnumerable<string>)null!));
        Assert.Throws<ArgumentNullException>("records", static () => TxtAnswer.FromRecords((IEnumerable<IEnumerable<string>>)null!));
        Assert.Throws<ArgumentException>("records", static () => TxtAnswer.FromRecords([Good, null!]));
        Assert.Throws<ArgumentException>("records", static () => TxtAnswer.FromRecords([[Good], (IEnumerable<string>)null!]));
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
    public void LookupFailed_KnowsNothing() => Check(TxtAnswer.LookupFailed, TxtStatus.LookupFailed);

    private static void Check(TxtAnswer answer, TxtStatus status)
    {
        answer.Status.Should().Be(status);
        (answer.Record is not null).Should().Be(status is TxtStatus.Found);
        (answer.Error != default).Should().Be(status is TxtStatus.InvalidRecord);
    }

    [Fact]
    public void NoRecord_IsTheAnswerWithoutRecords()
    {
        TxtAnswer.NoRecord.Status.Should().Be(TxtStatus.NoRecord);
        TxtAnswer.NoRecord.Record.Should().BeNull();
        TxtAnswer.FromRecords([]).Should().BeSameAs(TxtAnswer.NoRecord);
    }
}
