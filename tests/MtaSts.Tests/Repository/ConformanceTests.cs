using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using OutboundMta;

namespace MtaSts.Tests;

/// <summary>Holds docs/conformance.md to the code: the members and tests that a row names must exist.</summary>
public partial class ConformanceTests
{
    private const BindingFlags Anything = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static readonly string[] Words = ["MUST", "MUST NOT", "SHALL", "SHOULD", "SHOULD NOT", "MAY", "rule"];

    // The sections of RFC 8461 that have a key word.
    private static readonly string[] Sections =
        ["2", "3.1", "3.2", "3.3", "3.4", "4", "4.2", "5", "5.1", "6", "7.1", "7.2", "8.1", "8.2", "10.2"];

    private static readonly Type[] Library = typeof(Sts).Assembly.GetExportedTypes();
    private static readonly Type[] Samples = [.. typeof(PolicyFetcher).Assembly.GetExportedTypes()];

    // By class, from the source code: the tests of the samples have an assembly of their own.
    private static readonly ILookup<string, string> Tests = SourceTree.Files("Tests.cs")
        .SelectMany(
            static file => Test().Matches(SourceTree.Read(file)),
            static (file, test) => (Class: Path.GetFileNameWithoutExtension(file), test.Groups["name"].Value))
        .ToLookup(static test => test.Class, static test => test.Value, StringComparer.Ordinal);

    // The rows of the page's only table, without its head.
    private static readonly string[] TableRows =
        [.. SourceTree.Read("docs/conformance.md").ReplaceLineEndings("\n").Split('\n').Where(static line => line.StartsWith('|')).Skip(2)];

    public static TheoryData<string> Rows => [.. TableRows];

    public static TheoryData<string, string> WrongRows => new() // row, what is found
    {
        { "| 5 | MUST | A demand | `Sts.Enforce` |", "not five cells" },
        { "| 5 | WILL | A demand | `Sts.Enforce` | `DecisionTests` |", "no key word: WILL" },
        { "| 5 | MUST |  | `Sts.Enforce` | `DecisionTests` |", "no demand" },
        { "| 5 | MUST | A demand | `Sta.Enforce` | `DecisionTests` |", "nothing is called Sta.Enforce" },
        { "| 5 | MUST | A demand | `Sts.Enforced` | `DecisionTests` |", "nothing is called Sts.Enforced" },
        { "| 5 | MUST | A demand | `MxHost` | `DecisionTests` |", "nothing is called MxHost" }, // not public
        { "| 5 | MUST | A demand | `Sts.Enforce`, `DecisionTests` | `DecisionTests` |", "nothing is called DecisionTests" }, // a test
        { "| 5 | MUST | A demand | the library | `DecisionTests` |", "met by nobody" },
        { "| 5 | MUST | A demand | `Sts.Enforce` | — |", "no test" },
        { "| 5 | MUST | A demand | `Sts.Enforce` | DecisionTests |", "no test" },
        { "| 5 | MUST | A demand | Caller | — |", "no reason" },
        { "| 5 | MUST | A demand | `Sts.Enforce` | `DecisionTest` |", "no test is called DecisionTest" },
        { "| 5 | MUST | A demand | `Sts.Enforce` | `DecisionTests.Enforce` |", "no test is called DecisionTests.Enforce" },
        { "| 5 | MUST | A demand | `Sts.Enforce` | `DecisionTests.Table` |", "no test is called DecisionTests.Table" }, // not a test
        { "| 5 | MUST | A demand | `Sts.Enforce` | `Sts.Enforce` |", "no test is called Sts.Enforce" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_OfThePage_NamesWhatIsThere(string row) => Problems(row).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(WrongRows))]
    public void Problems_OfAWrongRow_AreFound(string row, string expected) => Problems(row).Should().Contain(expected);

    [Fact]
    public void Rows_OfThePage_AreInTheOrderOfTheSectionsAndLeaveNoneOut()
    {
        string[] sections = [.. TableRows.Select(static row => Cells(row)[0])];

        sections.Select(static section => decimal.Parse(section, CultureInfo.InvariantCulture)).Should().BeInAscendingOrder();
        sections.Should().Contain(Sections);
        TableRows.Should().OnlyHaveUniqueItems();
    }

    private static List<string> Problems(string row)
    {
        if (Cells(row) is not [_, var word, var demand, var metBy, var tests])
        {
            return ["not five cells"];
        }

        List<string> problems = [];
        string[] names = NamesIn(metBy);
        string[] testNames = NamesIn(tests);
        problems.AddRange(Words.Contains(word, StringComparer.Ordinal) ? [] : [$"no key word: {word}"]);
        problems.AddRange(demand.Length > 0 ? [] : ["no demand"]);
        problems.AddRange(names.Where(static name => !Exists(name)).Select(static name => $"nothing is called {name}"));
        problems.AddRange(testNames.Where(static name => !IsTest(name)).Select(static name => $"no test is called {name}"));

        // What only others can meet needs a reason instead of a name.
        bool isOfOthers = Others().Match(metBy) is { Success: true };
        problems.AddRange(isOfOthers || names.Length > 0 ? [] : ["met by nobody"]);
        problems.AddRange(!isOfOthers || Others().Match(metBy).Groups["reason"].Success ? [] : ["no reason"]);
        problems.AddRange(testNames.Length > 0 || (isOfOthers && names.Length == 0 && tests == "—") ? [] : ["no test"]);
        return problems;
    }

    private static string[] Cells(string row) => [.. row.Trim('|').Split('|').Select(static cell => cell.Trim())];

    private static string[] NamesIn(string cell) => [.. Name().Matches(cell).Select(static match => match.Groups["name"].Value)];

    private static bool Exists(string name) => name.Split('.') switch
    {
        [var type] => Library.Concat(Samples).Any(candidate => candidate.Name == type),
        [var type, var member] =>
            Library.Concat(Samples).Any(candidate => candidate.Name == type && candidate.GetMember(member, Anything).Length > 0),
        _ => false,
    };

    private static bool IsTest(string name) => name.Split('.') switch
    {
        [var type] => Tests.Contains(type),
        [var type, var test] => Tests[type].Contains(test, StringComparer.Ordinal),
        _ => false,
    };

    // The attribute of a test, then the first public member, after further attributes.
    [GeneratedRegex(
        @"\[(Fact|Theory|Property)\b.*?\n    public [^\n(]*?(?<name>\w+)\(",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Test();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();

    [GeneratedRegex(
        "^(Caller|Publisher|Receiver|Publisher and receiver)\\b(?<reason>.*\\w.*)?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Others();
}
