using System.Globalization;
using System.Net.Security;
using System.Text;
using System.Text.RegularExpressions;
using MtaSts;

namespace Samples.Tests;

/// <summary>
/// Holds the code, the names and the numbers of the README, of docs/sending.md and of docs/recipes.md to the library and
/// its samples.
/// </summary>
/// <remarks>Each block of C# is part of a compiled sample, whose result is tested here or in the tests of that sample.</remarks>
public partial class ReadmeTests
{
    private static readonly string Readme = Read("README.md");
    private static readonly string PackageReadme = Read("package-readme.md");

    public static TheoryData<string> CSharpBlocks => [.. BlocksOf(Readme).Skip(1), .. BlocksOf(Read("sending.md")), .. BlocksOf(Read("recipes.md"))];

    [Theory]
    [MemberData(nameof(CSharpBlocks))]
    public void Page_EachCSharpBlock_IsPartOfACompiledSample(string block)
    {
        IEnumerable<string> samples = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "sources"), "*.cs")
            .Select(File.ReadAllText);

        samples.Should().Contain(sample => Squeeze(sample).Contains(Squeeze(block), StringComparison.Ordinal));
    }

    [Fact]
    public void Pages_HaveTheBlocksThatAreTested() => CSharpBlocks.Should().HaveCount(21);

    [Fact]
    public void FirstBlock_RunAsPasted_PrintsItsComments()
    {
        string block = BlocksOf(Readme).First();
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Decide(output);

        block.Should().StartWith("using MtaSts;\n");
        Squeeze(Read(Path.Combine("sources", "ReadmeExamples.cs"))).Should().Contain(Squeeze(block["using MtaSts;\n".Length..]));
        IEnumerable<string> comments = Comment().Matches(block).Select(static match => match.Groups["text"].Value);
        output.ToString().Split(Environment.NewLine).Should().Equal([.. comments, ""]);
    }

    [Fact]
    public void PackageReadme_ShowsTheFirstBlockOfTheReadme() => BlocksOf(PackageReadme).Should().Equal(BlocksOf(Readme).First());

    [Fact]
    public void Readme_TypesOfTheTables_Exist()
    {
        string[] names =
        [
            .. PublicName().Matches(Readme[Readme.IndexOf("## Where each section", StringComparison.Ordinal)..])
                .Select(static match => match.Groups["type"].Value)
                .Distinct(StringComparer.Ordinal),
        ];
        string[] types = [.. typeof(Sts).Assembly.GetExportedTypes().Select(static type => type.Name)];

        names.Should().HaveCountGreaterThan(10)
            .And.OnlyContain(name => types.Contains(name, StringComparer.Ordinal) || name == "IdnMapping");
    }

    [Theory]
    [InlineData("parse a record", "record")]
    [InlineData("parse a policy of 3 mx, UTF-8", "policy-utf8")]
    [InlineData("parse a policy of 64 KiB, 1,727 mx, UTF-8", "policy-64k-utf8")]
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
    public void Readme_Machine_IsThatOfTheBudgets() =>
        Readme.Should().Contain(Measured().Match(Read("BUDGETS.md")).Groups["machine"].Value);

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
    public void Publish_PrintsThePolicyFileAndTheRecord()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Publish(output);

        output.ToString().ReplaceLineEndings("\n").Should().StartWith(
            "Serve at https://mta-sts.example.com/.well-known/mta-sts.txt:\n"
            + "version: STSv1\nmode: testing\nmx: mx1.example.com\nmx: *.mail.example.net\nmax_age: 604800\n\n"
            + "Publish at _mta-sts.example.com: v=STSv1; id=");
    }

    [Fact]
    public void Lint_UncoveredHost_PrintsTheFinding()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Lint(
            TxtAnswer.FromRecords(["v=STSv1; id=1"]),
            Encoding.UTF8.GetBytes("version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"),
            output);

        output.ToString().Should().Contain("error UncoveredMxHost").And.Contain("\"mx.example.org\"");
    }

    [Fact]
    public void Explain_PrintsItsComment()
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);

        ReadmeExamples.Explain(output).Should().BeFalse();

        Readme.Should().Contain($"\n// {output.ToString().TrimEnd()}\n");
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file));

    private static IEnumerable<string> BlocksOf(string page) => Block().Matches(page).Select(static match => match.Groups["code"].Value);

    private static string[] Row(string file, string firstCell)
    {
        string line = Read(file).Split('\n').Single(line => line.StartsWith($"| {firstCell} |", StringComparison.Ordinal));
        return [.. line.Trim('|', ' ').Split('|').Select(static cell => cell.Trim())];
    }

    private static string Squeeze(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Block();

    [GeneratedRegex("; +// (?<text>.*)$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Comment();

    [GeneratedRegex("^Measured on (?<machine>[^,]+),", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Measured();

    [GeneratedRegex("`(?<type>[A-Z][A-Za-z]+)[.`]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PublicName();
}
