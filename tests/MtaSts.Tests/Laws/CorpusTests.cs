using System.Text;
using System.Text.Json;

namespace MtaSts.Tests;

/// <summary>Verifies the results for policy files and records that domains have published.</summary>
/// <remarks>The strict verdict by the grammar is in the corpus's own index. The deviations and errors below were
/// determined by hand.</remarks>
public sealed class CorpusTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    private static readonly Dictionary<string, Deviations> Tolerated = new(StringComparer.Ordinal)
    {
        ["crlf-enforce-one-mx-86400-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["crlf-testing-five-mx-604800-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["crlf-utf8-bom-enforce-seven-mx-2419200-max-age-before-mx-blank-line-at-end.txt"] =
            Deviations.ByteOrderMark | Deviations.BlankLine,
        ["crlf-utf8-bom-enforce-seven-mx-2419200-max-age-before-mx.txt"] = Deviations.ByteOrderMark,
        ["crlf-utf8-bom-testing-seven-mx-2419200-max-age-before-mx-blank-line-at-end.txt"] =
            Deviations.ByteOrderMark | Deviations.BlankLine,
        ["lf-enforce-five-mx-2419200-max-age-before-mx-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["lf-enforce-one-mx-86400-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["lf-enforce-one-mx-86400-mx-trailing-dot.txt"] = Deviations.TrailingDot,
        ["lf-enforce-two-mx-1209600-no-final-newline-blank-line-at-start.txt"] = Deviations.BlankLine,
        ["lf-enforce-two-mx-604800-mx-trailing-dot.txt"] = Deviations.TrailingDot,
        ["lf-none-two-mx-604800-indented.txt"] = Deviations.Whitespace,
        ["lf-testing-five-mx-604800-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["lf-testing-five-mx-86400-indented.txt"] = Deviations.Whitespace,
        ["lf-testing-one-mx-604800-blank-line-in-middle.txt"] = Deviations.BlankLine,
        ["lf-testing-one-mx-86400-blank-line-at-end-several-blanks-after-colon.txt"] = Deviations.BlankLine,
        ["lf-testing-one-mx-86400-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["lf-testing-three-mx-86400-blank-line-at-end.txt"] = Deviations.BlankLine,
        ["lf-testing-two-mx-1209600-no-final-newline-blank-line-at-start.txt"] = Deviations.BlankLine,
        ["lf-testing-two-mx-604800-indented-mx-repeated.txt"] = Deviations.Whitespace,
        ["lf-testing-two-mx-604800-indented-no-blank-after-colon.txt"] = Deviations.Whitespace,
        ["lf-testing-two-mx-604800-mx-trailing-dot.txt"] = Deviations.TrailingDot,
    };

    private static readonly Dictionary<string, (ParseErrorCode Code, int Line)> Rejected = new(StringComparer.Ordinal)
    {
        ["crlf-enforce-three-mx-wildcard-604800-comment-line-mx-star-inside-label.txt"] =
            (ParseErrorCode.MisplacedWildcard, 5), // mx*.example.net
        ["crlf-enforce-three-mx-wildcard-604800-mx-star-inside-label.txt"] = (ParseErrorCode.MisplacedWildcard, 5),
        ["crlf-testing-one-mx-max-age-before-mx-max-age-not-a-number.txt"] = (ParseErrorCode.InvalidMaxAge, 3), // max_age: enforce
        ["crlf-utf16-bom-enforce-one-mx.txt"] = (ParseErrorCode.InvalidEncoding, 1),
        ["lf-bracketed-testing-one-mx-trailing-blanks-max-age-not-a-number.txt"] = (ParseErrorCode.InvalidMode, 2), // mode: [testing]
        ["lf-bracketed-testing-two-mx-1209600-trailing-blanks.txt"] = (ParseErrorCode.InvalidMode, 2),
        ["lf-enforce-one-mx-1209600-no-version-field-eversion.txt"] =
            (ParseErrorCode.MissingVersion, 5), // eversion: an unknown field; the error is at the end of the file
        ["lf-enforce-one-mx-604800-mx-url.txt"] = (ParseErrorCode.InvalidNameCharacter, 3), // mx: ://example.com
        ["lf-enforce-one-mx-wildcard-604800-line-without-colon-no-max-age.txt"] = (ParseErrorCode.MissingSeparator, 4), // max_age=604800
        ["lf-enforce-six-mx-86400-max-age-before-mx-two-policies-run-together-max-age-not-a-number.txt"] =
            (ParseErrorCode.InvalidMaxAge, 4), // 86400version: STSv1
        ["lf-enforce-three-mx-blank-line-at-end-max-age-not-a-number.txt"] = (ParseErrorCode.InvalidMaxAge, 6), // 604,800
        ["lf-enforced-five-mx-86400.txt"] = (ParseErrorCode.InvalidMode, 2),
        ["lf-enforced-one-mx-wildcard-604800.txt"] = (ParseErrorCode.InvalidMode, 2),
        ["lf-enforcing-three-mx-86401.txt"] = (ParseErrorCode.InvalidMode, 2),
        ["lf-front-matter-enforce-one-mx-wildcard-604800.txt"] = (ParseErrorCode.MissingSeparator, 1), // ---
        ["lf-front-matter-testing-two-mx-604800-no-final-newline.txt"] = (ParseErrorCode.MissingSeparator, 1),
        ["lf-front-matter-testing-two-mx-86400.txt"] = (ParseErrorCode.MissingSeparator, 1),
        ["lf-front-matter-testing-two-mx-wildcard-15552000-no-final-newline.txt"] = (ParseErrorCode.MissingSeparator, 1),
        ["lf-test-one-mx-wildcard-604800.txt"] = (ParseErrorCode.InvalidMode, 2), // mode: test
        ["lf-testing-five-mx-capitals-31557600-mx-priority-words-b.txt"] =
            (ParseErrorCode.InvalidNameCharacter, 3), // mx: Priority 1: MX1.EXAMPLE.COM
        ["lf-testing-five-mx-capitals-31557600-mx-priority-words-c.txt"] = (ParseErrorCode.InvalidNameCharacter, 3),
        ["lf-testing-five-mx-capitals-31557600-mx-priority-words.txt"] = (ParseErrorCode.InvalidNameCharacter, 3),
        ["lf-testing-one-mx-604800-no-final-newline-line-without-colon-mx-empty.txt"] =
            (ParseErrorCode.EmptyName, 3), // mx: with a list on the following lines
        ["lf-testing-one-mx-wildcard-604800-no-final-newline-version-stls1.txt"] = (ParseErrorCode.UnsupportedVersion, 1),
        ["lf-txt-record-instead.txt"] = (ParseErrorCode.MissingSeparator, 1),
        ["lf-unfilled-template-b.txt"] = (ParseErrorCode.InvalidMode, 2), // mode: [enforce|testing|none]
        ["lf-unfilled-template-c.txt"] = (ParseErrorCode.InvalidMode, 2),
        ["lf-unfilled-template-d.txt"] = (ParseErrorCode.InvalidMode, 2),
        ["lf-unfilled-template.txt"] = (ParseErrorCode.InvalidMode, 2),
    };

    public static TheoryData<string, bool> Policies
    {
        get
        {
            TheoryData<string, bool> rows = [];
            foreach (string line in File.ReadLines(Path.Combine(Folder, "policies", "index.jsonl")))
            {
                using JsonDocument entry = JsonDocument.Parse(line);
                JsonElement row = entry.RootElement;
                rows.Add(row.GetProperty("file").GetString()!, row.GetProperty("strict").GetString() is "accept");
            }

            return rows;
        }
    }

    // record, its id or the code of its error, offset of the error
    public static TheoryData<string, string, int> Records => new()
    {
        { "v=STSv1; id=20210704", "20210704", 0 },
        { "v=STSv1; id=202207041530;", "202207041530", 0 },
        { "v=STSv1; id=20190704153005", "20190704153005", 0 },
        { "v=STSv1; id=2026070415;", "2026070415", 0 },
        { "v=STSv1; id=20220704153005Z;", "20220704153005Z", 0 },
        { "v=STSv1; id=202007041530", "202007041530", 0 },
        { "v=STSv1; id=20210704T153005;", "20210704T153005", 0 },
        { "v=STSv1; id=172046695528Z;", "172046695528Z", 0 },
        { "v=STSv1; id=2", "2", 0 },
        { "v=STSv1; id=12058589405412816477", "12058589405412816477", 0 },
        { "v=STSv1; id=2026070415; mode=enforce", "2026070415", 0 },
        { "v=STSv1; id=1612273392564", "1612273392564", 0 },
        { "v=STSv1; id=20260704T15", "20260704T15", 0 },
        { "v=STSv1; id=2022070T415300", "2022070T415300", 0 },
        { "v=STSv1; id=202007041530Z", "202007041530Z", 0 },
        { "v=STSv1; id=20764412cde470;", "20764412cde470", 0 },
        { "v=STSv1;id=1751344626", "1751344626", 0 },
        { "v=STSv1; id=2025-07-04", nameof(ParseErrorCode.InvalidId), 12 },
        { "\"v=STSv1; id=202107041530\"", nameof(ParseErrorCode.NotAnStsRecord), 0 },
        { "v=STSv1", nameof(ParseErrorCode.NotAnStsRecord), 0 },
        { "v=STSv1; id=version_123", nameof(ParseErrorCode.InvalidId), 12 },
        { "v=STSv1; mode=none;", nameof(ParseErrorCode.MissingId), 19 },
        { "v=STSv1; preload;", nameof(ParseErrorCode.MissingSeparator), 9 },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Policy_Published_HasTheExpectedStrictAndTolerantResult(string file, bool strict)
    {
        Parsed<Policy> parsed = ParseRoutes.Policy.Run(File.ReadAllBytes(Path.Combine(Folder, "policies", file)));

        (parsed.Value?.Deviations is Deviations.None).Should().Be(strict);
        (parsed.Error.Code, parsed.Error.Line).Should().Be(Rejected.GetValueOrDefault(file), "{0}", parsed.Error);
        (parsed.Value?.Deviations ?? Deviations.None).Should().Be(Tolerated.GetValueOrDefault(file));
    }

    [Fact]
    public void Policies_CoverTheWholeCorpus()
    {
        string[] rows = [.. Policies.Select(static row => (string)row[0])];
        string[] others = [.. Policies.Where(static row => row[1] is false).Select(static row => (string)row[0])];

        rows.Should().HaveCount(151)
            .And.BeEquivalentTo(Directory.EnumerateFiles(Path.Combine(Folder, "policies"), "*.txt").Select(Path.GetFileName));
        others.Should().BeEquivalentTo(Tolerated.Keys.Concat(Rejected.Keys));
    }

    // A file's name contains its mode, max_age and number of patterns.
    [Theory]
    [InlineData(
        "lf-enforce-eight-mx-86400.txt",
        PolicyMode.Enforce,
        86_400,
        "mx1.in.example.com mx2.relay.in.example.com mx3.relay.in.example.com mx4.relay.in.example.com " +
        "mx5.relay.in.example.com mx6.example.net mx7.example.net mx8.example.net")]
    [InlineData(
        "crlf-enforce-three-mx-wildcard-2419200-max-age-before-mx.txt",
        PolicyMode.Enforce,
        2_419_200,
        "*.in.relay.example.com mx1.relay.example.com *.example.net")]
    [InlineData(
        "crlf-utf8-bom-testing-seven-mx-2419200-max-age-before-mx-blank-line-at-end.txt",
        PolicyMode.Testing,
        2_419_200,
        "mx1.in.relay.example.com mx2.in.relay.example.com mx3.in.relay.example.com mx4.relay.example.com " +
        "mx5.in.relay.example.com mx6.example.net mx7.example.net")]
    [InlineData(
        "lf-testing-five-mx-capitals-604800-tab-after-colon.txt",
        PolicyMode.Testing,
        604_800,
        "mx1.in.example.com mx2.relay.in.example.com mx3.relay.in.example.com mx4.relay.in.example.com mx5.relay.in.example.com")]
    [InlineData(
        "lf-testing-two-mx-604800-indented-no-blank-after-colon.txt",
        PolicyMode.Testing,
        604_800,
        "mx1.example.com mx2.example.com")]
    [InlineData("lf-testing-two-mx-604800-mx-trailing-dot.txt", PolicyMode.Testing, 604_800, "mx1.example.com mx2.example.com")]
    [InlineData(
        "lf-testing-three-mx-86400-max-age-before-mx-field-ms.txt",
        PolicyMode.Testing,
        86_400,
        "mx2.example.net mx3.example.org mx4.example.org")]
    [InlineData("lf-none-no-mx-60.txt", PolicyMode.None, 60, "")]
    public void Policy_Published_HasTheExpectedFields(string file, PolicyMode mode, int maxAge, string mx)
    {
        Policy policy = Policy.Parse(File.ReadAllBytes(Path.Combine(Folder, "policies", file)));

        policy.Mode.Should().Be(mode);
        policy.MaxAge.TotalSeconds.Should().Be(maxAge);
        string.Join(' ', policy.Mx.Select(static pattern => pattern.ToString())).Should().Be(mx);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Record_Published_HasTheExpectedResult(string text, string idOrCode, int offset)
    {
        Parsed<StsRecord> parsed = ParseRoutes.Record.Run(text);

        (parsed.Value?.Id ?? parsed.Error.Code.ToString()).Should().Be(idOrCode);
        parsed.Error.Offset.Should().Be(offset);
    }

    [Fact]
    public void Records_CoverTheWholeCorpus() =>
        File.ReadLines(Path.Combine(Folder, "records.txt"), Encoding.UTF8).Should().Equal(Records.Select(static row => (string)row[0]));
}
