// Looks into the package (argument: the .nupkg; its .snupkg stands beside it) and returns 1 when something that was promised is missing.
using System.IO.Compression;
using System.Xml.Linq;

const string Target = "net10.0";
List<string> problems = [];

using (ZipArchive package = ZipFile.OpenRead(args[0]))
{
    Has(package, ["README.md", "icon.png", "LICENSE-MIT", "LICENSE-APACHE", $"lib/{Target}/MtaSts.dll", $"lib/{Target}/MtaSts.xml"]);
    Check(
        package.Entries.Count(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal)) == 2,
        "lib/ holds more than one assembly and its documentation");

    using Stream stream = package.GetEntry("MtaSts.nuspec")!.Open();
    XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
    XElement[] groups = [.. metadata.Descendants().Where(element => element.Name.LocalName == "group")];
    Check(
        groups.Select(group => (string?)group.Attribute("targetFramework")).SequenceEqual([Target], StringComparer.Ordinal),
        "the only dependency group is not " + Target);
    Check(metadata.Descendants().All(element => element.Name.LocalName != "dependency"), "the package has dependencies");
    Check(Text(metadata, "license") == "MIT OR Apache-2.0", "the licence expression is not MIT OR Apache-2.0");
    Check(Text(metadata, "readme") == "README.md", "no readme is named");
    Check(Text(metadata, "icon") == "icon.png", "no icon is named");
    Check(Text(metadata, "description").Length > 0 && Text(metadata, "tags").Length > 0, "no description or tags");
    XElement? repository = metadata.Elements().SingleOrDefault(element => element.Name.LocalName == "repository");
    Check((string?)repository?.Attribute("type") == "git" && (string?)repository?.Attribute("commit") is { Length: 40 }, "no commit is named");
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
    Console.WriteLine($"{Path.GetFileName(args[0])}: no dependencies, one target, documentation, readme, icon, licences, symbols");
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
