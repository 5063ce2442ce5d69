using System.Text.RegularExpressions;

namespace MtaSts.Tests;

/// <summary>Holds the texts of the project to the rules of CONTRIBUTING.md that a test can check.</summary>
/// <remarks>
/// <para>Comments, documentation and Markdown contain none of the banned words and forms. The same rule holds for the
/// string literals of the library: errors and findings.</para>
/// <para>Summaries begin with a verb or a noun. Lines have at most 140 columns, except for tables in Markdown. The
/// documentation of the library has at most 120, except for code.</para>
/// </remarks>
public partial class VoiceTests
{
    private const int LongestLine = 140;
    private const int LongestDocumentation = 120;
    private const int LongestSentence = 25; // words

    // Each names the rules, so it holds the words that they ban.
    private static readonly string[] Exceptions = ["CONTRIBUTING.md", "tests/MtaSts.Tests/Repository/VoiceTests.cs"];

    public static TheoryData<string> Files =>
    [
        .. SourceTree.Files(".cs").Concat(SourceTree.Files(".md"))
            .Where(static file => !Exceptions.Contains(file, StringComparer.Ordinal))
            .Where(static file => !file.StartsWith("benchmarks/results/", StringComparison.Ordinal)), // printed by BenchmarkDotNet
    ];

    public static TheoryData<string, string?> Samples => new() // text, the match
    {
        { "The record stands at _mta-sts.", "stands" },
        { "A label goes before the dot.", "goes before" },
        { "It is tried once more.", "once more" },
        { "A list made of names.", "made of" },
        { "The mode is none that exists.", "none that exists" },
        { "The text is no policy.", "is no policy" },
        { "A value that is none.", "that is none" },
        { "The lower age, whichever it is", "whichever" },
        { "It is delivered nevertheless.", "nevertheless" },
        { "The policy could not be had.", "be had" },
        { "A look-up that failed", "look-up" },
        { "All routes refuse the text.", "refuse" },
        { "The text is refused.", "refused" },
        { "The DNS answers REFUSED.", null }, // a response code (RFC 1035)
        { "The part was not looked at.", "looked at" },
        { "Blanks at the end", "Blanks" },
        { "A standard library", null },
        { "A blank line, and the BlankLine deviation", null },
        { "There is no timeout.", null },
        { "The host is no longer allowed.", null },
        { "The mode is `none`.", null },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Banned_FindsWhatTheRulesBan(string text, string? expected) =>
        (Banned().Match(text) is { Success: true } match ? match.Value : null).Should().Be(expected);

    // CONTRIBUTING.md and this test list the same words.
    [Fact]
    public void Contributing_EachWordThatItBans_IsFound()
    {
        string[] words = BannedList().Match(SourceTree.Read("CONTRIBUTING.md")).Groups["words"].Value.ReplaceLineEndings(" ").Split(", ");

        words.Should().HaveCountGreaterThan(20).And.OnlyContain(static word => Banned().IsMatch(word));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Text_HasNoBannedWords(string file) =>
        Lines(file).SelectMany(line => Banned().Matches(Prose(file, line.Text)).Select(match => $"{file}:{line.Number}: {match.Value}"))
            .Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Files))]
    public void Summary_BeginsWithAVerbOrANoun(string file) =>
        RiddleSummary().Matches(SourceTree.Read(file)).Select(match => $"{file}: {match.Value}").Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Files))]
    public void Line_HasAtMost140Columns(string file) =>
        Lines(file).Where(line => line.Text.Length > LongestLine && !IsTableRow(file, line.Text)).Select(line => $"{file}:{line.Number}")
            .Should().BeEmpty();

    [Fact]
    public void Documentation_OfTheLibrary_HasAtMost120Columns() =>
        SourceTree.Files(".cs").Where(static file => file.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(static file => CodeExample().Replace(SourceTree.Read(file), "").Split('\n')
                .Where(static line => line.TrimStart().StartsWith("///", StringComparison.Ordinal) && line.Length > LongestDocumentation)
                .Select(line => $"{file}: {line}"))
            .Should().BeEmpty();

    [Fact]
    public void Readme_Sentences_HaveAtMost25Words()
    {
        string prose = LinkTarget().Replace(NotProse().Replace(SourceTree.Read("README.md"), "\n\n"), "]");

        SentenceEnd().Split(prose)
            .Where(static sentence => Word().Count(sentence) > LongestSentence)
            .Select(static sentence => sentence.ReplaceLineEndings(" "))
            .Should().BeEmpty();
    }

    private static IEnumerable<(int Number, string Text)> Lines(string file) =>
        SourceTree.Read(file).Split('\n').Select(static (text, index) => (index + 1, text.TrimEnd('\r')));

    private static bool IsTableRow(string file, string line) => IsMarkdown(file) && line.StartsWith('|');

    private static bool IsMarkdown(string file) => file.EndsWith(".md", StringComparison.Ordinal);

    private static string Prose(string file, string line)
    {
        if (IsMarkdown(file))
        {
            return line;
        }

        bool areStringsProse = file.StartsWith("src/", StringComparison.Ordinal);
        return string.Join('\n', StringOrComment().Matches(line)
            .Where(match => areStringsProse || match.Value.StartsWith("//", StringComparison.Ordinal))
            .Select(static match => match.Value));
    }

    [GeneratedRegex(@"Do not write: \*(?<words>[^*]+)\*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex BannedList();

    [GeneratedRegex("<code>.*?</code>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex CodeExample();

    [GeneratedRegex(
        @"\b(stand(s|ing)?|goes before|go before|go(es)? on to|sees? to it|puts? up with|in vain|at a glance|spared|once more|besides?|anyway"
        + @"|the look|comes? to|made of|hand(s|ed)? over|whoever|whatever|whichever|nevertheless|be had|look-ups?|looked at|blanks"
        + @"|(?!(?-i:REFUSED))refus(e[sd]?|als?|ing)|none that exists|that (is|are) none|(?<!there )is no (?!longer\b|more\b)\w+)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Banned();

    [GeneratedRegex(
        @"<summary>(\s*///\s*)?(Tells|Gives|Says|Takes in|What|How|Whether|Where)\b.*",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex RiddleSummary();

    // A string on one line, a character, or a comment to the end of the line. The one that begins first counts.
    [GeneratedRegex(@"""(\\.|[^""\\])*""|'(\\.|[^'\\])+'|//.*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex StringOrComment();

    [GeneratedRegex(@"^```.*?^```$|^[|#][^\n]*$", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex NotProse();

    [GeneratedRegex(@"(?<=[.!?])[)*]*\s+|\n\n|\n- ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\]\([^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"[\w`/@.\-()]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Word();
}
