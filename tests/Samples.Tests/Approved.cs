namespace Samples.Tests;

/// <summary>The texts in the folder <c>approved</c>: what somebody has read and found right.</summary>
internal static class Approved
{
    public static string Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", name)).ReplaceLineEndings("\n");
}
