using System.Text;
using MtaSts;

namespace Samples.Tests;

public class LintTests
{
    private const string Record = "v=STSv1; id=20260301T080000Z;";
    private const string Flawless = "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n";

    // policy, further arguments, exit code, severity, code and place of each finding
    public static TheoryData<string, string[], int, string[]> Findings => new()
    {
        { Flawless, [], 0, [] },
        { Flawless, ["--record", Record, "--mx", "mx1.example.com", "--domain", "example.com"], 0, [] },
        { Flawless.Replace("enforce", "testing", StringComparison.Ordinal), [], 0, ["note ModeTesting 2:21"] },
        { Flawless, ["--mx", "mx1.example.com", "mx2.example.com"], 2, ["error UncoveredMxHost -"] },
        { Flawless, ["--mx", "mx1.example.com", "--record", "v=spf1 -all"], 2, ["error NoRecord -"] },
        { Flawless, ["--record", Record, "--record", "v=STSv1; id=2;"], 2, ["error MultipleRecords -"] },
        { Flawless, ["--record", "v=STSv1; id"], 2, ["error InvalidRecord 1:9"] },
        { Flawless.Replace("604800", "86400", StringComparison.Ordinal), [], 1, ["warning MaxAgeUnderDay 4:58"] },
        { Flawless + "\n", [], 1, ["warning BlankLine 5:65"] },
        {
            Flawless.Replace("mx:", "ms:", StringComparison.Ordinal), ["--mx", "mx1.example.com"],
            2, ["error InvalidPolicy 5:65", "warning MisspelledField 3:29"]
        },
        {
            Flawless.Replace("mx1", "*", StringComparison.Ordinal), ["--domain", "EXAMPLE.com."],
            1, ["warning WildcardOverPolicyDomain 3:33"]
        },
        { Flawless.Replace("mx1", "*", StringComparison.Ordinal), ["--domain", "example.net"], 0, [] },
        { Flawless.Replace("mx1", "*", StringComparison.Ordinal), ["--record", Record], 0, [] }, // the domain is unknown
        { "", [], 2, ["error InvalidPolicy 1:0"] },
    };

    [Theory]
    [MemberData(nameof(Findings))]
    public void Run_WithLint_PrintsTheFindingsAndReturnsTheCodeOfTheWorst(string policy, string[] args, int exitCode, string[] findings)
    {
        CliRun run = CliRun.OfPolicy(policy, ["--lint", .. args]);

        string[] lines = run.Output.Split('\n')[..^1];
        IEnumerable<string[]> rows = lines.Skip(1)
            .Where(line => line[0] != ' ')
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries));
        rows.Select(row => string.Join(' ', row[..3].Select(cell => cell.Trim()))).Should().Equal(findings);
        lines[0].Should().Match(first => findings.Length == 0 ? first == "no findings" : first.StartsWith("SEVERITY  CODE"));
        run.ExitCode.Should().Be((ExitCode)exitCode);
        run.Error.Should().BeEmpty();
    }

    // To approve a change: the command of the test, from the folder samples/Quickstart.
    [Fact]
    public void Run_WithLintOnABundledDomain_PrintsTheApprovedText()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "domains", "bank.example", "mta-sts.txt");

        CliRun run = CliRun.Of(
            "--lint", "--policy", file, "--domain", "bank.example", "--mx", "mx1.bank.example", "mx2.south.bank.example");

        Approved.Check(run.Output, "lint.txt");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Fact]
    public void Run_WithLintOfARecordAlone_ChecksNothingElse()
    {
        CliRun.Of("--lint", "--record", Record).Should().Be(new CliRun(ExitCode.Fine, "no findings\n", ""));
        CliRun.Of("--lint", "--record", "v=STSv1; id=;").ExitCode.Should().Be(ExitCode.Broken);
    }

    [Fact]
    public void Run_WithLintOfATooLargeFile_NamesOnlyTheLimit()
    {
        CliRun run = CliRun.Of(Encoding.ASCII.GetBytes(Flawless.PadRight(10 * Policy.MaxSize, '\n')), "--lint", "--policy", "-");

        run.Output.Should().Contain("error     TooLarge  1:0  ").And.Contain("65536 bytes").And.NotContain("65537");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Fact]
    public void Run_WithLintOfHostileText_PrintsPrintableAscii()
    {
        CliRun run = CliRun.OfPolicy(Flawless + "mxs: \u001B[2J\n", "--lint", "--mx", "\u001B[2J.\u202E.example");

        run.Output.ReplaceLineEndings("").Should().Match(text => text.All(c => c >= ' ' && c <= '~'));
        run.Output.Should().Contain("<U+001B>");
    }
}
