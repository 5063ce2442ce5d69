using MtaSts;
using MtaSts.Linting;

namespace Consumer;

/// <summary>Calls the API for publishers and monitors.</summary>
internal static class Publishing
{
    private const string Testing = "version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 1209600\n";

    public static void Run()
    {
        Linting();
        RollingOver();
    }

    private static void Linting()
    {
        Finding finding = PolicyLint.Check(Testing).Single();
        Check.That(
            "a finding",
            finding is { Code: FindingCode.ModeTesting, Severity: Severity.Note, Line: 2, Offset: 21 }
                && finding.ParseErrorCode is ParseErrorCode.None);
        Interfaces.CheckText(finding, "note ModeTesting, line 2, offset 21: " + finding.Message);
        Check.That("a finding's message", finding.Message.StartsWith("The mode is testing: ", StringComparison.Ordinal));
        Check.That(
            "a file in UTF-8",
            PolicyLint.Check("version: STSv1\nmode: on\n"u8)
                is [{ Code: FindingCode.InvalidPolicy, Severity: Severity.Error, ParseErrorCode: ParseErrorCode.InvalidMode, Line: 2 }]);

        FetchResult missing = FetchResult.Failed(FetchStatus.NotFound);
        Check.That(
            "a publication without its file",
            PolicyLint.Check(new Publication(missing) { Txt = TxtAnswer.NoRecord })
                is [{ Code: FindingCode.NoRecord }, { Code: FindingCode.NotFound }]);
        Publication publication = new(200, "text/html", "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1209600\n"u8)
        {
            Domain = PolicyDomain.Parse("example.com"),
            MxHosts = ["b.example"],
        };
        Check.That(
            "the parts of a publication",
            publication is { Domain.Name: "example.com", Txt: null, Fetch.Status: FetchStatus.WrongMediaType, MxHosts: ["b.example"] });
        Interfaces.CheckText(publication, "example.com, fetch WrongMediaType, 200, \"text/html\", MX hosts: 1");
        Check.That(
            "a publication with its file",
            PolicyLint.Check(publication)
                is [{ Code: FindingCode.WrongMediaType }, { Code: FindingCode.UnusedPattern }, { Code: FindingCode.UncoveredMxHost }]);
    }

    private static void RollingOver()
    {
        StsRecord record = new("1");
        RolloverReport report = PolicyRollover.Check(Policies.Testing, record, Policies.Enforcing, record);
        Interfaces.CheckText(report, $"findings: 1, steps: {report.Steps.Count}");
        Check.That("an id that did not change", report.Findings is [{ Code: FindingCode.IdNotChanged, Severity: Severity.Error }]);
        Check.That(
            "the steps",
            report.Steps is [var first, ..] && first.StartsWith("Publish the policy file of mode enforce", StringComparison.Ordinal));
    }
}
