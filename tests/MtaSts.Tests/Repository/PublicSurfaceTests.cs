using System.Runtime.CompilerServices;
using MtaSts.Tests.Surface;

namespace MtaSts.Tests;

/// <summary>The public surface of the library is the text in PublicApi.approved.txt: a change of it is a change of that file.</summary>
/// <remarks>
/// <para>One text for all targets. To approve the surface as it is, and then to read the difference before committing it:</para>
/// <code>
/// MTASTS_APPROVE=1 dotnet test tests/MtaSts.Tests -f net10.0 --filter PublicSurface
/// git diff tests/MtaSts.Tests/PublicApi.approved.txt
/// </code>
/// <para>A test that fails writes what it found to PublicApi.received.txt beside the test assembly.</para>
/// </remarks>
public class PublicSurfaceTests
{
    private const string ApprovedName = "PublicApi.approved.txt";
    private const string ReceivedName = "PublicApi.received.txt";

    [Fact]
    public void PublicSurface_OfTheLibrary_IsTheApprovedOne()
    {
        string received = PublicSurface.Describe(typeof(Sts).Assembly);
        if (Environment.GetEnvironmentVariable("MTASTS_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(SourceDirectory(), ApprovedName), received);
            return;
        }

        string approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, ApprovedName)).ReplaceLineEndings("\n");
        if (received != approved)
        {
            string place = Path.Combine(AppContext.BaseDirectory, ReceivedName);
            File.WriteAllText(place, received);
            Assert.Fail(
                $"The public surface has changed. If that is meant, approve it as {nameof(PublicSurfaceTests)} says.\n{Difference(approved, received)}\nWhole text: {place}");
        }
    }

    [Fact]
    public void Difference_OfTwoSurfaces_NamesWhatWentAndWhatCameWithItsType()
    {
        string difference = Difference(
            "public class A\n    int X\n    int Y\n\npublic class B\n    int X\n",
            "public class A\n    int X\n\npublic class B\n    int X\n    int Z\n");

        difference.Should().Be("- public class A\n-     int Y\n+ public class B\n+     int Z");
    }

    private static string SourceDirectory([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;

    private static string Difference(string approved, string received)
    {
        List<(string Type, string Line)> before = Lines(approved);
        List<(string Type, string Line)> after = Lines(received);
        string[] lines = [.. MarkedText("- ", before.Except(after)), .. MarkedText("+ ", after.Except(before))];
        return lines.Length > 0 ? string.Join('\n', lines) : "The same lines stand in another order.";
    }

    // Each line under its type.
    private static IEnumerable<string> MarkedText(string mark, IEnumerable<(string Type, string Line)> lines) => lines
        .GroupBy(line => line.Type, StringComparer.Ordinal)
        .SelectMany(group => group.Select(line => line.Line).Prepend(group.Key).Distinct(StringComparer.Ordinal))
        .Select(line => mark + line);

    private static List<(string Type, string Line)> Lines(string text)
    {
        List<(string Type, string Line)> lines = [];
        string type = "";
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line.StartsWith(' ') ? type : line;
            lines.Add((type, line));
        }

        return lines;
    }
}
