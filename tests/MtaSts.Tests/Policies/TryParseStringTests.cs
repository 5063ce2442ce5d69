namespace MtaSts.Tests;

/// <summary><c>TryParse</c> from a string, which may be null.</summary>
public sealed class TryParseStringTests
{
    private const string File = "version: STSv1\nmode: enforce\nmx: a\nmax_age: 1\n";

    public static TheoryData<string?, ParseErrorCode, string> Policies => new() // text, code, reason
    {
        { null, ParseErrorCode.MissingVersion, "null is rejected like an empty text" },
        { "", ParseErrorCode.MissingVersion, "an empty text has no version" },
        { "version: STSv1\nmode: none\n", ParseErrorCode.MissingMaxAge, "the text of a policy without max_age" },
        { File, ParseErrorCode.None, "a valid policy" },
    };

    public static TheoryData<string?, ParseErrorCode, string> Patterns => new() // text, code, reason
    {
        { null, ParseErrorCode.EmptyName, "null is rejected like an empty text" },
        { "", ParseErrorCode.EmptyName, "an empty text has no name" },
        { "a_b", ParseErrorCode.InvalidNameCharacter, "an underscore" },
        { "*.Example.com", ParseErrorCode.None, "a valid pattern" },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Policy_TryParse_String_GivesWhatItsCharactersGive(string? text, ParseErrorCode code, string reason)
    {
        bool isPolicy = Policy.TryParse(text.AsSpan(), out Policy? expected, out ParseError expectedError);
        isPolicy.Should().Be(code is ParseErrorCode.None, reason);
        expectedError.Code.Should().Be(code, reason);

        Policy.TryParse(text, out Policy? policy).Should().Be(isPolicy);
        policy.Should().Be(expected);
        Policy.TryParse(text, out policy, out ParseError error).Should().Be(isPolicy);
        policy.Should().Be(expected);
        error.Should().Be(expectedError);
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void MxPattern_TryParse_String_GivesWhatItsCharactersGive(string? text, ParseErrorCode code, string reason)
    {
        bool isPattern = MxPattern.TryParse(text.AsSpan(), out MxPattern expected, out ParseError expectedError);
        isPattern.Should().Be(code is ParseErrorCode.None, reason);
        expectedError.Code.Should().Be(code, reason);

        MxPattern.TryParse(text, out MxPattern pattern).Should().Be(isPattern);
        pattern.Should().Be(expected);
        MxPattern.TryParse(text, out pattern, out ParseError error).Should().Be(isPattern);
        pattern.Should().Be(expected);
        error.Should().Be(expectedError);
    }
}
