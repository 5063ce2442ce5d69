using System.Text;
using MtaSts;

namespace Samples.Tests;

public class BundledDomainsTests
{
    // Names that are reserved for examples (RFC 2606).
    private static readonly string[] Reserved = [".example", ".test", "example.com", "example.net", "example.org"];

    // To approve a change: dotnet run --project samples/Quickstart [-- --tls expired] >tests/Samples.Tests/approved/…
    [Theory]
    [InlineData("bundled.txt")]
    [InlineData("bundled-tls-expired.txt", "--tls", "expired")]
    public void Run_WithoutRecordAndPolicy_PrintsTheApprovedText(string approved, params string[] args)
    {
        CliRun run = CliRun.Of(args);

        Approved.Check(run.Output, approved);
        run.Error.Should().BeEmpty();
        run.ExitCode.Should().Be(ExitCode.Fine, "the bundled domains have denied hosts");
    }

    [Fact]
    public void Run_WithoutArguments_PrintsLinesOfPrintableAsciiThatAreNotTooLong()
    {
        string[] lines = CliRun.Of().Output.Split('\n');

        lines.Should().OnlyContain(line => line.Length <= 110 && line.All(c => c >= ' ' && c <= '~'));
        lines.Should().OnlyContain(line => !line.EndsWith(' '));
    }

    [Fact]
    public void Read_HasEveryFolder()
    {
        IEnumerable<string?> folders =
            Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "domains")).Select(Path.GetFileName);

        BundledDomains.Read().Select(domain => domain.Domain.Name).Should().BeEquivalentTo(folders);
    }

    [Fact]
    public void Read_UsesReservedNamesOnly()
    {
        IEnumerable<string> names = BundledDomains.Read()
            .SelectMany(domain => (IEnumerable<string>)
            [
                domain.Domain.Name,
                .. domain.MxHosts,
                .. domain.Published.Policy?.Mx.Select(mx => mx.ToString()) ?? [],
            ]);

        names.Should().OnlyContain(name => Reserved.Any(end => name.TrimEnd('.').EndsWith(end, StringComparison.OrdinalIgnoreCase)));
    }

    // The purpose of each domain, independent of the approved text.
    [Theory]
    [InlineData("shop.example", PolicyMode.Enforce, "Deny,Allow,Allow")]
    [InlineData("bank.example", PolicyMode.Enforce, "Allow,Deny")]
    [InlineData("xn--bcher-kva.example", PolicyMode.Enforce, "Allow,Allow")]
    [InlineData("school.example", PolicyMode.Testing, "Allow,AllowAndReport")]
    [InlineData("bakery.example", null, "NoPolicy")]
    [InlineData("club.example", PolicyMode.None, "NoPolicy")]
    public void Read_HasADomainOfEachKind(string name, PolicyMode? mode, string verdicts)
    {
        BundledDomain domain = BundledDomains.Read().Single(domain => domain.Domain.Name == name);

        domain.Published.Record.Should().NotBeNull();
        domain.Published.Policy?.Mode.Should().Be(mode);
        string.Join(',', domain.MxHosts.Select(host => domain.Published.Judge(host, tls: null).Decision.Verdict))
            .Should().Be(verdicts);
    }

    // .gitattributes and .editorconfig keep the files byte for byte.
    [Theory]
    [InlineData("shop.example", "1209600\r\n")]
    [InlineData("bank.example", "31557600\n")]
    [InlineData("xn--bcher-kva.example", "604800")]
    public void PolicyFiles_EndAsPublishedOnesDo(string name, string end)
    {
        string file = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "domains", name, "mta-sts.txt")));

        file.Should().EndWith($"max_age: {end}");
    }
}
