using System.Text;
using MtaSts;

namespace Samples.Tests;

public class NewTests
{
    // arguments, the policy file
    public static TheoryData<string[], string> Policies => new()
    {
        { ["--mx", "mx1.example.com"], "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 1209600\n" },
        {
            ["--mx", "MX1.example.com", "*.example.net", "--mode", "enforce", "--max-age", "604800"],
            "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmx: *.example.net\nmax_age: 604800\n"
        },
        {
            ["--mx", "a.example", "--mx", "b.example", "--max-age", "365d"],
            "version: STSv1\nmode: testing\nmx: a.example\nmx: b.example\nmax_age: 31536000\n"
        },
        { ["--mx", "a.example", "--max-age", "31557600"], "version: STSv1\nmode: testing\nmx: a.example\nmax_age: 31557600\n" },
        { ["--mx", "a.example", "--max-age", "0"], "version: STSv1\nmode: testing\nmx: a.example\nmax_age: 0\n" },
        { ["--mode", "none"], "version: STSv1\nmode: none\nmax_age: 86400\n" }, // an opt-out should be short, section 8.3
        { ["--mode", "none", "--mx", "a.example", "--max-age", "2d"], "version: STSv1\nmode: none\nmx: a.example\nmax_age: 172800\n" },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Run_WithNew_PrintsThePolicyFileAndItsRecord(string[] args, string file)
    {
        CliRun run = CliRun.Of(["--new", "--domain", "B\u00FCcher.example", .. args]);

        string[] parts = run.Output.Split("\n\n");
        parts[0].Should().Be("The policy file, to serve as text/plain at https://mta-sts.xn--bcher-kva.example/.well-known/mta-sts.txt:");
        $"{parts[1]}\n".Should().Be(file);
        parts[3].Should().Be($"_mta-sts.xn--bcher-kva.example. IN TXT \"{Policy.Parse(file).CreateRecord()}\"");
        run.Error.Should().BeEmpty();
    }

    // To approve a change: the command of the test.
    [Fact]
    public void Run_WithNewAndNothingPublished_PrintsTheApprovedText()
    {
        CliRun run = CliRun.Of("--new", "--mx", "mx1.example.com", "*.example.net", "--max-age", "28d");

        Approved.Check(run.Output, "new.txt");
        run.ExitCode.Should().Be(ExitCode.Fine, "all findings are notes");
    }

    // To approve a change: the command of the test, from the folder samples/Quickstart.
    [Fact]
    public void Run_WithNewInPlaceOfABundledPolicy_PrintsTheApprovedText()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "domains", "bank.example", "mta-sts.txt");
        string[] next =
        [
            "--new", "--domain", "bank.example", "--mode", "enforce", "--max-age", "1d",
            "--mx", "mx1.bank.example", "mx2.south.bank.example",
        ];

        CliRun run = CliRun.Of([.. next, "--policy", file, "--record", "v=STSv1; id=7"]);

        Approved.Check(run.Output, "new-rollover.txt");
        run.ExitCode.Should().Be(ExitCode.Objection, "the max_age is a day");
    }

    [Fact]
    public void Run_WithNewThatIsAlreadyPublished_HasNoSteps()
    {
        Policy policy = new(PolicyMode.Enforce, TimeSpan.FromDays(14), [MxPattern.Parse("mx1.example.com")]);

        CliRun same = CliRun.OfPolicy(policy.ToString(), "--new", "--mode", "enforce", "--mx", "mx1.example.com");
        CliRun otherId = CliRun.OfPolicy(
            policy.ToString(), "--new", "--mode", "enforce", "--mx", "mx1.example.com", "--record", "v=STSv1; id=1");

        same.Output.Should().Contain("\nno findings\n\nNo steps are required: the policy does not change.\n");
        otherId.Output.Should().Contain("IdChangedNeedlessly").And.Contain("\nNo steps are required: the policy does not change.\n");
    }

    [Fact]
    public void Run_WithNewUnderTheIdOfAnotherPolicy_FindsTheUnchangedId()
    {
        Policy next = new(PolicyMode.Testing, TimeSpan.FromDays(14), [MxPattern.Parse("mx1.example.com")]);

        CliRun run = CliRun.OfPolicy(
            next.WithMode(PolicyMode.Enforce).ToString(), "--new", "--mx", "mx1.example.com", "--record", $"{next.CreateRecord()}");

        run.Output.Should().Contain("IdNotChanged");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Fact]
    public void Run_WithNewInPlaceOfAnInvalidPolicy_WritesTheReasonAndTheNewPolicy()
    {
        CliRun run = CliRun.OfPolicy("version: STSv2\n", "--new", "--mx", "mx1.example.com");

        run.Error.Should().StartWith("<stdin>:1: ");
        run.Output.Should().Contain("\nmx: mx1.example.com\n");
        run.ExitCode.Should().Be(ExitCode.Broken);
    }

    [Fact]
    public void Run_WithNewPolicyThatWouldBeTooLarge_WritesTheLimit()
    {
        string parent = $"{new string('a', 63)}.{new string('b', 63)}.{new string('c', 63)}.example";
        string[] hosts = [.. Enumerable.Range(0, 320).Select(i => $"{i}.{parent}")];

        CliRun run = CliRun.Of(["--new", "--mx", .. hosts]);

        run.Should().Be(new CliRun(
            ExitCode.Usage, "", "--mx: expected a policy file of at most 65536 bytes, found a larger one (RFC 8461 section 3.3)\n"));
        Encoding.ASCII.GetByteCount(string.Concat(hosts)).Should().BeLessThan(Policy.MaxSize, "the hosts alone would fit");
    }
}
