using System.Globalization;
using System.Net.Security;
using System.Text;
using System.Text.RegularExpressions;
using MtaSts;

namespace Samples.Tests;

/// <summary>Holds the README to the code: each C# block stands in a sample that is compiled, and run here or in the test of that sample.</summary>
public partial class ReadmeTests
{
    private static readonly DateTimeOffset Now = new(2026, 8, 31, 9, 0, 0, TimeSpan.Zero);

    private static readonly string Readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));

    public static TheoryData<string> CSharpBlocks => [.. Block().Matches(Readme).Select(static match => match.Groups["code"].Value)];

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Readme_EachCSharpBlock_StandsInACompiledSample(string block)
    {
        IEnumerable<string> samples = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "sources"), "*.cs").Select(File.ReadAllText);

        samples.Should().Contain(sample => Squeeze(sample).Contains(Squeeze(block), StringComparison.Ordinal), "the README shows code that runs");
    }

    [Fact]
    public void PackageReadme_Code_PrintsWhatItsCommentsSay()
    {
        string block = Block().Match(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "package-readme.md"))).Groups["code"].Value;
        string examples = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sources", "ReadmeExamples.cs"));
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Decide(output);

        block.Should().StartWith("using MtaSts;\n", "the code runs as pasted");
        Squeeze(examples).Should().Contain(Squeeze(block["using MtaSts;\n".Length..]));
        output.ToString().Split(Environment.NewLine).Should().Equal([.. block.Split('\n').Where(static line => line.Contains("; // ", StringComparison.Ordinal)).Select(static line => line.Split("; // ")[1]), ""]);
    }

    [Fact]
    public void Readme_HasTheBlocksThatAreTested() => CSharpBlocks.Should().HaveCount(10);

    [Fact]
    public void Readme_HasNoTypeThatDoesNotExist()
    {
        string[] names = [.. PublicName().Matches(Readme[Readme.IndexOf("## Where each section", StringComparison.Ordinal)..]).Select(static match => match.Groups["type"].Value).Distinct(StringComparer.Ordinal)];
        string[] types = [.. typeof(Sts).Assembly.GetExportedTypes().Select(static type => type.Name)];

        names.Should().HaveCountGreaterThan(10).And.OnlyContain(name => types.Contains(name, StringComparer.Ordinal) || name == "IdnMapping");
    }

    [Theory]
    [InlineData("read a record", "record")]
    [InlineData("read a policy of 3 mx, UTF-8", "policy-utf8")]
    [InlineData("read a policy of 64 KiB, 1,727 mx, UTF-8", "policy-64k-utf8")]
    [InlineData("`Sts.MxMatches`, wildcard", "match-wildcard")]
    [InlineData("`Sts.Enforce`, 3 mx, the last one matches", "enforce-last")]
    [InlineData("`Sts.Enforce`, 1,000 mx, none matches", "enforce-1000-none")]
    [InlineData("`InMemoryCache.TryGet`, a hit among 100,000 domains", "cache-hit")]
    public void Readme_SpeedTable_HasTheNumbersOfTheBudgets(string operation, string id)
    {
        string[] budget = Row("BUDGETS.md", $"`{id}`");

        Row("README.md", operation).Should().Equal(operation, $"{budget[2]} ns", $"{budget[3]} ns", $"{budget[6]} B");
    }

    [Fact]
    public void FromTextToVerdict_GivesWhatItsCommentsSay() => ReadmeExamples.FromTextToVerdict(Now).Select(static decision => decision.ToString()).Should().Equal(
        "Allow, *.example.com",
        "Deny, certificate-expired, 4.7.5, *.example.com",
        "Deny, validation-failure, 4.4.8");

    [Fact]
    public void FromTextToVerdict_AllowedHost_RequiresTls() => ReadmeExamples.FromTextToVerdict(Now)[0].RequiresTls.Should().BeTrue();

    [Fact]
    public void Handshake_Callback_KeepsTheOutcomeAndGoesOn()
    {
        (SslClientAuthenticationOptions options, Func<TlsOutcome> outcome) = ReadmeExamples.Handshake("MX.example.com.");
        outcome().Should().Be(TlsOutcome.HandshakeFailed);

        options.RemoteCertificateValidationCallback!(this, null, null, SslPolicyErrors.RemoteCertificateNameMismatch).Should().BeTrue();

        outcome().Should().Be(TlsOutcome.HostMismatch);
        options.TargetHost.Should().Be("mx.example.com");
    }

    [Fact]
    public void Publish_GivesAFileAndARecordThatParse()
    {
        (string file, string txt) = ReadmeExamples.Publish();

        Policy.Parse(file).Deviations.Should().Be(Deviations.None);
        file.Should().Be("version: STSv1\r\nmode: testing\r\nmx: mx1.example.com\r\nmx: *.mail.example.net\r\nmax_age: 604800\r\n");
        TxtAnswer.FromRecords([txt]).Status.Should().Be(TxtStatus.Found);
    }

    [Fact]
    public void Lint_PrintsWhatItsCommentSays()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Lint(
            TxtAnswer.FromRecords(["v=STSv1; id=1"]),
            Encoding.UTF8.GetBytes("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"),
            output);

        output.ToString().Should().Contain("error UncoveredMxHost: The MX host \"mx.example.org\" matches no pattern of the policy");
    }

    [Fact]
    public void Explain_PrintsWhatItsCommentSays()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Explain(output).Should().BeFalse();

        Readme.Should().Contain($"Console.WriteLine(error); // {output.ToString().TrimEnd()}\n");
    }

    private static string[] Row(string file, string firstCell)
    {
        string line = File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Single(line => line.StartsWith($"| {firstCell} |", StringComparison.Ordinal));
        return [.. line.Trim('|', ' ').Split('|').Select(static cell => cell.Trim())];
    }

    private static string Squeeze(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Block();

    [GeneratedRegex("`(?<type>[A-Z][A-Za-z]+)[.`]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PublicName();
}
