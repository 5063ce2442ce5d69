using System.Runtime.CompilerServices;

namespace MtaSts.Tests;

/// <summary>Compares a text with its approved version in the folder <c>approved</c> of the test project.</summary>
/// <remarks>
/// A run with the environment variable <c>MTASTS_APPROVE=1</c> writes the texts instead. Review them with <c>git diff</c> before a commit.
/// </remarks>
internal static class Approved
{
    private const string Folder = "approved";

    public static void Check(string received, string name, [CallerFilePath] string test = "")
    {
        if (Environment.GetEnvironmentVariable("MTASTS_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceFolder(test), name), received);
            return;
        }

        string approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, Folder, name)).ReplaceLineEndings("\n");

        // By line, because a failure then shows the first difference.
        received.Split('\n').Should().Equal(approved.Split('\n'), "these are the lines of {0}/{1}", Folder, name);
    }

    private static string SourceFolder(string test)
    {
        string project = Path.GetDirectoryName(test)!;
        while (!Directory.Exists(Path.Combine(project, Folder)))
        {
            project = Path.GetDirectoryName(project)!;
        }

        return Path.Combine(project, Folder);
    }
}
