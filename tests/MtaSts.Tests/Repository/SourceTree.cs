namespace MtaSts.Tests;

/// <summary>Finds and reads the files of the repository, for the tests of its texts and its layout.</summary>
internal static class SourceTree
{
    private static readonly string[] Generated = ["artifacts", "bin", "obj", ".git", "StrykerOutput"];

    public static string Root { get; } = FindRoot();

    /// <summary>Returns the files with an extension, relative to the root and with forward slashes, without generated files.</summary>
    public static IEnumerable<string> Files(string extension) => Files(Root, extension).Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IEnumerable<string> Files(string folder, string extension)
    {
        IEnumerable<string> here = Directory.EnumerateFiles(folder, "*" + extension)
            .Select(static file => Path.GetRelativePath(Root, file).Replace('\\', '/'));
        IEnumerable<string> below = Directory.EnumerateDirectories(folder)
            .Where(static child => !Generated.Contains(Path.GetFileName(child), StringComparer.Ordinal))
            .SelectMany(child => Files(child, extension));
        return here.Concat(below);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MtaSts.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run in the repository.");
    }
}
