using MtaSts;

namespace Consumer;

/// <summary>The TXT record and the answer of its lookup.</summary>
internal static class Records
{
    private const string Text = "v=STSv1; id=20260101T000000Z; more=b";

    public static void Run()
    {
        Parsing();
        Making();
        Answers();
    }

    private static void Parsing()
    {
        StsRecord record = StsRecord.Parse(Text);
        Check.That("the id of a record", record.Id == "20260101T000000Z");
        Check.That("the extensions of a record", record.Extensions is [("more", "b")]);
        Check.That("a record from characters", StsRecord.Parse(Text.AsSpan()) == record);
        Check.That("a record from UTF-8", StsRecord.Parse("v=STSv1; id=20260101T000000Z; more=b;"u8) == record);
        Check.That("a record is tried", StsRecord.TryParse(Text, out StsRecord? one) && one == record);
        Check.That(
            "a record is tried with an error",
            StsRecord.TryParse(Text, out one, out ParseError error) && one == record && error == default);
        Check.That("a record is tried from UTF-8", StsRecord.TryParse("v=STSv1; id=1"u8, out one) && one != record);
        Check.That(
            "a malformed record tells why",
            !StsRecord.TryParse("v=STSv1; id=a-b"u8, out one, out error) && one is null
                && error is { Code: ParseErrorCode.InvalidId, Line: 1, Offset: 12 });

        Span<char> chars = stackalloc char[64];
        Span<byte> bytes = stackalloc byte[64];
        Check.That("a record writes characters", record.TryFormat(chars, out int written) && chars[..written].SequenceEqual(Text));
        Check.That("a record writes UTF-8", record.TryFormat(bytes, out written) && StsRecord.Parse(bytes[..written]) == record);

        Interfaces.CheckEquality(record, StsRecord.Parse(Text), new StsRecord("1"));
        Interfaces.CheckText(record, Text);
        Interfaces.CheckParsing<StsRecord>(Text, "v=STSv1; id=");
        Interfaces.CheckFormatting(record, Text);
    }

    private static void Making()
    {
        Check.That("a record from an id", new StsRecord("1").ToString() == "v=STSv1; id=1");
        Check.That("a record of a time", StsRecord.At(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).Id == "20260102T030405Z");
        Check.That(
            "a record of a policy",
            Policies.Enforcing.CreateRecord() is { Id.Length: 32 } record && record != Policies.Testing.CreateRecord());
        Check.Throws<ArgumentException>("an id that is none", static () => _ = new StsRecord("-"));
    }

    private static void Answers()
    {
        Check.That(
            "one record is found",
            TxtAnswer.FromRecords(["v=spf1 -all", Text]) is { Status: TxtStatus.Found, Record.Id: "20260101T000000Z" });
        Check.That("strings are joined", TxtAnswer.FromCharacterStrings([["v=STSv1; ", "id=1"]]).Record?.Id == "1");
        Check.That("two records are none", TxtAnswer.FromRecords([Text, Text]) is { Status: TxtStatus.MultipleRecords, Record: null });
        Check.That(
            "a malformed record tells why",
            TxtAnswer.FromRecords(["v=STSv1; id=-"]) is { Status: TxtStatus.InvalidRecord, Error.Code: ParseErrorCode.InvalidId });
        Check.That(
            "a record that is nearly one tells why",
            TxtAnswer.FromRecords(["v=stsv1; id=1"]) is { Status: TxtStatus.NoRecord, Error.Code: ParseErrorCode.NotAnStsRecord });
        Interfaces.CheckText(TxtAnswer.FromRecords([Text]), "Found, id 20260101T000000Z");
        Check.That("no record", TxtAnswer.NoRecord.Status is TxtStatus.NoRecord);
        Check.That("a lookup that failed", TxtAnswer.LookupFailed.Status is TxtStatus.LookupFailed);
    }
}
