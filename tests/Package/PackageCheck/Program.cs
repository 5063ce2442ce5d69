// Checks the content of the package and returns 1 if something is missing. Argument: the .nupkg, with its .snupkg in the same folder.
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

const string Target = "net10.0";
List<string> problems = [];

// The target of a link or an image in Markdown or HTML.
Regex link = new(
    """\]\((?<target>[^)\s]*)|^\[[^\]]+\]:\s*(?<target>\S+)|(?:href|src)="(?<target>[^"]*)""",
    RegexOptions.Multiline | RegexOptions.ExplicitCapture,
    TimeSpan.FromSeconds(10));

using (ZipArchive package = ZipFile.OpenRead(args[0]))
{
    Has(package, ["README.md", "icon.png", "LICENSE-MIT", "LICENSE-APACHE", $"lib/{Target}/MtaSts.dll", $"lib/{Target}/MtaSts.xml"]);
    Check(
        package.Entries.Count(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal)) == 2,
        "lib/ holds more than one assembly and its documentation");

    string readme = Read(package, "README.md");
    Check(readme.StartsWith("# MtaSts\n", StringComparison.Ordinal), "README.md is not the package's readme");
    Check(readme.Contains("dotnet add package MtaSts", StringComparison.Ordinal), "README.md lacks the command that installs the package");
    Check(
        link.Matches(readme).All(static match => match.Groups["target"].Value.StartsWith("https://", StringComparison.Ordinal)),
        "README.md has a relative link");

    XElement metadata = XDocument.Parse(Read(package, "MtaSts.nuspec")).Root!.Elements().Single();
    XElement[] groups = [.. metadata.Descendants().Where(element => element.Name.LocalName == "group")];
    Check(
        groups.Select(group => (string?)group.Attribute("targetFramework")).SequenceEqual([Target], StringComparer.Ordinal),
        "the only dependency group is not " + Target);
    Check(metadata.Descendants().All(element => element.Name.LocalName != "dependency"), "the package has dependencies");
    Check(Text(metadata, "license") == "MIT OR Apache-2.0", "the licence expression is not MIT OR Apache-2.0");
    Check(Text(metadata, "readme") == "README.md", "the readme is missing");
    Check(Text(metadata, "icon") == "icon.png", "the icon is missing");
    Check(
        Uri.TryCreate(Text(metadata, "projectUrl"), UriKind.Absolute, out Uri? project) && project.Scheme == "https",
        "the project URL is missing");
    Check(
        Text(metadata, "releaseNotes").Split('\n').Any(static line => line.StartsWith("- ", StringComparison.Ordinal))
            && !Text(metadata, "releaseNotes").Contains("## ", StringComparison.Ordinal),
        "the release notes are not one section of the changelog");
    Check(Text(metadata, "description").Length > 0 && Text(metadata, "tags").Length > 0, "the description or the tags are missing");
    XElement? repository = metadata.Elements().SingleOrDefault(element => element.Name.LocalName == "repository");
    Check(
        (string?)repository?.Attribute("type") == "git" && (string?)repository?.Attribute("commit") is { Length: 40 },
        "the commit is missing");
}

using (ZipArchive symbols = ZipFile.OpenRead(Path.ChangeExtension(args[0], ".snupkg")))
{
    Has(symbols, [$"lib/{Target}/MtaSts.pdb"]);
}

foreach (string problem in problems)
{
    Console.Error.WriteLine($"{Path.GetFileName(args[0])}: {problem}");
}

if (problems.Count == 0)
{
    Console.WriteLine(
        $"{Path.GetFileName(args[0])}: no dependencies, one target, documentation, readme, release notes, project URL, icon, "
        + "licences, symbols");
}

return problems.Count == 0 ? 0 : 1;

void Check(bool holds, string problem)
{
    if (!holds)
    {
        problems.Add(problem);
    }
}

void Has(ZipArchive archive, IEnumerable<string> names)
{
    foreach (string name in names)
    {
        Check(archive.GetEntry(name) is { Length: > 0 }, $"{name} is missing or empty");
    }
}

static string Text(XElement metadata, string name) =>
    metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

static string Read(ZipArchive archive, string name)
{
    using StreamReader reader = new(archive.GetEntry(name)!.Open());
    return reader.ReadToEnd().ReplaceLineEndings("\n");
}
