using System.Text;
using FluentAssertions.Execution;

namespace MtaSts.Tests;

public sealed class ParseErrorTests
{
    private const string Policy = "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\n";

    // One sentence for each code. Together the rows show each form of the found text.
    private static readonly (Func<ParseError> Parse, ParseErrorCode Code, string Sentence)[] Sentences =
    [
        (static () => default, ParseErrorCode.None, "no error"),
        (static () => OfPolicy(new string('\n', 65_537)), ParseErrorCode.TooLarge,
            "line 1, offset 0: expected a policy of at most 65536 bytes, found more than 65536 bytes (RFC 8461 section 3.3)"),
        (static () => OfPolicy("# \uD800"), ParseErrorCode.InvalidEncoding,
            "line 1, offset 2: expected valid UTF-8, found \"<0xD800>\" (RFC 8461 section 3.2)"),
        (static () => OfPolicy("\n\0"), ParseErrorCode.ControlCharacter,
            "line 2, offset 1: expected no control characters, except LF or CRLF at the end of a line of a policy, found \"<U+0000>\" " +
            "(RFC 8461 sections 3.1 and 3.2)"),
        (static () => OfRecord("v=spf1 -all"), ParseErrorCode.NotAnStsRecord,
            "line 1, offset 0: expected \"v=STSv1;\" at the start of the record, found \"v=spf1 -all\" (RFC 8461 section 3.1)"),
        (static () => OfRecord("v=STSv1;;id=1"), ParseErrorCode.EmptyField,
            "line 1, offset 8: expected a field \"name=value\" between semicolons, found \";\" (RFC 8461 section 3.1)"),
        (static () => OfRecord("v=STSv1; preload;"), ParseErrorCode.MissingSeparator,
            "line 1, offset 9: expected \"name=value\" in a record, \"name: value\" in a policy, found \"preload\" " +
            "(RFC 8461 sections 3.1 and 3.2)"),
        (static () => OfPolicy("\u00E9: x"), ParseErrorCode.InvalidFieldName,
            "line 1, offset 0: expected a field name of a letter or digit and up to 31 letters, digits, \"_\", \"-\" or \".\", found " +
            "\"<U+00E9>\" (RFC 8461 sections 3.1 and 3.2)"),
        (static () => OfPolicy("x:"), ParseErrorCode.InvalidFieldValue,
            "line 1, offset 2: expected a value of printable characters, in a record without \"=\", \";\" or whitespace, found nothing " +
            "(RFC 8461 sections 3.1 and 3.2)"),
        (static () => OfRecord("v=STSv1; id=2025-07-04"), ParseErrorCode.InvalidId,
            "line 1, offset 12: expected an id of 1 to 32 ASCII letters and digits, found \"2025-07-04\" (RFC 8461 section 3.1)"),
        (static () => OfRecord("v=STSv1;"), ParseErrorCode.MissingId,
            "line 1, offset 8: expected a field \"id=\", found nothing (RFC 8461 section 3.1)"),
        (static () => OfPolicy("version: STLS1"), ParseErrorCode.UnsupportedVersion,
            "line 1, offset 9: expected the version \"STSv1\", found \"STLS1\" (RFC 8461 section 3.2)"),
        (static () => OfPolicy("version: STSv1\nmode: enforced"), ParseErrorCode.InvalidMode,
            "line 2, offset 21: expected \"enforce\", \"testing\" or \"none\" in lower case, found \"enforced\" (RFC 8461 section 3.2)"),
        (static () => OfPolicy("max_age: 604,800"), ParseErrorCode.InvalidMaxAge,
            "line 1, offset 9: expected 1 to 10 digits, a number of seconds, found \"604,800\" (RFC 8461 section 3.2)"),
        (static () => OfPolicy(""), ParseErrorCode.MissingVersion,
            "line 1, offset 0: expected a line \"version: STSv1\", found nothing (RFC 8461 section 3.2)"),
        (static () => OfPolicy("version: STSv1\n"), ParseErrorCode.MissingMode,
            "line 2, offset 15: expected a line \"mode: enforce\", \"mode: testing\" or \"mode: none\", found nothing " +
            "(RFC 8461 section 3.2)"),
        (static () => OfPolicy("version: STSv1\nmode: none"), ParseErrorCode.MissingMaxAge,
            "line 2, offset 25: expected a line \"max_age: SECONDS\", found nothing (RFC 8461 section 3.2)"),
        (static () => OfPolicy("version: STSv1\nmode: testing\nmax_age: 1"), ParseErrorCode.MissingMx,
            "line 3, offset 39: expected a line \"mx: HOST\" unless the mode is \"none\", found nothing (RFC 8461 section 3.2)"),
        (static () => OfPattern("*."), ParseErrorCode.EmptyName,
            "line 1, offset 2: expected a host name, found nothing (RFC 8461 section 3.2)"),
        (static () => OfPattern("mx*.example.net"), ParseErrorCode.MisplacedWildcard,
            "line 1, offset 2: expected \"*\" only as the whole first label, as in \"*.example.com\", found \"*\" (RFC 8461 section 4.1)"),
        (static () => OfPattern("[192.0.2.1]"), ParseErrorCode.AddressLiteral,
            "line 1, offset 0: expected a host name, not an address, found \"[192.0.2.1]\" (RFC 8461 section 3.2)"),
        (static () => OfPattern("b\u00FCcher.example"), ParseErrorCode.NonAsciiName,
            "line 1, offset 1: expected an ASCII host name, with international labels as A-labels (\"xn--\"), found " +
            "\"<U+00FC>cher.example\" (RFC 8461 section 3.2)"),
        (static () => OfPattern("a_b"), ParseErrorCode.InvalidNameCharacter,
            "line 1, offset 1: expected letters, digits, hyphens and dots in a host name, found \"_\" " +
            "(RFC 8461 section 3.2, RFC 5321 section 4.1.2)"),
        (static () => OfPattern("a..b"), ParseErrorCode.EmptyLabel,
            "line 1, offset 2: expected a label before each dot, found \".\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)"),
        (static () => OfPattern("a."), ParseErrorCode.TrailingDot,
            "line 1, offset 1: expected no dot at the end of the name, found \".\" (RFC 8461 section 3.2, RFC 5321 section 4.1.2)"),
        (static () => OfPattern("-a"), ParseErrorCode.MisplacedHyphen,
            "line 1, offset 0: expected a letter or digit at the start and end of each label, found \"-\" " +
            "(RFC 8461 section 3.2, RFC 5321 section 4.1.2)"),
        (static () => OfPattern($"x.{MxPatternTests.Label63}a"), ParseErrorCode.LabelTooLong,
            "line 1, offset 2: expected a label of at most 63 octets, found \"aaaaaaaaaaaaaaaaaaaaaaaa...\" " +
            "(RFC 8461 section 3.2, RFC 1035 section 2.3.4)"),
        (static () => OfPattern($"x.{MxPatternTests.Name253}"), ParseErrorCode.NameTooLong,
            "line 1, offset 0: expected a name of at most 253 octets, found \"x.aaaaaaaaaaaaaaaaaaaaaa...\" " +
            "(RFC 8461 section 3.2, RFC 1035 section 2.3.4)"),
        (static () => OfDomain(MxPatternTests.Name253), ParseErrorCode.DomainTooLong,
            "line 1, offset 0: expected a policy domain of at most 244 octets, because \"_mta-sts.\" precedes it, found " +
            "\"aaaaaaaaaaaaaaaaaaaaaaaa...\" (RFC 8461 section 3.1, RFC 1035 section 2.3.4)"),
    ];

    // The value after "mode: ", and how the error shows it: quoted, escaped, and cut after 24 characters.
    public static TheoryData<string, string> Found => new()
    {
        { "on", "\"on\"" },
        { "o n", "\"o n\"" },
        { "!~", "\"!~\"" },
        { "123456789012345678901234", "\"123456789012345678901234\"" },
        { "1234567890123456789012345", "\"123456789012345678901234...\"" },
        { "1234567890123456\u00E9", "\"1234567890123456<U+00E9>\"" },
        { "12345678901234567\u00E9", "\"12345678901234567...\"" }, // an escape is never cut
        { "12345678901234567\u00E9x", "\"12345678901234567...\"" },
        { "\u00E9\u00E9\u00E9", "\"<U+00E9><U+00E9><U+00E9>\"" },
        { "\u00E9\u00E9\u00E9x", "\"<U+00E9><U+00E9><U+00E9>...\"" },
        { "\u0085", "\"<U+0085>\"" },
        { "\u2028x", "\"<U+2028>x\"" },
        { "\u202Exe", "\"<U+202E>xe\"" }, // right-to-left override
        { "\U0001F600", "\"<U+1F600>\"" },
        { new string('x', 60_000), "\"xxxxxxxxxxxxxxxxxxxxxxxx...\"" },
    };

    // The part of the text that the error shows.
    private static readonly (Func<ParseError> Parse, string Shown)[] Parts =
    [
        (static () => OfRecord("v=STSv1; id=1; =b"), "\"=\""),
        (static () => OfRecord("v=STSv1; id=1; a b=c; d=e"), "\"a b\""),
        (static () => OfRecord("v=STSv1; id=1; _a=b"), "\"_a\""),
        (static () => OfRecord("v=STSv1; id=1; a=; b=c"), "\"; b=c\""),
        (static () => OfRecord("v=STSv1; id=1; a=b c"), "\" c\""),
        (static () => OfRecord("v=STSv1; id=a-b; c=d"), "\"a-b\""),
        (static () => OfRecord("v=STSv1; a; id=1"), "\"a\""),
        (static () => OfRecord("v=STSv1; id=1\0\0"), "\"<U+0000>\""),
        (static () => OfPolicy("a b: c: d\n"), "\"a b\""),
        (static () => OfPolicy(": x"), "\":\""),
        (static () => OfPolicy("_a : x"), "\"_a\""),
        (static () => OfPolicy(" no colon \r\nx: y"), "\"no colon\""),
        (static () => OfPolicy("x: a\tb\t"), "\"<U+0009>\""),
        (static () => OfPolicy("x: a\rb"), "\"<U+000D>\""),
        (static () => OfPolicy("version:  STSv2 \n"), "\"STSv2\""),
        (static () => OfPolicy("max_age: 1 2\n"), "\"1 2\""),
        (static () => OfPolicy("mx: a_b_c\n"), "\"_\""),
        (static () => OfPolicy("mx: *.[192.0.2.1]\n"), "\"[192.0.2.1]\""),
        (static () => OfPolicy("mx: a\u00E9b \n"), "\"<U+00E9>b\""),
        (static () => OfPolicy("mx: a..\n"), "\".\""),
        (static () => OfPolicy("mx: a..b\n"), "\".\""),
        (static () => OfPolicy("mx: a-.b\n"), "\"-\""),
        (static () => OfPolicy("mx: mx*.b\n"), "\"*\""),
    ];

    [Fact]
    public void ToString_EachCode_ContainsPositionFoundTextRuleAndSection()
    {
        using AssertionScope scope = new(); // Reports every failing row, not only the first.
        foreach ((Func<ParseError> parse, ParseErrorCode code, string sentence) in Sentences)
        {
            ParseError error = parse();

            error.Code.Should().Be(code);
            error.ToString().Should().Be(sentence);
        }
    }

    [Fact]
    public void Sentences_CoverAllCodes()
    {
        ParseErrorCode[] shown = [.. Sentences.Select(static row => row.Code)];

        shown.Should().BeEquivalentTo(Enum.GetValues<ParseErrorCode>());
        shown.Should().OnlyHaveUniqueItems();
        Sentences.Skip(1).Select(static row => row.Sentence).Should().OnlyContain(static sentence =>
            sentence.All(static c => c >= ' ' && c <= '~') && sentence.Contains("(RFC 8461 section", StringComparison.Ordinal));
    }

    // A code that is added without a sentence must not appear as empty text in a log.
    [Fact]
    public void ToString_UndefinedCode_Throws() =>
        Assert.Throws<InvalidOperationException>(static () =>
        {
            ParseError.InLine((ParseErrorCode)int.MaxValue, "x"u8, .., out ParseError error);
            error.ToString();
        });

    [Theory]
    [MemberData(nameof(Found))]
    public void ToString_FoundText_IsQuotedEscapedAndCut(string found, string shown) =>
        ParseRoutes.Policy.Run($"mode: {found}\n").Error.ToString()
            .Should().Be(
                $"line 1, offset 6: expected \"enforce\", \"testing\" or \"none\" in lower case, found {shown} (RFC 8461 section 3.2)");

    [Fact]
    public void ToString_FoundText_IsThePartThatBreaksTheRule()
    {
        using AssertionScope scope = new();
        foreach ((Func<ParseError> parse, string shown) in Parts)
        {
            parse().ToString().Should().Contain($", found {shown} (RFC ");
        }
    }

    // The found text is scanned sixteen units at a time: put one escaped character at each index of each length.
    [Fact]
    public void ToString_OneUnprintableCharacterAnywhere_IsEscapedThere()
    {
        string[] escapedAlways = ["\0", "\t", "\x1F", "\x7F", "\u0080", "\u00E9", "\u0141", "\u2028", "\uFFFF", "\U0001F600"];
        foreach (string text in OneOtherCharacterAnywhere(escapedAlways))
        {
            Assert.False(StsRecord.TryParse(text, out _, out ParseError inChars));
            Assert.False(StsRecord.TryParse(Encoding.UTF8.GetBytes(text), out _, out ParseError inBytes));

            inChars.Should().Be(inBytes);
            inChars.ToString().Should().Be(
                $"line 1, offset 0: expected \"v=STSv1;\" at the start of the record, found \"{Escaped(text)}\" (RFC 8461 section 3.1)");
        }
    }

    // The search for invalid characters uses vectors as well.
    [Fact]
    public void Code_OneInvalidCharacterAnywhere_IsReportedWithItsOffset()
    {
        foreach (string text in OneOtherCharacterAnywhere("\0", "\x1F", "\x7F", "\t", "\u0080", "\u0141", "\uD800"))
        {
            int index = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
            ParseErrorCode expected = index < 0 || text[index] is '\t' or '\u0080' or '\u0141' ? ParseErrorCode.None
                : text[index] is '\uD800' ? ParseErrorCode.InvalidEncoding
                : ParseErrorCode.ControlCharacter;

            ParseError error = OfPolicy($"{Policy}#{text}");

            int offset = expected is ParseErrorCode.None ? 0 : Policy.Length + 1 + index;
            (error.Code, error.Offset).Should().Be((expected, offset), "{0}", text);
        }
    }

    [Fact]
    public void ToString_InvalidBytes_AreShownInHexadecimal()
    {
        byte[] utf8Text = [.. Encoding.ASCII.GetBytes(Policy), .. "x: "u8, 0xC0, 0xAE];
        MtaSts.Policy.TryParse(utf8Text, out _, out ParseError error).Should().BeFalse();

        error.ToString().Should().Be("line 5, offset 57: expected valid UTF-8, found \"<0xC0>\" (RFC 8461 section 3.2)");
    }

    [Fact]
    public void Default_IsNoError()
    {
        ParseError error = default;

        (error.Code, error.Offset, error.Line).Should().Be((ParseErrorCode.None, 0, 0));
        error.Reason.Should().BeEmpty();
        (error == new ParseError()).Should().BeTrue();
    }

    [Fact]
    public void Equals_SameCodePositionAndFoundText_IsTrue()
    {
        ParseError error = OfPolicy("mode: on");

        (error == OfPolicy("mode: on\n\n")).Should().BeTrue();
        (error != OfPolicy("mode: on\n\n")).Should().BeFalse();
        error.Equals((object)OfPolicy("mode: on")).Should().BeTrue();
        error.GetHashCode().Should().Be(OfPolicy("mode: on\r\n").GetHashCode());
    }

    [Theory]
    [InlineData("mode: up")] // found text
    [InlineData("mode: one")]
    [InlineData("mode:  on")] // offset
    [InlineData("\nmode:on")] // line (same offset)
    [InlineData("mx:   _n")] // code
    public void Equals_Different_IsFalse(string other)
    {
        ParseError error = OfPolicy("mode: on");

        (error == OfPolicy(other)).Should().BeFalse();
        (error != OfPolicy(other)).Should().BeTrue();
        error.Equals((object)OfPolicy(other)).Should().BeFalse();
    }

    [Fact]
    public void Equals_OtherType_IsFalse() => OfPolicy("mode: on").Equals("mode: on").Should().BeFalse();

    [Fact]
    public void Exception_CarriesTheError()
    {
        ParseError error = OfPolicy("mode: on");

        MtaStsFormatException exception = new(error);

        exception.Error.Should().Be(error);
        exception.Message.Should().Be(error.ToString());
        exception.Should().BeAssignableTo<FormatException>();
    }

    [Fact]
    public void Exception_WithoutAnError_HasCodeNone()
    {
        InvalidOperationException inner = new();

        new MtaStsFormatException().Error.Should().Be(default(ParseError));
        new MtaStsFormatException("x").Message.Should().Be("x");
        new MtaStsFormatException("x", inner).InnerException.Should().BeSameAs(inner);
        new MtaStsFormatException("x", inner).Error.Code.Should().Be(ParseErrorCode.None);
    }

    private static IEnumerable<string> OneOtherCharacterAnywhere(params string[] others)
    {
        for (int length = 1; length <= 50; length++)
        {
            string good = string.Concat(Enumerable.Range(0, length).Select(static i => "~ aZ09"[i % 6]));
            yield return good;
            for (int index = 0; index < length; index++)
            {
                foreach (string other in others)
                {
                    yield return string.Concat(good.AsSpan(0, index), other, good.AsSpan(index + 1));
                }
            }
        }
    }

    // Up to 24 characters. An escape is never cut.
    private static string Escaped(string text)
    {
        StringBuilder shown = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            string piece = rune.Value is >= ' ' and <= '~' ? rune.ToString() : $"<U+{rune.Value:X4}>";
            if (shown.Length + piece.Length > 24)
            {
                return $"{shown}...";
            }

            shown.Append(piece);
        }

        return shown.ToString();
    }

    private static ParseError OfPolicy(string text) => ParseRoutes.Policy.Run(text).Error;

    private static ParseError OfRecord(string text) => ParseRoutes.Record.Run(text).Error;

    private static ParseError OfPattern(string text) => ParseRoutes.Pattern.Run(text).Error;

    private static ParseError OfDomain(string text)
    {
        PolicyDomain.TryParse(text, out _, out ParseError error).Should().BeFalse();
        return error;
    }
}
