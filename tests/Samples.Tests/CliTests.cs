using System.Text;
using MtaSts;

namespace Samples.Tests;

public class CliTests
{
    private const string Record = "v=STSv1; id=20260301T080000Z;";
    private const string Enforce = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.example.net\nmax_age: 604800\n";
    private const string Testing = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 86400\n";
    private const string None = "version: STSv1\nmode: none\nmax_age: 86400\n";
    private const string Invalid = "version: STSv1\nmode: enforced\nmx: mx1.example.com\nmax_age: 604800\n";

    private const string TooLarge = "expected a policy of at most 65536 bytes, found a larger one (RFC 8461 section 3.3)";

    // Too long for a policy domain: with "_mta-sts." it would have over 253 octets.
    private static readonly string LongDomain = string.Join('.', Enumerable.Repeat(new string('a', 60), 4)) + ".a";

    // policy, host, outcome of the handshake (null: before it), exit code, the row of the table
    public static TheoryData<string, string, string?, int, string> Rows => new()
    {
        { Enforce, "mx1.example.com", null, 0, "enforce  mx1.example.com  allow if TLS  \"mx1.example.com\" matches" },
        { Enforce, "MX1.Example.COM.", null, 0, "enforce  MX1.Example.COM.  allow if TLS  \"mx1.example.com\" matches" },
        { Enforce, "mail.example.net", null, 0, "enforce  mail.example.net  allow if TLS  \"*.example.net\" matches" },
        {
            Enforce, "mx2.example.com", null, 1,
            "enforce  mx2.example.com  deny  it is one typing error away from \"mx1.example.com\" (4.4.8)"
        },
        { Enforce, "a.b.example.net", null, 1, "enforce  a.b.example.net  deny  it is one label too deep for \"*.example.net\" (4.4.8)" },
        { Enforce, "A.B.Example.Net.", null, 1, "enforce  A.B.Example.Net.  deny  it is one label too deep for \"*.example.net\" (4.4.8)" },
        {
            Enforce, "example.net", null, 1,
            "enforce  example.net  deny  \"*.example.net\" matches the hosts of that domain, not the domain itself (4.4.8)"
        },
        {
            Enforce, ".example.net", null, 1,
            "enforce  .example.net  deny  its first label, in the place of the asterisk of \"*.example.net\", "
                + "is empty or contains whitespace or a character outside printable ASCII (4.4.8)"
        },
        { Enforce, "badexample.net", null, 1, "enforce  badexample.net  deny  no mx line matches (4.4.8)" },
        { Enforce, "", null, 1, "enforce    deny  no mx line matches (4.4.8)" },
        { Enforce, ".", null, 1, "enforce  .  deny  no mx line matches (4.4.8)" },
        { Enforce, "mx.b\u00FCcher.example", null, 1, "enforce  mx.xn--bcher-kva.example  deny  no mx line matches (4.4.8)" },
        { Enforce, "mx1.example.com", "verified", 0, "enforce  mx1.example.com  allow  \"mx1.example.com\" matches, TLS verified" },
        { Enforce, "mx1.example.com", "not-offered", 1, "enforce  mx1.example.com  deny  TLS: starttls-not-supported (4.7.5)" },
        { Enforce, "mx1.example.com", "host-mismatch", 1, "enforce  mx1.example.com  deny  TLS: certificate-host-mismatch (4.7.5)" },
        { Enforce, "mx1.example.com", "expired", 1, "enforce  mx1.example.com  deny  TLS: certificate-expired (4.7.5)" },
        { Enforce, "mx1.example.com", "not-trusted", 1, "enforce  mx1.example.com  deny  TLS: certificate-not-trusted (4.7.5)" },
        { Enforce, "mx1.example.com", "handshake-failed", 1, "enforce  mx1.example.com  deny  TLS: validation-failure (4.7.5)" },
        {
            Enforce, "mx2.example.com", "verified", 1,
            "enforce  mx2.example.com  deny  it is one typing error away from \"mx1.example.com\" (4.4.8)"
        },
        { Testing, "mx1.example.com", null, 0, "testing  mx1.example.com  allow  \"mx1.example.com\" matches" },
        {
            Testing, "mx2.example.com", null, 0,
            "testing  mx2.example.com  allow, report  it is one typing error away from \"mx1.example.com\""
        },
        { Testing, "mx1.example.com", "expired", 0, "testing  mx1.example.com  allow, report  TLS: certificate-expired" },
        { None, "mx1.example.com", null, 0, "none  mx1.example.com  no policy  the domain has opted out" },
        { None, "mx1.example.com", "expired", 0, "none  mx1.example.com  no policy  the domain has opted out" },
        { Invalid, "mx2.example.com", "expired", 2, "-  mx2.example.com  no policy  the policy is not valid" },
    };

    // policy, record, the start of the line on standard error, its reason (null: that of the parser)
    public static TheoryData<string?, string?, string, string?> InvalidInputs => new()
    {
        { Invalid, null, "<stdin>:2: ", null },
        { "", null, "<stdin>:1: ", null },
        { Enforce + "\u001B", null, "<stdin>:6: ", null },
        { null, "v=STSv1; id=;", "--record: ", null },
        { null, "v=spf1 -all", "--record: ", "expected a text that begins with \"v=STSv1;\", found no such text (RFC 8461 section 3.1)" },
        { Enforce, "v=STSv1; id", "--record: ", null },
    };

    // arguments, a part of standard error
    public static TheoryData<string[], string> Misuses => new()
    {
        { ["--mx", "mx1.example.com"], "--mx needs --policy" },
        { ["--lint"], "--lint needs --record or --policy" },
        { ["--lint", "--record", Record, "--mx", "mx1.example.com"], "--mx needs --policy" },
        { ["--lint", "--policy", "-", "--mx", "mx1.example.com", "--tls", "expired"], "--lint and --tls exclude each other" },
        { ["--lint", "--policy", "-", "--mode", "none"], "--mode and --max-age need --new" },
        { ["--policy", "-", "--max-age", "1d"], "--mode and --max-age need --new" },
        { ["--policy", "-", "--domain", "example.com"], "--domain needs --lint or --new" },
        { ["--lint", "--policy", "-", "--domain", "[192.0.2.1]"], $"--domain [192.0.2.1]: {ReasonOfDomain("[192.0.2.1]")}" },
        { ["--lint", "--policy", "-", "--domain", LongDomain], $"--domain {LongDomain}: {ReasonOfDomain(LongDomain)}" },
        { ["--lint", "yes", "--policy", "-"], "'yes'" },
        { ["--new"], "--new needs --mx, unless --mode is none" },
        { ["--new", "--mode", "enforce"], "--new needs --mx, unless --mode is none" },
        { ["--new", "--mode", "Enforce", "--mx", "mx1.example.com"], "--mode: expected none, testing, enforce, found 'Enforce'" },
        { ["--new", "--lint", "--policy", "-", "--mx", "mx1.example.com"], "--new excludes --lint and --tls" },
        { ["--new", "--mx", "mx1.example.com", "--tls", "expired"], "--new excludes --lint and --tls" },
        { ["--new", "--mx", "mx1.example.com", "mx_2.example.com"], $"--mx mx_2.example.com: {ReasonOfPattern("mx_2.example.com")}" },
        { ["--new", "--mx", "*"], $"--mx *: {ReasonOfPattern("*")}" },
        { ["--new", "--mx", "mx1.example.com."], $"--mx mx1.example.com.: {ReasonOfPattern("mx1.example.com.")}" },
        {
            ["--new", "--mx", "a.example", "--max-age", "31557601"],
            "--max-age: expected at most 31557600 seconds or 365d, found '31557601'"
        },
        { ["--new", "--mx", "a.example", "--max-age", "366d"], "--max-age: expected " },
        { ["--new", "--mx", "a.example", "--max-age", "99999999999999999999"], "--max-age: expected " },
        { ["--new", "--mx", "a.example", "--max-age", "d"], "--max-age: expected " },
        { ["--new", "--mx", "a.example", "--max-age", ""], "--max-age: expected " },
        { ["--new", "--mx", "a.example", "--max-age", "-1"], "--max-age: expected " },
        { ["--new", "--mx", "a.example", "--max-age", "7D"], "--max-age: expected " },
        { ["--new", "--mx", "a.example", "--max-age", "7\0"], "--max-age: expected " }, // valid for the framework
        { ["--new", "--mx", "a.example", "--max-age", "\u0667d"], "--max-age: expected " }, // an Arabic seven
        { ["--mx", "mx1.example.com", "--record", Record], "--mx needs --policy" },
        { ["--policy", "-", "--tls", "expired"], "--tls needs --mx" },
        { ["--record", Record, "--tls", "expired"], "--tls needs --mx" },
        { ["--tls", "7", "--policy", "-", "--mx", "a"], "--tls: expected verified, not-offered, " },
        { ["--tls", "Verified"], "--tls: expected " },
        { ["--policy", ""], "--policy: expected the name of a file" },
        { ["--policy"], "'--policy'" },
        { ["--policy", "-", "--mx"], "'--mx'" },
        { ["--record"], "'--record'" },
        { ["--record", Record, Record], $"'{Record}'" }, // several records need the option several times
        { ["--policy", "-", "--policy", "-"], "'--policy'" },
        { ["--bogus"], "'--bogus'" },
        { ["mx1.example.com"], "'mx1.example.com'" },
        { ["@arguments.txt"], "'@arguments.txt'" }, // no response files
        { ["\u001B[31m"], "'<U+001B>[31m'" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Run_WithPolicyAndHost_PrintsTheRowAndReturnsItsCode(string policy, string host, string? tls, int exitCode, string row)
    {
        CliRun run = CliRun.OfPolicy(policy, [.. (string[])["--mx", host], .. tls is null ? (string[])[] : ["--tls", tls]]);

        Squeeze(run.Output.Split("WHY\n")[1].Replace('\n', ' ')).Should().Be(Squeeze(row));
        run.ExitCode.Should().Be((ExitCode)exitCode);
        run.Error.Should().Match(error => exitCode == 2 ? error.Length > 0 : error.Length == 0);
    }

    [Fact]
    public void Run_WithEverything_PrintsRecordPolicyAndTable()
    {
        CliRun run = CliRun.OfPolicy(Enforce, "--record", Record, "--mx", "mx1.example.com", "a.example.net", "--mx", "rogue.test");

        run.Output.Should().Be("""
            record: v=STSv1; id=20260301T080000Z
            policy: mode enforce, max_age 604800 seconds, mx lines: 2
            MODE     MX               VERDICT       WHY
            enforce  mx1.example.com  allow if TLS  "mx1.example.com" matches
            enforce  a.example.net    allow if TLS  "*.example.net" matches
            enforce  rogue.test       deny          no mx line matches (4.4.8)

            """.ReplaceLineEndings("\n"));
        run.Error.Should().BeEmpty();
        run.ExitCode.Should().Be(ExitCode.Objection);
    }

    [Fact]
    public void Run_WithRecordAlone_PrintsIt()
    {
        CliRun.Of("--record", Record).Should().Be(new CliRun(ExitCode.Fine, "record: v=STSv1; id=20260301T080000Z\n", ""));
    }

    [Fact]
    public void Run_WithSeveralRecords_TakesTheOneOfMtaSts()
    {
        CliRun.Of("--record", "v=spf1 -all", "--record", Record)
            .Should().Be(new CliRun(ExitCode.Fine, "record: v=STSv1; id=20260301T080000Z\n", ""));
    }

    [Fact]
    public void Run_WithTwoRecordsOfMtaSts_AppliesNoPolicy()
    {
        CliRun run = CliRun.OfPolicy(Enforce, "--record", Record, "--record", "v=STSv1; id=2;", "--mx", "rogue.test");

        Squeeze(run.Output).Should().EndWith("- rogue.test no policy the domain has several records\n");
        run.Error.Should().Be("--record: expected one text that begins with \"v=STSv1;\", found several (RFC 8461 section 3.1)\n");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Theory]
    [InlineData("v=STSv1; id", "the record is not valid")]
    [InlineData("v=spf1 -all", "the domain has no record")]
    public void Run_WithUnusableRecord_AppliesNoPolicy(string record, string why)
    {
        CliRun run = CliRun.OfPolicy(Enforce, "--record", record, "--mx", "rogue.test");

        Squeeze(run.Output).Should().Be($"MODE MX VERDICT WHY\n- rogue.test no policy {why}\n");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Theory]
    [MemberData(nameof(InvalidInputs))]
    public void Run_WithInvalidInput_WritesThePositionAndTheReason(string? policy, string? record, string start, string? reason)
    {
        string[] args = record is null ? [] : ["--record", record];
        CliRun run = policy is null ? CliRun.Of(args) : CliRun.OfPolicy(policy, args);

        run.Error.Should().Be($"{start}{reason ?? (record is null ? ReasonOfPolicy(policy!) : ReasonOfRecord(record))}\n");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Fact]
    public void Run_WithInvalidRecordAndPolicy_WritesBothReasons()
    {
        CliRun run = CliRun.OfPolicy(Invalid, "--record", "v=STSv1; id", "--mx", "rogue.test");

        run.Error.Split('\n').Should().SatisfyRespectively(
            line => line.Should().StartWith("--record: "),
            line => line.Should().StartWith("<stdin>:2: "),
            line => line.Should().BeEmpty());
        Squeeze(run.Output).Should().EndWith("the record is not valid\n", "without a record, the policy is not even fetched");
    }

    [Fact]
    public void Run_WithPolicyFromFile_ReadsItAndNamesIt()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(path, Enforce);
            CliRun good = CliRun.Of("--policy", path, "--mx", "rogue.test");
            File.WriteAllText(path, Invalid);
            CliRun bad = CliRun.Of("--policy", path, "--mx", "rogue.test");

            good.ExitCode.Should().Be(ExitCode.Objection);
            bad.ExitCode.Should().Be(ExitCode.Broken);
            bad.Error.Should().Be($"{path}:2: {ReasonOfPolicy(Invalid)}\n");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Run_WithUnreadableFile_NamesIt()
    {
        string missing = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "mta-sts.txt");
        foreach (string path in (string[])[missing, Path.GetTempPath()])
        {
            CliRun run = CliRun.Of("--policy", path, "--mx", "mx1.example.com");

            run.Error.Should().StartWith($"{path}: ").And.EndWith("\n");
            run.Output.Should().BeEmpty();
            run.ExitCode.Should().Be(ExitCode.Usage);
        }
    }

    [Fact]
    public void Run_WithPolicyOnStandardInput_ReadsBytesNotText()
    {
        byte[] file = [.. Encoding.ASCII.GetBytes(Enforce), .. "note: "u8, 0xFF, (byte)'\n'];

        Policy.TryParse(file, out _, out ParseError error).Should().BeFalse();
        error.Code.Should().Be(ParseErrorCode.InvalidEncoding);
        CliRun.Of(file, "--policy", "-").Error.Should().Be($"<stdin>:6: {error.Reason}\n");
    }

    [Fact]
    public void Run_WithToleratedPolicy_NamesTheDeviations()
    {
        CliRun run = CliRun.OfPolicy("\uFEFF" + Enforce + "\n", "--mx", "mx1.example.com");

        run.Output.Should().Contain("\npolicy: accepted despite deviations from the grammar: ByteOrderMark, BlankLine\n");
        run.ExitCode.Should().Be(ExitCode.Fine);
    }

    [Theory]
    [InlineData(Policy.MaxSize, ExitCode.Fine)]
    [InlineData(Policy.MaxSize + 1, ExitCode.Broken)]
    [InlineData(10 * Policy.MaxSize, ExitCode.Broken)]
    internal void Run_WithPolicyOfThisSize_AcceptsItWholeOrNotAtAll(int size, ExitCode exitCode)
    {
        // Still valid if truncated.
        byte[] file = Encoding.ASCII.GetBytes(Enforce.PadRight(size, '\n'));
        using Drip input = new(file);

        CliRun run = CliRun.Of(input, "--policy", "-", "--mx", "mx1.example.com");

        run.ExitCode.Should().Be(exitCode);
        run.Error.Should().Be(exitCode is ExitCode.Broken ? $"<stdin>:1: {TooLarge}\n" : "");
        input.Position.Should().BeLessThanOrEqualTo(Policy.MaxSize + 1, "the rest is not needed");
    }

    [Theory]
    [MemberData(nameof(Misuses))]
    public void Run_WithInvalidArguments_NamesThemAndJudgesNothing(string[] args, string named)
    {
        CliRun run = CliRun.Of(Encoding.ASCII.GetBytes(Enforce), args);

        run.Error.Should().Contain(named).And.EndWith("Use --help for the options.\n");
        run.Output.Should().BeEmpty();
        run.ExitCode.Should().Be(ExitCode.Usage);
    }

    // Output must not control or mislead a terminal.
    [Theory]
    [InlineData("\u001B[2J.example.net", "<U+001B>[2J.example.net")]
    [InlineData("a\nb.example.net", "a<U+000A>b.example.net")]
    [InlineData("a\u202Eb.example.net", "a<U+202E>b.example.net")]      // right-to-left override
    [InlineData("m\u0430il.example.net", "xn--mil-6cd.example.net")]    // a Cyrillic letter that resembles an a
    [InlineData("\u212A.example.net", "<U+212A>.example.net")]          // the Kelvin sign has no A-label
    [InlineData("\U0001F4E7 .example.net", "<U+1F4E7> .example.net")]
    [InlineData("a\u001B.b.example.net", "a<U+001B>.b.example.net")]
    public void Run_WithHostileHost_PrintsPrintableAscii(string host, string shown)
    {
        string output = CliRun.OfPolicy(Enforce, "--mx", host).Output;

        output.Should().Contain($"enforce  {shown}  ");
        output.ReplaceLineEndings("").Should().Match(text => text.All(c => c >= ' ' && c <= '~'));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    [InlineData("--help", "--bogus")] // despite other faults
    [InlineData("--mx", "mx1.example.com", "--tls", "7", "--help")]
    public void Run_WithHelp_ListsOptionsVerdictsExamplesAndExitCodes(params string[] args)
    {
        CliRun run = CliRun.Of(args);

        run.Error.Should().BeEmpty();
        run.ExitCode.Should().Be(ExitCode.Fine);
        run.Output.Should().ContainAll(
            "--record <TEXT>", "--policy <FILE>", "--mx <HOST...>", "--tls <OUTCOME>", "--lint", "--new", "--domain <NAME>",
            "--mode <MODE>", "--max-age <AGE>", "-h", "--help");
        run.Output.Should().ContainAll("verified", "not-offered", "host-mismatch", "expired", "not-trusted", "handshake-failed");
        run.Output.Should().ContainAll("Verdicts:", "Examples:", "Exit codes:");
        foreach (ExitCode exitCode in Enum.GetValues<ExitCode>())
        {
            run.Output.Should().Contain($"\n  {(int)exitCode}  ");
        }

        run.Output.Split('\n').Should().OnlyContain(line => line.Length <= 110);
    }

    [Fact]
    public void Run_WithTheArgumentsOfEachExampleOfTheHelp_AcceptsThem()
    {
        const string Command = "dotnet run --project samples/Quickstart";
        string[] examples = [.. CliRun.Of("--help").Output.Split('\n').Where(line => line.Contains(Command, StringComparison.Ordinal))];

        examples.Should().HaveCount(7);
        foreach (string example in examples)
        {
            string arguments = example.Trim()[Command.Length..].Replace(" -- ", "", StringComparison.Ordinal);
            string[] quoted = arguments.Split('"');
            string[] args =
            [
                .. quoted.SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            ];

            CliRun run = CliRun.Of(Encoding.ASCII.GetBytes(Enforce), [.. args.Select(arg => arg == "mta-sts.txt" ? "-" : arg)]);

            run.Error.Should().BeEmpty(because: example);
            run.Output.Should().NotBeEmpty(because: example);
        }
    }

    [Fact]
    public void Run_WithEveryVerdict_UsesTheWordsThatTheHelpExplains()
    {
        IEnumerable<string> used = Rows.Select(row => ((string)row[4]).Split("  ")[2]);

        used.Distinct(StringComparer.Ordinal).Should().BeEquivalentTo(HelpText.Verdicts.Select(words => words[0]));
    }

    private static string ReasonOfPolicy(string policy)
    {
        Policy.TryParse(policy, out _, out ParseError error).Should().BeFalse();
        return error.Reason;
    }

    private static string ReasonOfRecord(string record)
    {
        StsRecord.TryParse(record, out _, out ParseError error).Should().BeFalse();
        return error.Reason;
    }

    private static string ReasonOfPattern(string pattern)
    {
        MxPattern.TryParse(pattern, out _, out ParseError error).Should().BeFalse();
        return error.Reason;
    }

    private static string ReasonOfDomain(string domain)
    {
        PolicyDomain.TryParse(domain, out _, out ParseError error).Should().BeFalse();
        return error.Reason;
    }

    private static string Squeeze(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Returns one byte per read, as a pipe may.</summary>
    private sealed class Drip(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
