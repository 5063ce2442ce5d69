namespace MtaSts.Tests;

/// <summary>The copies of a policy with another maximum age or other patterns, and the longest maximum age.</summary>
public sealed class PolicyWithTests
{
    // With extensions and with a deviation, to show that a copy keeps the former and drops the latter.
    private static readonly Policy Original = Policy.Parse(
        "version: STSv1\n\nmode: testing\nmx: mail.example.com\nmax_age: 86400\nmore: b\nand: c\n");

    private static readonly MxPattern[] NoPatterns = [];
    private static readonly MxPattern[] OnePattern = [MxPattern.Parse("a")];

    public static TheoryData<int, string> ValidAges => new() // seconds, reason
    {
        { 0, "the least: it expires at once" },
        { 1, "one second" },
        { 86_400, "the age that the policy has already" },
        { 31_557_600, "the greatest" },
    };

    public static TheoryData<long, string> InvalidAges => new() // ticks, reason
    {
        { -1, "negative, by one tick" },
        { -TimeSpan.TicksPerSecond, "negative" },
        { 1, "not a whole second" },
        { TimeSpan.TicksPerDay - 1, "not a whole second, by one tick" },
        { (31_557_600 * TimeSpan.TicksPerSecond) + 1, "over a year, by one tick" },
        { 31_557_601 * TimeSpan.TicksPerSecond, "over a year, by one second" },
        { long.MinValue, "the least TimeSpan" },
        { long.MaxValue, "the greatest TimeSpan" },
    };

    public static TheoryData<string, string> Patterns => new() // patterns, reason
    {
        { "mail.example.com", "those that the policy has already" },
        { "mail.example.com backup.example.com", "one more" },
        { "*.example.com", "another one" },
        { "b a", "file order, which is not sorted" },
        { "a a", "a duplicate" },
    };

    [Fact]
    public void LongestMaxAge_IsTheLargestThatTheGrammarGivesAndTheConstructorAccepts()
    {
        Policy.LongestMaxAge.Should().Be(TimeSpan.FromSeconds(31_557_600), "RFC 8461, Section 3.2");
        Policy.Parse(Original.ToString().Replace("86400", "31557601", StringComparison.Ordinal)).MaxAge.Should().Be(Policy.LongestMaxAge);
        new Policy(PolicyMode.Testing, Policy.LongestMaxAge, OnePattern).MaxAge.Should().Be(Policy.LongestMaxAge);
    }

    [Theory]
    [MemberData(nameof(ValidAges))]
    public void WithMaxAge_Valid_ChangesNothingElse(int seconds, string reason)
    {
        Policy changed = Original.WithMaxAge(TimeSpan.FromSeconds(seconds));

        changed.MaxAge.TotalSeconds.Should().Be(seconds, reason);
        ShouldEqualButForAgeAndPatterns(changed);
        changed.Mx.Should().Equal(Original.Mx);
        Policy.Parse(changed.ToString()).Should().Be(changed);
        changed.WithMaxAge(Original.MaxAge).Should().Be(Original);
    }

    [Theory]
    [MemberData(nameof(InvalidAges))]
    public void WithMaxAge_Invalid_Throws(long ticks, string reason) =>
        FluentActions.Invoking(() => Original.WithMaxAge(TimeSpan.FromTicks(ticks)))
            .Should().Throw<ArgumentOutOfRangeException>(reason).WithParameterName("maxAge");

    [Theory]
    [MemberData(nameof(Patterns))]
    public void WithMx_Valid_ChangesNothingElse(string patterns, string reason)
    {
        MxPattern[] mx = [.. patterns.Split(' ').Select(MxPattern.Parse)];

        Policy changed = Original.WithMx(mx);

        changed.Mx.Should().Equal(mx, reason);
        ShouldEqualButForAgeAndPatterns(changed);
        changed.MaxAge.Should().Be(Original.MaxAge);
        Policy.Parse(changed.ToString()).Should().Be(changed);
        changed.WithMx(Original.Mx).Should().Be(Original);
    }

    [Fact]
    public void WithMx_ListsAroundTheIndex_FindTheirLastPattern()
    {
        foreach (int count in (int[])[1, 15, 16, 17, 1_000])
        {
            IEnumerable<MxPattern> mx = Enumerable.Range(0, count).Select(static i => MxPattern.Parse($"mx{i}.example"));

            Policy changed = Original.WithMx(mx);

            changed.TryMatch($"mx{count - 1}.example", out MxPattern pattern)
                .Should().BeTrue("of {0} patterns, the last one matches", count);
            pattern.Should().Be(changed.Mx[count - 1]);
            changed.Matches($"mx{count}.example").Should().BeFalse();
        }
    }

    [Fact]
    public void WithMx_Invalid_Throws()
    {
        Assert.Throws<ArgumentNullException>("mx", static () => Original.WithMx(null!));
        Assert.Throws<ArgumentException>("mx", static () => Original.WithMx(NoPatterns)); // Mode testing needs a pattern.
        Assert.Throws<ArgumentException>("mx", static () => Original.WithMx([default])); // default is the empty pattern.
        Original.WithMode(PolicyMode.None).WithMx(NoPatterns).Mx.Should().BeEmpty("mode none needs no pattern");
    }

    [Fact]
    public void With_FileThatWouldBeTooLarge_Throws()
    {
        // "version:STSv1", "\nmode:none" and "\nmax_age:0" take 33 bytes, 13,099 times "\nmx:a" 65,495, and "\nmx:bbbb"
        // the last 8.
        MxPattern[] mx = [.. Enumerable.Repeat(OnePattern[0], 13_099), MxPattern.Parse("bbbb")];
        Policy empty = new(PolicyMode.None, TimeSpan.Zero, NoPatterns);

        Policy largest = empty.WithMx(mx);

        largest.ToString().Should().HaveLength(Policy.MaxSize);
        largest.WithMaxAge(TimeSpan.FromSeconds(9)).ToString().Should().HaveLength(Policy.MaxSize);
        Assert.Throws<ArgumentException>("maxAge", () => largest.WithMaxAge(TimeSpan.FromSeconds(10)));
        Assert.Throws<ArgumentException>("mx", () => empty.WithMx([.. mx, OnePattern[0]]));
    }

    private static void ShouldEqualButForAgeAndPatterns(Policy changed)
    {
        changed.Mode.Should().Be(Original.Mode);
        changed.Extensions.Should().Equal(Original.Extensions);
        changed.Deviations.Should().Be(Deviations.None);
    }
}
