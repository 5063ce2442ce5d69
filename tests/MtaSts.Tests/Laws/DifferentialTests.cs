using System.Text;
using MtaSts.Tests.Differential;
using MtaSts.Tests.Model;
using Xunit.Abstractions;
using static MtaSts.Tests.Differential.DifferentialRun;

namespace MtaSts.Tests;

/// <summary>
/// Compares the library with the slow model in the folder Model on near misses of valid inputs. They share no code.
/// </summary>
/// <remarks>
/// <para>For every text, as bytes and as characters:</para>
/// <list type="number">
/// <item>Only Parse throws, exactly when TryParse returns false, and with the same error.</item>
/// <item>Model and library agree on acceptance, all values and deviations.</item>
/// <item>Bytes and characters give the same result and the same error: code, line and offset.</item>
/// <item>The error's code is None if and only if the text is accepted. Its offset is within the text, and its line is
/// the line of the offset.</item>
/// <item>An accepted text formats, as characters and as UTF-8, to the model's canonical text. This parses to an equal
/// value without deviations.</item>
/// </list>
/// <para>For every host and list of patterns: each matching member finds the first pattern that the model's linear scan
/// finds, in a list of one, in a short list and in an indexed list.</para>
/// <para>Seeds are fixed, and a failure shows seed, case and input. The environment variable MTASTS_CASES multiplies
/// the number of cases, as in <c>MTASTS_CASES=10 dotnet test -c Release --filter DifferentialTests</c>. The first cases
/// are then the same as without it.</para>
/// </remarks>
public class DifferentialTests(ITestOutputHelper output)
{
    // Exceptions are slow.
    private const int CasesPerException = 64;

    // The number of hosts that share the cost of building one list of patterns.
    private const int HostsPerList = 20;

    private static readonly Enum[] OfRecords =
        [ParseErrorCode.NotAnStsRecord, ParseErrorCode.EmptyField, ParseErrorCode.InvalidId, ParseErrorCode.MissingId];

    private static readonly Enum[] OfOtherInputs = [.. OfRecords, ParseErrorCode.TooLarge, ParseErrorCode.DomainTooLong];

    // The near misses must produce every deviation and every error. Excepted are the errors of records and of domains, and
    // that of the size, which has its own test.
    private static readonly Enum[] OfPolicies =
        [.. Enum.GetValues<Deviations>().Cast<Enum>(), .. Enum.GetValues<ParseErrorCode>().Cast<Enum>().Except(OfOtherInputs)];

    private readonly HashSet<Enum> _met = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Policy_NearMiss_ParsesAsInTheModel(int seed)
    {
        Run(output, seed, 30_000, (20, 80), random => NearMissOf(random, GoodInputs.Policy), CheckPolicy, Escape);
        _met.Should().Contain(OfPolicies);
    }

    [Fact]
    public void Policy_NearTheSizeLimit_ParsesAsInTheModel()
    {
        Run(output, seed: 5, 100, (20, 80), GoodInputs.LargePolicy, CheckPolicy, Escape);
        _met.Should().Contain(ParseErrorCode.TooLarge);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Record_NearMiss_ParsesAsInTheModel(int seed)
    {
        Run(output, seed, 30_000, (20, 80), random => NearMissOf(random, GoodInputs.Record), CheckRecord, Escape);
        _met.Should().Contain(OfRecords);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void MxPattern_NearMiss_ParsesAsInTheModel(int seed) =>
        Run(output, seed, 30_000, (20, 80), random => NearMissOf(random, GoodInputs.Pattern), CheckPattern, Escape);

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void MxMatches_NearMiss_MatchesAsInTheModel(int seed) =>
        Run(output, seed, 20_000, (20, 80), NearMisses.HostAndPattern, CheckPair, pair => $"{Escape(pair.Host)}, {Escape(pair.Pattern)}");

    // Up to 16 patterns are scanned; longer lists are indexed.
    [Theory]
    [InlineData(41, 1, 16)]
    [InlineData(42, 15, 18)]
    [InlineData(43, 17, 300)]
    public void TryMatch_NearMiss_FindsTheSamePatternAsTheModel(int seed, int fewest, int most) =>
        RunParts(
            output,
            seed,
            1_000,
            HostsPerList,
            (20, 80),
            random => NearMisses.HostsAndPatterns(random, HostsPerList, fewest, most),
            CheckList,
            Describe);

    [Theory]
    [InlineData(51)]
    public void TxtAnswer_NearMisses_EqualsTheModel(int seed) =>
        Run(output, seed, 20_000, (20, 80), NearMisses.Answer, CheckAnswer, records => string.Join(", ", records.Select(Escape)));

    [Theory]
    [InlineData(61)]
    public void FetchResult_NearlyPlainMediaType_EqualsTheModel(int seed) =>
        Run(output, seed, 20_000, (20, 80), NearMisses.MediaType, CheckMediaType, type => type is null ? "null" : Escape(type));

    private static byte[] NearMissOf(Random random, Func<Random, byte[]> good) =>
        Mutator.NearMiss(random, good(random), () => good(random));

    private bool CheckPolicy(byte[] octets, int number)
    {
        bool accepted = Policy.TryParse(octets, out Policy? ofBytes, out ParseError byteError);
        ModelText model = ModelText.Of(octets);
        string text = model.Characters; // Ill-formed UTF-8 becomes a lone surrogate, so both forms are ill formed.
        bool acceptedChars = Policy.TryParse(text.AsSpan(), out Policy? ofChars, out ParseError charError);

        CheckPolicyAgainst(PolicyModel.Parse(model), accepted, ofBytes);
        CheckPolicyAgainst(PolicyModel.Parse(ModelText.Of(text)), acceptedChars, ofChars);
        CheckErrors(octets, text, model.IsWellFormed, accepted, byteError, charError);
        _met.Add(byteError.Code);
        Deviations[] met = [.. Enum.GetValues<Deviations>().Where(deviation => ofBytes?.Deviations.HasFlag(deviation) == true)];
        _met.UnionWith(met.Cast<Enum>());
        if (number % CasesPerException == 0)
        {
            CheckRoutes(accepted, byteError, () => Policy.TryParse(octets, out _), () => Policy.Parse(octets), ofBytes);
            CheckRoutes(acceptedChars, charError, () => Policy.TryParse(text.AsSpan(), out _), () => Policy.Parse(text.AsSpan()), ofChars);
            CheckRoutes(acceptedChars, charError, () => Policy.TryParse(text, out _), () => Policy.Parse(text), ofChars);
        }

        return accepted;
    }

    private static void CheckPolicyAgainst(ModelPolicy? model, bool accepted, Policy? policy)
    {
        Same("accepted", model is not null, accepted);
        Same("policy", accepted, policy is not null);
        if (model is null || policy is null)
        {
            return;
        }

        Same("mode", model.Mode, policy.Mode);
        Same("max_age", TimeSpan.FromSeconds(model.MaxAge), policy.MaxAge);
        SameList("mx", model.Mx, [.. policy.Mx.Select(pattern => pattern.ToString())]);
        SameList("wildcards", [.. model.Mx.Select(pattern => pattern[0] == '*')], [.. policy.Mx.Select(pattern => pattern.IsWildcard)]);
        SameList("extensions", model.Extensions, policy.Extensions);
        Same("deviations", model.Deviations, policy.Deviations);

        string text = policy.ToString();
        if (Encoding.UTF8.GetByteCount(model.Canonical) <= Policy.MaxSize)
        {
            Same("canonical text", model.Canonical, text);
        }

        CheckFormats(text, policy.TryFormat, policy.TryFormat);
        foreach (Policy again in new[] { Policy.Parse(text), Policy.Parse(Encoding.UTF8.GetBytes(text)) })
        {
            Same("equal after formatting", policy, again);
            Same("hash code after formatting", policy.GetHashCode(), again.GetHashCode());
            Same("deviations after formatting", Deviations.None, again.Deviations);
        }
    }

    private bool CheckRecord(byte[] octets, int number)
    {
        bool accepted = StsRecord.TryParse(octets, out StsRecord? ofBytes, out ParseError byteError);
        ModelText model = ModelText.Of(octets);
        string text = model.Characters; // Ill-formed UTF-8 becomes a lone surrogate, so both forms are ill formed.
        bool acceptedChars = StsRecord.TryParse(text.AsSpan(), out StsRecord? ofChars, out ParseError charError);

        CheckRecordAgainst(RecordModel.Parse(model), accepted, ofBytes);
        CheckRecordAgainst(RecordModel.Parse(ModelText.Of(text)), acceptedChars, ofChars);
        CheckErrors(octets, text, model.IsWellFormed, accepted, byteError, charError, oneLine: true);
        _met.Add(byteError.Code);
        if (number % CasesPerException == 0)
        {
            CheckRoutes(accepted, byteError, () => StsRecord.TryParse(octets, out _), () => StsRecord.Parse(octets), ofBytes);
            CheckRoutes(
                acceptedChars, charError, () => StsRecord.TryParse(text.AsSpan(), out _), () => StsRecord.Parse(text.AsSpan()), ofChars);
            CheckRoutes(acceptedChars, charError, () => StsRecord.TryParse(text, out _), () => StsRecord.Parse(text), ofChars);
        }

        return accepted;
    }

    private static void CheckRecordAgainst(ModelRecord? model, bool accepted, StsRecord? record)
    {
        Same("accepted", model is not null, accepted);
        Same("record", accepted, record is not null);
        if (model is null || record is null)
        {
            return;
        }

        Same("id", model.Id, record.Id);
        SameList("extensions", model.Extensions, record.Extensions);
        Same("canonical text", model.Canonical, record.ToString());
        CheckFormats(model.Canonical, record.TryFormat, record.TryFormat);
        foreach (StsRecord again in new[] { StsRecord.Parse(model.Canonical), StsRecord.Parse(Encoding.UTF8.GetBytes(model.Canonical)) })
        {
            Same("equal after formatting", record, again);
            Same("hash code after formatting", record.GetHashCode(), again.GetHashCode());
        }
    }

    private static bool CheckPattern(byte[] octets, int number)
    {
        bool accepted = MxPattern.TryParse(octets, out MxPattern ofBytes, out ParseError byteError);
        ModelText model = ModelText.Of(octets);
        string text = model.Characters; // Ill-formed UTF-8 becomes a lone surrogate, so both forms are ill formed.
        bool acceptedChars = MxPattern.TryParse(text.AsSpan(), out MxPattern ofChars, out ParseError charError);

        CheckPatternAgainst(MxModel.ParsePattern(model.Characters), accepted, ofBytes);
        CheckPatternAgainst(MxModel.ParsePattern(ModelText.Of(text).Characters), acceptedChars, ofChars);
        CheckErrors(octets, text, model.IsWellFormed, accepted, byteError, charError, oneLine: true);
        if (number % CasesPerException == 0)
        {
            CheckRoutes(accepted, byteError, () => MxPattern.TryParse(octets, out _), () => MxPattern.Parse(octets), ofBytes);
            CheckRoutes(
                acceptedChars, charError, () => MxPattern.TryParse(text.AsSpan(), out _), () => MxPattern.Parse(text.AsSpan()), ofChars);
            CheckRoutes(acceptedChars, charError, () => MxPattern.TryParse(text, out _), () => MxPattern.Parse(text), ofChars);
        }

        return accepted;
    }

    private static void CheckPatternAgainst(string? model, bool accepted, MxPattern pattern)
    {
        Same("accepted", model is not null, accepted);
        Same("text", model ?? "", pattern.ToString());
        Same("wildcard", model is ['*', ..], pattern.IsWildcard);
        if (model is null)
        {
            Same("rejected pattern", default, pattern);
            return;
        }

        CheckFormats(model, pattern.TryFormat, pattern.TryFormat);
        Same("equal after formatting", pattern, MxPattern.Parse(model));
        Same("hash code after formatting", pattern.GetHashCode(), MxPattern.Parse(Encoding.UTF8.GetBytes(model)).GetHashCode());
    }

    private static bool CheckPair((string Host, string Pattern) pair, int number)
    {
        bool expected = MxModel.ParsePattern(pair.Pattern) is { } pattern && MxModel.Matches(pair.Host, pattern);
        Same("Sts.MxMatches", expected, Sts.MxMatches(pair.Host, pair.Pattern));
        Same("MxPattern.Matches", expected, MxPattern.TryParse(pair.Pattern, out MxPattern parsed) && parsed.Matches(pair.Host));
        return expected;
    }

    /// <summary>Returns the number of hosts that match.</summary>
    private static int CheckList((string[] Hosts, string[] Patterns) list, int number)
    {
        string[] model = [.. list.Patterns.Select(pattern => MxModel.ParsePattern(pattern)!)];
        string mxLines = string.Concat(list.Patterns.Select(pattern => $"mx: {pattern}\n"));
        string file = $"version: STSv1\nmode: enforce\nmax_age: 1\n{mxLines}";
        Policy[] policies =
        [
            Policy.Parse(file),
            Policy.Parse(Encoding.UTF8.GetBytes(file)),
            new(PolicyMode.Enforce, TimeSpan.FromSeconds(1), list.Patterns.Select(MxPattern.Parse)),
        ];

        int matching = 0;
        foreach (string host in list.Hosts)
        {
            int expected = MxModel.FindFirst(host, model);
            foreach (Policy policy in policies)
            {
                Same($"TryMatch {Escape(host)}", expected >= 0, policy.TryMatch(host, out MxPattern found));
                Same($"pattern for {Escape(host)}", expected >= 0 ? model[expected] : "", found.ToString());
                Same($"Matches {Escape(host)}", expected >= 0, policy.Matches(host));
                Same($"Enforce {Escape(host)}", expected >= 0 ? Verdict.Allow : Verdict.Deny, Sts.Enforce(policy, host).Verdict);
            }

            matching += expected >= 0 ? 1 : 0;
        }

        return matching;
    }

    private static string Describe((string[] Hosts, string[] Patterns) list) =>
        $"hosts {string.Join(", ", list.Hosts.Select(Escape))}; patterns {string.Join(", ", list.Patterns.Select(Escape))}";

    private static bool CheckAnswer(string[] records, int number)
    {
        (TxtStatus status, ModelRecord? record) = AnswerModel.Judge(records);
        Random random = new(number);
        TxtAnswer[] answers =
        [
            TxtAnswer.FromRecords(records),
            TxtAnswer.FromCharacterStrings(records.Select(text => Cut(random, text))),
        ];
        foreach (TxtAnswer answer in answers)
        {
            Same("status", status, answer.Status);
            Same("record", record?.Canonical, answer.Record?.ToString());
            string? near = status is TxtStatus.NoRecord ? AnswerModel.FirstNear(records) : null;
            Same("error", status is TxtStatus.InvalidRecord || near is not null, answer.Error.Code is not ParseErrorCode.None);
            if (near is not null)
            {
                ParseError error = answer.Error;
                Same("near", (ParseErrorCode.NotAnStsRecord, 1, 0), (error.Code, error.Line, error.Offset));
            }
        }

        return status is TxtStatus.Found;
    }

    /// <summary>Splits a record into character-strings.</summary>
    private static IEnumerable<string> Cut(Random random, string record)
    {
        while (record.Length > 0)
        {
            int length = random.Next(record.Length + 1);
            yield return record[..length];
            record = record[length..];
        }
    }

    private static bool CheckMediaType(string? contentType, int number)
    {
        bool expected = AnswerModel.IsPlainText(contentType);
        FetchResult result = FetchResult.FromResponse(200, contentType, "version: STSv1\nmode: none\nmax_age: 0\n"u8);
        Same("status", expected ? FetchStatus.Ok : FetchStatus.WrongMediaType, result.Status);
        Same("policy", expected, result.Policy is not null);
        return expected;
    }

    private static void CheckErrors(
        byte[] octets, string text, bool wellFormed, bool accepted, ParseError byteError, ParseError charError, bool oneLine = false)
    {
        Same("bytes accepted without an error", accepted, byteError.Code is ParseErrorCode.None);
        Same("bytes accepted with the default error", accepted, byteError == default);
        Same("bytes and characters: code", byteError.Code, charError.Code);
        Same("bytes and characters: line", byteError.Line, charError.Line);
        if (accepted)
        {
            Same("characters accepted with the default error", default, charError);
            return;
        }

        Same("offset within the bytes", true, byteError.Offset >= 0 && byteError.Offset <= octets.Length);
        Same("offset within the characters", true, charError.Offset >= 0 && charError.Offset <= text.Length);
        Same("line in the bytes", oneLine ? 1 : 1 + octets.Take(byteError.Offset).Count(octet => octet == '\n'), byteError.Line);
        Same("line in the characters", oneLine ? 1 : 1 + text.Take(charError.Offset).Count(c => c == '\n'), charError.Line);
        if (wellFormed)
        {
            Same("bytes and characters: offset", byteError.Offset, Encoding.UTF8.GetByteCount(text.AsSpan(0, charError.Offset)));
            Same("bytes and characters: equal where the offsets are", byteError.Offset == charError.Offset, byteError == charError);
        }
    }

    private static void CheckRoutes<T>(bool accepted, ParseError error, Func<bool> tryParse, Func<T> parse, T? expected)
    {
        Same("TryParse without an error", accepted, tryParse());
        try
        {
            T parsed = parse();
            Same("Parse accepts", accepted, true);
            Same("result of Parse", expected!, parsed);
        }
        catch (MtaStsFormatException e)
        {
            Same("Parse throws", accepted, false);
            Same("error of the exception", error, e.Error);
            Same("message of the exception", error.ToString(), e.Message);
        }
    }

    private delegate bool FormatChars(Span<char> destination, out int charsWritten);

    private delegate bool FormatBytes(Span<byte> utf8Destination, out int bytesWritten);

    private static void CheckFormats(string text, FormatChars formatChars, FormatBytes formatBytes)
    {
        char[] chars = new char[text.Length];
        Same("TryFormat, characters", true, formatChars(chars, out int charsWritten));
        Same("characters written", text, new string(chars, 0, charsWritten));
        Same("TryFormat, characters, one short", false, formatChars(chars.AsSpan(1), out charsWritten));
        Same("characters written, one short", 0, charsWritten);

        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Same("TryFormat, UTF-8", true, formatBytes(bytes, out int bytesWritten));
        Same("bytes written", text, Encoding.UTF8.GetString(bytes, 0, bytesWritten));
        Same("TryFormat, UTF-8, one short", false, formatBytes(bytes.AsSpan(1), out bytesWritten));
        Same("bytes written, one short", 0, bytesWritten);
    }
}
