namespace Samples.Tests;

/// <summary>Reads the approved texts in the folder <c>approved</c>.</summary>
internal static class Approved
{
    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", name)).ReplaceLineEndings("\n");
}
