using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>
/// Compares the findings on published files with an approved file, so that a change of a rule is a diff to review.
/// </summary>
public sealed class CorpusFindingsTests
{
    /// <summary>Returns the paths of the policy files, in the same order on every system.</summary>
    internal static IReadOnlyList<string> PolicyFiles() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "policies")).Order(StringComparer.Ordinal)];

    [Fact]
    public void Check_Corpus_GivesTheApprovedFindings() => Approved.Check(Findings(), "corpus-findings.txt");

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
}
