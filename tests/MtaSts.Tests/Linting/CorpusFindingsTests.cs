using System.Runtime.CompilerServices;
using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>
/// Compares the findings on published files with an approved file, so that a change of a rule is a diff to review.
/// </summary>
/// <remarks>
/// If they differ, the test writes the findings to <c>corpus-findings.received.txt</c> in the folder of the test
/// assembly. To approve them, run the test once with the environment variable <c>MTASTS_APPROVE=1</c>, which writes the
/// approved file in the source tree.
/// </remarks>
public sealed class CorpusFindingsTests
{
    private const string ApprovedName = "corpus-findings.approved.txt";
    private const string ReceivedName = "corpus-findings.received.txt";

    /// <summary>Returns the paths of the policy files, in the same order on every system.</summary>
    internal static IReadOnlyList<string> PolicyFiles() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "policies")).Order(StringComparer.Ordinal)];

    [Fact]
    public void Check_Corpus_GivesTheApprovedFindings()
    {
        string received = Findings();
        if (Environment.GetEnvironmentVariable("MTASTS_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(ProjectFolder(), ApprovedName), received);
            return;
        }

        string approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, ApprovedName));
        string receivedPath = Path.Combine(AppContext.BaseDirectory, ReceivedName);
        if (approved != received)
        {
            File.WriteAllText(receivedPath, received);
        }

        // By line: a failure shows the first line that differs.
        received.Split('\n').Should().Equal(approved.Split('\n'), "the received findings are in {0}", receivedPath);
    }

    private static string Findings()
    {
        StringBuilder lines = new();
        foreach (string path in PolicyFiles())
        {
            Append(lines, Path.GetFileName(path), PolicyLint.Check(File.ReadAllBytes(path)));
        }

        int number = 0;
        foreach (string record in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", "records.txt")))
        {
            number++;
            Publication publication = new() { Txt = TxtAnswer.FromRecords([record]) };
            Append(lines, $"records.txt({number})", PolicyLint.Check(publication));
        }

        return lines.ToString();
    }

    private static void Append(StringBuilder lines, string name, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            lines.Append(name).Append(": no finding\n");
        }

        foreach (Finding finding in findings)
        {
            lines.Append(name).Append(": ").Append(finding).Append('\n');
        }
    }

    private static string ProjectFolder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..");
}
