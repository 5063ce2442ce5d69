using System.Text;

namespace MtaSts.Tests;

public sealed class MxPatternTests
{
    // The greatest lengths that are allowed.
    internal static readonly string Label63 = new('a', 63);
    internal static readonly string Name253 = string.Join('.', Label63, Label63, Label63, new string('b', 61));

    // Longer than a list that is scanned, so the policy builds its index. No filler matches a host of the tables.
    private static readonly string[] Fillers =
        [.. Enumerable.Range(0, 40).Select(static i => i % 3 == 0 ? $"*.filler{i}.test" : $"filler{i}.test")];

    // sts-policy-mx-value = ["*."] Domain; Domain = sub-domain *("." sub-domain), RFC 5321, Section 4.1.2
    public static TheoryData<string> WellFormed => new()
    {
        "a",
        "A",
        "1",
        "example.com",
        "EXAMPLE.Com",
        "a.b.c.d.e.f",
        "*.example.com",
        "*.EXAMPLE.com",
        "*.com",
        "*.a",
        "a-b.example",
        "a--b.c---d",
        "xn--bcher-kva.example",
        "3com.com",
        "192.0.2.1", // all-digit labels are a Domain
        "*.0",
        Label63,
        $"{Label63}.{Label63}",
        $"*.{Label63}",
        Name253,
        $"*.{Name253}", // the limit does not count the "*."
    };

    /// <summary>
    /// Invalid patterns, alone or as an <c>mx</c> value of a policy, with the code of the error at the mark.
    /// </summary>
    public static TheoryData<string, ParseErrorCode> Malformed => new()
    {
        // Section 4.1: a wildcard is the whole leftmost label.
        { "^*", ParseErrorCode.MisplacedWildcard },
        { "^**", ParseErrorCode.MisplacedWildcard },
        { "^**.example.net", ParseErrorCode.MisplacedWildcard },
        { "mx^*.example.net", ParseErrorCode.MisplacedWildcard },
        { "^*mx.example.net", ParseErrorCode.MisplacedWildcard },
        { "*.^*.example.net", ParseErrorCode.MisplacedWildcard },
        { "mail.^*.example.net", ParseErrorCode.MisplacedWildcard },
        { "mail.example.^*", ParseErrorCode.MisplacedWildcard },

        // Addresses.
        { "^[192.0.2.1]", ParseErrorCode.AddressLiteral },
        { "^[IPv6:2001:db8::1]", ParseErrorCode.AddressLiteral },
        { "*.^[192.0.2.1]", ParseErrorCode.AddressLiteral },
        { "^[", ParseErrorCode.AddressLiteral },
        { "2001^:db8::1", ParseErrorCode.InvalidNameCharacter },

        // ASCII characters that no Domain contains.
        { "mail^_1.example.com", ParseErrorCode.InvalidNameCharacter },
        { "^_dmarc.example.com", ParseErrorCode.InvalidNameCharacter },
        { "*.^_x.example.com", ParseErrorCode.InvalidNameCharacter },
        { "mail.example.com^:25", ParseErrorCode.InvalidNameCharacter },
        { "^://example.com", ParseErrorCode.InvalidNameCharacter },
        { "https^://example.com", ParseErrorCode.InvalidNameCharacter },
        { "user^@example.com", ParseErrorCode.InvalidNameCharacter },
        { "a.example^,b.example", ParseErrorCode.InvalidNameCharacter },
        { "a.example^ b.example", ParseErrorCode.InvalidNameCharacter },
        { "a.example^ # the first", ParseErrorCode.InvalidNameCharacter },
        { "10^ a.example", ParseErrorCode.InvalidNameCharacter }, // as in an MX record
        { "^\"a.example\"", ParseErrorCode.InvalidNameCharacter },
        { "a^\\.example", ParseErrorCode.InvalidNameCharacter },
        { "a.example^;", ParseErrorCode.InvalidNameCharacter },
        { "^<a>", ParseErrorCode.InvalidNameCharacter },
        { "a^[0]", ParseErrorCode.InvalidNameCharacter },

        // Non-ASCII: Section 3.2 requires A-labels, and no case folding maps a character to ASCII.
        { "b^ücher.example", ParseErrorCode.NonAsciiName },
        { "*.b^ücher.example", ParseErrorCode.NonAsciiName },
        { "^\u212A.example", ParseErrorCode.NonAsciiName }, // the Kelvin sign, whose lower case is k
        { "^\uFF41.example", ParseErrorCode.NonAsciiName }, // a fullwidth a
        { "a^\u3002example", ParseErrorCode.NonAsciiName }, // an ideographic full stop
        { "a.example^\u00A0", ParseErrorCode.NonAsciiName }, // NBSP is not whitespace here
        { "a.example^\u0085", ParseErrorCode.NonAsciiName }, // NEL does not end a line
        { "a.example^\u2028", ParseErrorCode.NonAsciiName }, // LS does not end a line
        { "^\u2028a.example", ParseErrorCode.NonAsciiName },
        { "a^\u00ADb.example", ParseErrorCode.NonAsciiName }, // a soft hyphen
        { "a^\u200Db.example", ParseErrorCode.NonAsciiName },
        { "^\uFEFFa.example", ParseErrorCode.NonAsciiName },
        { "a^\U0001F600.example", ParseErrorCode.NonAsciiName },

        // Control characters are reported before other errors.
        { "a.example^\0", ParseErrorCode.ControlCharacter }, // a C string ends at the NUL
        { "a.example^\0.b.example", ParseErrorCode.ControlCharacter },
        { "^\0", ParseErrorCode.ControlCharacter },
        { "a^\u007Fb.example", ParseErrorCode.ControlCharacter },
        { "a^\rb.example", ParseErrorCode.ControlCharacter },
        { "a^\u000Bb.example", ParseErrorCode.ControlCharacter },
        { "a^\u000Cb.example", ParseErrorCode.ControlCharacter },
        { "a^\u000Eb.example", ParseErrorCode.ControlCharacter }, // differs from a dot in one bit
        { "a_b^\u0001", ParseErrorCode.ControlCharacter },

        // Labels.
        { "^.", ParseErrorCode.EmptyLabel },
        { "^.a", ParseErrorCode.EmptyLabel },
        { "a.^.b", ParseErrorCode.EmptyLabel },
        { "*.^.a", ParseErrorCode.EmptyLabel },
        { "^-a.example", ParseErrorCode.MisplacedHyphen },
        { "a^-.example", ParseErrorCode.MisplacedHyphen },
        { "a.^-b", ParseErrorCode.MisplacedHyphen },
        { "a.b^-", ParseErrorCode.MisplacedHyphen },
        { "^-", ParseErrorCode.MisplacedHyphen },
        { "*.^-a", ParseErrorCode.MisplacedHyphen },
        { $"^{Label63}a", ParseErrorCode.LabelTooLong },
        { $"a.^{Label63}a.example", ParseErrorCode.LabelTooLong },
        { $"a.^{Label63}a", ParseErrorCode.LabelTooLong },
        { $"*.^{Label63}a", ParseErrorCode.LabelTooLong },
        { $"^a{Name253}", ParseErrorCode.LabelTooLong },
        { $"^{Name253}b", ParseErrorCode.NameTooLong },
        { $"*.^{Name253}b", ParseErrorCode.NameTooLong },
        { $"^a.{Name253}", ParseErrorCode.NameTooLong },
    };

    // Not as mx values of a policy: there, one trailing dot is dropped, and outer whitespace belongs to the line.
    public static TheoryData<string, ParseErrorCode> MalformedAlone => new()
    {
        { "^", ParseErrorCode.EmptyName },
        { "*.^", ParseErrorCode.EmptyName },
        { "a^.", ParseErrorCode.TrailingDot },
        { "*.a^.", ParseErrorCode.TrailingDot },
        { "a.^.", ParseErrorCode.EmptyLabel },
        { "*.^.", ParseErrorCode.EmptyLabel },
        { $"{Name253}^.", ParseErrorCode.TrailingDot },
        { "^ a.example", ParseErrorCode.InvalidNameCharacter },
        { "a.example^ ", ParseErrorCode.InvalidNameCharacter },
        { "a.example^\r\n", ParseErrorCode.ControlCharacter },
        { "a.example^\n", ParseErrorCode.ControlCharacter },
    };

    // RFC 8461, Section 4.1. Each row is tested with each matching member, in a short list and in a long one.
    public static TheoryData<string, string, bool> Matching => new() // pattern, host, whether it matches
    {
        // A wildcard matches exactly one label, never zero.
        { "*.example.com", "mail.example.com", true },
        { "*.example.com", "MAIL.Example.COM", true },
        { "*.EXAMPLE.com", "mail.example.COM", true },
        { "*.example.com", "example.com", false },
        { "*.example.com", "a.b.example.com", false },
        { "*.example.com", "a..example.com", false },
        { "*.example.com", "..example.com", false },
        { "*.example.com", "mailexample.com", false },
        { "*.example.com", "mail-example.com", false },
        { "*.example.com", "mail.example.com.evil.test", false },
        { "*.example.com", "mail.example.co", false },
        { "*.example.com", "mail.example.comm", false },
        { "*.example.com", "mail.xample.com", false },
        { "*.example.com", "mail.\u000Eexample.com", false },
        { "*.example.com", "mail\u000Eexample.com", false }, // differs from a dot in one bit
        { "*.example.com", "com", false },
        { "*.com", "example.com", true },
        { "*.com", "com", false },
        { "*.com", "mail.example.com", false },
        { $"*.{Name253}", $"a.{Name253}", true },
        { $"*.{Name253}", $"a.{Name253}.", true },
        { $"*.{Name253}", Name253, false },

        // A name matches only itself.
        { "example.com", "example.com", true },
        { "example.com", "EXAMPLE.COM", true },
        { "EXAMPLE.COM", "example.com", true },
        { "example.com", "mail.example.com", false },
        { "example.com", "xample.com", false },
        { "example.com", "xexample.com", false },
        { "example.com", "example.com.evil.test", false },
        { "example.com", "exampleXcom", false },
        { "example.com", "com", false },
        { "a", "a", true },
        { "a", "A", true },
        { "a", "b", false },
        { Name253, Name253, true },
        { Name253, $"{Name253}.", true },
        { Name253, $"{Name253}b", false },

        // One trailing dot is the root's.
        { "*.example.com", "mail.example.com.", true },
        { "*.example.com", "mail.example.com..", false },
        { "*.example.com", "example.com.", false },
        { "*.com", "com.", false },
        { "example.com", "example.com.", true },
        { "example.com", "example.com..", false },
        { "example.com", ".example.com", false },
        { "a", "a.", true },
        { "a", "a..", false },

        // Empty names and labels.
        { "a", "", false },
        { "a", ".", false },
        { "a", "..", false },
        { "*.a", "", false },
        { "*.a", ".", false },
        { "*.a", "..", false },
        { "*.a", "..a", false },

        // The label that a wildcard matches need not be a valid label, but must be printable ASCII.
        { "*.example.com", "_mail.example.com", true },
        { "*.example.com", "*.example.com", true },
        { "*.example.com", "-.example.com", true },
        { "*.example.com", "!.example.com", true },
        { "*.example.com", "~.example.com", true },
        { "*.example.com", "\0.example.com", false },
        { "*.example.com", "evil\0.example.com", false },
        { "*.example.com", "a b.example.com", false },
        { "*.example.com", " .example.com", false },
        { "*.example.com", "\t.example.com", false },
        { "*.example.com", "a\r\n.example.com", false },
        { "*.example.com", "\u007F.example.com", false },
        { "*.example.com", "a\0", false },
        { "example.com", "example.com\0", false },
        { "a", "a\0", false }, // the same bytes as the name padded to an even length
        { "abc", "abc\0", false },

        // U-labels are converted to A-labels.
        { "xn--bcher-kva.example", "bücher.example", true },
        { "xn--bcher-kva.example", "BÜCHER.Example", true },
        { "xn--bcher-kva.example", "bücher.example.", true },
        { "xn--bcher-kva.example", "xn--bcher-KVA.example", true },
        { "xn--bcher-kva.example", "bucher.example", false },
        { "XN--BCHER-KVA.example", "Bücher.example", true },
        { "*.example", "bücher.example", true },
        { "*.example", "BÜCHER.example", true },
        { "*.example", "mail.bücher.example", false },
        { "*.xn--bcher-kva.example", "mail.bücher.example", true },
        { "*.xn--bcher-kva.example", "mail.BÜCHER.example.", true },
        { "*.xn--bcher-kva.example", "bücher.bücher.example", true },
        { "*.xn--bcher-kva.example", "bücher.example", false },
        { "*.xn--bcher-kva.example", "a.b.bücher.example", false },
        { "*.xn--bcher-kva.example", "a\0.bücher.example", false },
        { "xn--fiqs8s", "中国", true },
        { "*.xn--fiqs8s", "mail.中国", true },
        { "xn--i42a.example", "語.example", true }, // above U+8000, in labels at several offsets of a short name
        { "mail.xn--i42a.example", "mail.語.example", true },
        { "mail.example.xn--i42a", "mail.example.語", true },
        { "*.xn--i42a.example", "mail.語.example", true },
        { "mail.example.xn--i42a", "mail.example.国", false },
        { "mail.xn--i42a.xn--i42a.example.net", "mail.語.語.example.net", true },

        // A label without an A-label matches nothing.
        { "k.example", "\u212A.example", false }, // the Kelvin sign
        { "mark.example", "mar\u212A.example", false },
        { "*.k.example", "mail.\u212A.example", false },
        { "*.example", "\u212A.example", false },
        { "s.example", "\u017F.example", false }, // the long s
        { "*.example", "\u017F.example", false },
        { "a.example", "\uFF41.example", false }, // a fullwidth a
        { "i.example", "\u0131.example", false }, // the Turkish letters dotless i and I with a dot
        { "i.example", "\u0130.example", false },
        { "mail.example", "mail\u3002example", false }, // an ideographic full stop
        { "*.example", "mail\u3002example", false },
        { "*.example.com", "mail\u3002example.com", false },
        { "*.b.example", "a\u3002b.example", false },
        { "*.example", "\u00A0.example", false },
        { "*.example", "\u2028.example", false },
        { "a.example", "a.example\u00A0", false },
        { "a.example", "a.example\u0085", false },
        { "*.example", new string('é', 64) + ".example", false },
        { "*.example", new string('é', 100_000) + ".example", false },

        // Lengths that are equal modulo 256, and extreme lengths.
        { "a", new string('a', 257), false },
        { "a", new string('a', 65_537), false },
        { "*.a", "b." + new string('a', 257), false },
        { "*.a", new string('b', 254) + ".a", true }, // the host is compared, not validated
        { "*.a", new string('b', 70_000) + ".a", true },
        { "*.a", "b." + new string('a', 70_000), false },
        { Name253, new string('a', 253 + 256), false },
        { "*.example.com", ".example.com", false },
        { "*.com", ".com", false },
        { "*.example.com", ".example.com.", false },
        { "*.a", ".a", false },
        { "xn--bcher-kva.example", "bücher.example..", false },
        { "*.xn--bcher-kva.example", ".bücher.example", false },
        { "*.example.com", "\u212A\u00FC.example.com", false },          // the Kelvin sign lowercases to k, but k does not uppercase to it
        { "xn--5ca.example", "\u212B.example", false },                 // the Angstrom sign, likewise
        { "xn--a-1ga.example", "\uFF41ö.example", false },             // a fullwidth a is not allowed in a U-label; it only maps to a
    };

    [Theory]
    [MemberData(nameof(WellFormed))]
    public void Parse_WellFormed_ReturnsThePatternInLowerCase(string text)
    {
        Parsed<MxPattern> parsed = ParseRoutes.Pattern.Run(text);

        parsed.IsValid.Should().BeTrue("{0}", parsed.Error);
        parsed.Value.ToString().Should().Be(text.ToLowerInvariant());
        parsed.Value.IsWildcard.Should().Be(text[0] == '*');
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    [MemberData(nameof(MalformedAlone))]
    public void Parse_Malformed_ReportsCodeAndOffset(string marked, ParseErrorCode code) =>
        MarkedText.Parse(marked).ShouldBeRejected(ParseRoutes.Pattern, code);

    [Fact]
    public void Parse_InvalidEncoding_IsRejected()
    {
        byte[][] overlong =
        [
            [.. "mail"u8, 0xC0, 0xAE, .. "example"u8], // "." in two bytes
            [.. "mail"u8, 0xE0, 0x80, 0xAE, .. "example"u8],
            [.. "mail"u8, 0xC1, 0xA1],
            [.. "mail"u8, 0xFF],
            [.. "mail"u8, 0xED, 0xA0, 0x80],
        ];

        overlong.Select(static text => ParseRoutes.Pattern.Run(text).Error).Should().OnlyContain(static error =>
            error.Code == ParseErrorCode.InvalidEncoding && error.Line == 1 && error.Offset == 4);
        ParseRoutes.Pattern.Run("mail\uD800").Error.Code.Should().Be(ParseErrorCode.InvalidEncoding);
        ParseRoutes.Pattern.Run("mail\uDC00").Error.Offset.Should().Be(4);
        ParseRoutes.Pattern.Run(Encoding.Unicode.GetBytes("a.example")).Error.Code.Should().Be(ParseErrorCode.ControlCharacter);
    }

    [Fact]
    public void Parse_ErrorAfterNonAscii_HasTheOffsetInInputUnits()
    {
        Parsed<MxPattern> parsed = ParseRoutes.Pattern.Run("\u00E9\u20AC\U0001F600\0");

        (parsed.Error.Code, parsed.Error.Offset).Should().Be((ParseErrorCode.ControlCharacter, 4));
        parsed.ErrorInBytes!.Value.Offset.Should().Be(9);
    }

    // Vectors check names of up to 63 units: put one invalid character at each index of each length.
    [Fact]
    public void Parse_OneInvalidCharacterAnywhere_IsReportedAtItsOffset()
    {
        for (int length = 1; length <= 80; length++)
        {
            string good = Name(length, i => i % 9 == 4 && i != length - 1 ? '.' : (char)('a' + (i % 26)));
            ParseRoutes.Pattern.Run(good).IsValid.Should().BeTrue("{0}", good);
            for (int index = 0; index < length; index++)
            {
                foreach (char bad in "_@`{/:\0\u00E1\u0141\u212A\u8041\uFFFD")
                {
                    string text = string.Concat(good.AsSpan(0, index), [bad], good.AsSpan(index + 1));
                    bool valid = MxPattern.TryParse(text, out _, out ParseError inChars)
                        | MxPattern.TryParse(Encoding.UTF8.GetBytes(text), out _, out ParseError inBytes);
                    (valid, inChars.Offset, inBytes.Offset).Should().Be((false, index, index), "{0}", text);
                    Sts.MxMatches(text, text).Should().BeFalse("{0} is not a valid pattern", text);
                }
            }
        }
    }

    // Vectors compare hosts as well: at each index, change one unit to one that wrong case folding would accept.
    [Fact]
    public void Matches_OneUnitOfTheHostChanged_OnlyALetterInTheOtherCaseMatches()
    {
        for (int length = 1; length <= 80; length++)
        {
            string name = Name(
                length,
                i => i == length - 1 ? 'n' : (i % 9) switch { 2 => '7', 4 => '.', 6 => '-', _ => (char)('a' + (i % 26)) });
            MxPattern literal = MxPattern.Parse(name);
            MxPattern wildcard = MxPattern.Parse($"*.{name}");
            Policy scanned = new(PolicyMode.Enforce, TimeSpan.FromDays(1), [literal, wildcard]);
            Policy indexed = Indexed(literal, wildcard);
            for (int index = 0; index < length; index++)
            {
                char right = name[index];
                foreach (int changed in (int[])[right, right ^ 0x20, right ^ 0x40, right | 0x80, right + 0x100, right + 0x8000])
                {
                    string host = string.Concat(name.AsSpan(0, index), [(char)changed], name.AsSpan(index + 1));
                    bool expected = changed == right || (char.IsAsciiLetter(right) && changed == (right ^ 0x20));

                    bool[] matches =
                    [
                        literal.Matches(host), scanned.Matches(host), indexed.Matches(host), Sts.MxMatches(host, name),
                        wildcard.Matches($"mx.{host}"), scanned.Matches($"mx.{host}"), indexed.Matches($"mx.{host}"),
                        Sts.MxMatches($"mx.{host}", $"*.{name}"),
                    ];

                    Assert.True(
                        Array.TrueForAll(matches, match => match == expected),
                        $"{name} with U+{changed:X4} at {index}: {string.Join(' ', matches)}");
                }
            }
        }
    }

    // Vectors check the label of a wildcard too: test labels of many lengths, before short and long domains.
    [Theory]
    [InlineData("b")]
    [InlineData("b.c1")]
    [InlineData("b-c.test")]
    [InlineData("mail.example.com")]
    public void Matches_AnyCharacterInTheWildcardLabel_OnlyIfPrintableAsciiExceptADot(string domain)
    {
        MxPattern wildcard = MxPattern.Parse($"*.{domain}");
        Policy scanned = new(PolicyMode.Enforce, TimeSpan.FromDays(1), [wildcard]);
        Policy indexed = Indexed(wildcard);
        foreach (int length in (int[])[0, .. Enumerable.Range(1, 20), 31, 32, 33, 62, 63, 64, 70])
        {
            for (int index = 0; index < Math.Max(1, length); index++)
            {
                foreach (char c in "a!-_/0~\0\t\x1F .\x7F\x85\u00A0\u212A\uFF0E")
                {
                    string label = length == 0 ? "" : string.Concat(new string('x', index), [c], new string('x', length - index - 1));
                    string host = $"{label}.{domain}";
                    bool expected = length > 0 && c is >= '!' and <= '~' and not '.';

                    bool[] matches =
                        [wildcard.Matches(host), scanned.Matches(host), indexed.Matches(host), Sts.MxMatches(host, $"*.{domain}")];

                    Assert.True(
                        Array.TrueForAll(matches, match => match == expected),
                        $"U+{(int)c:X4} at {index} of {length}: {string.Join(' ', matches)}");
                }
            }
        }
    }

    // The same for rules that two adjacent characters break.
    [Theory]
    [InlineData("..", ParseErrorCode.EmptyLabel, 1)]
    [InlineData(".-", ParseErrorCode.MisplacedHyphen, 1)]
    [InlineData("-.", ParseErrorCode.MisplacedHyphen, 0)]
    [InlineData("--", ParseErrorCode.None, 0)]
    public void Parse_AdjacentDotsAndHyphensAnywhere_AreReportedAtTheirOffset(string pair, ParseErrorCode expected, int offset)
    {
        for (int length = 4; length <= 80; length++)
        {
            string good = Name(length, i => i % 40 == 37 && i != length - 1 ? '.' : (char)('a' + (i % 26)));
            for (int index = 1; index < length - 2; index++)
            {
                if (good.AsSpan(index - 1, 4).Contains('.'))
                {
                    continue;
                }

                string text = string.Concat(good.AsSpan(0, index), pair, good.AsSpan(index + 2));
                bool isValid = expected is ParseErrorCode.None;
                int found = isValid ? 0 : index + offset;
                (MxPattern.TryParse(text, out _, out ParseError error), error.Code, error.Offset)
                    .Should().Be((isValid, expected, found), "{0}", text);
                (MxPattern.TryParse(Encoding.UTF8.GetBytes(text), out _, out error), error.Code, error.Offset)
                    .Should().Be((isValid, expected, found), "{0} in bytes", text);
                Sts.MxMatches(text, text).Should().Be(isValid, "{0}", text);
            }
        }
    }

    [Fact]
    public void Parse_EveryShortText_AgreesWithANaiveGrammar()
    {
        string[] texts = [.. Texts("aZ5-.*_", maxLength: 6)];

        texts.Should().HaveCount(1 + 7 + 49 + 343 + 2_401 + 16_807 + 117_649);
        texts.Where(static text => MxPattern.TryParse(text, out _) != IsPattern(text)).Should().BeEmpty();
        texts.Where(static text => MxPattern.TryParse(Encoding.UTF8.GetBytes(text), out _) != IsPattern(text)).Should().BeEmpty();
    }

    [Fact]
    public void Parse_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(static () => { _ = MxPattern.Parse(null!); });
        MxPattern.TryParse(null, out MxPattern pattern).Should().BeFalse();
        pattern.Should().Be(default(MxPattern));
        MxPattern.TryParse(null, out pattern, out ParseError error).Should().BeFalse();
        pattern.Should().Be(default(MxPattern));
        error.Code.Should().Be(ParseErrorCode.EmptyName, "null is rejected like an empty text");
        AnyParsable.TryParse(null, out pattern).Should().BeFalse();
        pattern.Should().Be(default(MxPattern));
        Assert.Throws<ArgumentNullException>(static () => { _ = AnyParsable.Parse<MxPattern>(null!); });
    }

    // Vectors compare names as well. Bit 5 is letter case only in letters; in "*" it would make a line feed.
    [Fact]
    public void Matches_OneBitChanged_OnlyIfItIsTheLetterCase()
    {
        const string Characters = "a-1.z9-m.0-x.q7.a2-b3.k.example-8.j5.test6.n4.p";
        for (int length = 1; length < Characters.Length; length++)
        {
            string name = $"{Characters[..(length - 1)]}x"
                .Replace(".x", "xx", StringComparison.Ordinal).Replace("-x", "xx", StringComparison.Ordinal);
            MxPattern literal = MxPattern.Parse(name);
            MxPattern wildcard = MxPattern.Parse($"*.{name}");
            Policy policy = new(PolicyMode.Enforce, TimeSpan.Zero, [literal, wildcard]);
            for (int index = 0; index < name.Length; index++)
            {
                for (int bit = 0; bit < 16; bit++)
                {
                    string host = string.Concat(name.AsSpan(0, index), [(char)(name[index] ^ (1 << bit))], name.AsSpan(index + 1));
                    bool expected = bit == 5 && char.IsAsciiLetter(name[index]);
                    bool[] answers =
                    [
                        literal.Matches(host), policy.Matches(host), Sts.MxMatches(host, name),
                        wildcard.Matches($"h.{host}"), policy.Matches($"h.{host}"), Sts.MxMatches($"h.{host}", $"*.{name}"),
                    ];
                    Assert.False(answers.Contains(!expected), $"{name}, {host}");
                }
            }
        }
    }

    // Not rows of a theory: rows are stored as UTF-8, which cannot hold half of a surrogate pair.
    [Fact]
    public void Matches_HostWithHalfASurrogatePair_IsFalse()
    {
        foreach (string host in (string[])["\uD800.example", "mail.\uD800", "\u00E9\uDC00.example"])
        {
            ShouldMatchByEveryRoute("*.example", host, expected: false);
        }
    }

    [Theory]
    [MemberData(nameof(Matching))]
    public void Matches_Host_ByEveryRoute(string pattern, string host, bool expected) => ShouldMatchByEveryRoute(pattern, host, expected);

    [Theory]
    [MemberData(nameof(Malformed))]
    [MemberData(nameof(MalformedAlone))]
    public void MxMatches_InvalidPattern_MatchesNothing(string marked, ParseErrorCode code)
    {
        string pattern = MarkedText.Parse(marked).Text;
        string parent = pattern.StartsWith('*') ? pattern[1..] : pattern;
        string[] hosts = [pattern, $"{pattern}.", parent, $"a{parent}", $"a.{parent}", "a.example", "mail.example.net", "a", ".", ""];

        hosts.Should().OnlyContain(host => !Sts.MxMatches(host, pattern), "{0}", code);
    }

    [Fact]
    public void Default_IsInert()
    {
        MxPattern none = default;

        none.ToString().Should().BeEmpty();
        none.IsWildcard.Should().BeFalse();
        new[] { "", ".", "..", "a", "a.b", "\u212A" }.Should().OnlyContain(host => !none.Matches(host));
        none.TryFormat(Span<char>.Empty, out int charsWritten).Should().BeTrue();
        none.TryFormat(Span<byte>.Empty, out int bytesWritten).Should().BeTrue();
        (charsWritten, bytesWritten).Should().Be((0, 0));
        (none == new MxPattern()).Should().BeTrue();
        (none == MxPattern.Parse("a")).Should().BeFalse();
        none.GetHashCode().Should().Be(default(MxPattern).GetHashCode());
    }

    [Fact]
    public void GetHashCode_DifferentNames_RarelyCollide() =>
        Enumerable.Range(0, 1_000).Select(static i => MxPattern.Parse($"mx{i}.example").GetHashCode())
            .Distinct().Count().Should().BeGreaterThan(990);

    [Fact]
    public void Equals_IgnoresLetterCaseAndSource()
    {
        MxPattern pattern = MxPattern.Parse("*.example.com");
        MxPattern fromPolicy = Policy.Parse("version: STSv1\nmode: enforce\nmx: a\nmx: *.Example.COM\nmax_age: 1").Mx[1];

        ParseRoutes.Pattern.Same(pattern, MxPattern.Parse("*.EXAMPLE.com")).Should().BeTrue();
        ParseRoutes.Pattern.Same(pattern, fromPolicy).Should().BeTrue();
        (pattern == MxPattern.Parse("example.com")).Should().BeFalse();
        (pattern != MxPattern.Parse("*.example.co")).Should().BeTrue();
        pattern.Equals((object)MxPattern.Parse("*.example.net")).Should().BeFalse();
        pattern.Equals("*.example.com").Should().BeFalse();
        pattern.Equals(null).Should().BeFalse();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void TryFormat_OneShortExactAndLonger(int room, bool fits)
    {
        Formatting.Check(MxPattern.Parse("*.Example.com"), "*.example.com", room, fits);
        Formatting.Check(MxPattern.Parse("MAIL.example.com"), "mail.example.com", room, fits);
        Formatting.Check(MxPattern.Parse("a"), "a", room, fits);
    }

    private static string Name(int length, Func<int, char> characterAt) => string.Concat(Enumerable.Range(0, length).Select(characterAt));

    // Longer than a list that is scanned, so the policy builds its index.
    private static Policy Indexed(params MxPattern[] patterns) => new(
        PolicyMode.Enforce,
        TimeSpan.FromDays(1),
        [.. Enumerable.Range(0, 20).Select(static i => MxPattern.Parse($"other{i}.example")), .. patterns]);

    private static IEnumerable<string> Texts(string alphabet, int maxLength) =>
        maxLength == 0 ? [""]
        : Texts(alphabet, maxLength - 1)
            .SelectMany(text => text.Length == maxLength - 1 ? alphabet.Select(c => text + c).Prepend(text) : [text]);

    private static bool IsPattern(string text) =>
        (text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text).Split('.').All(static label =>
            label.Length > 0
            && label.All(static c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && char.IsAsciiLetterOrDigit(label[0])
            && char.IsAsciiLetterOrDigit(label[^1]));

    private static void ShouldMatchByEveryRoute(string pattern, string host, bool expected)
    {
        MxPattern parsed = MxPattern.Parse(pattern);

        parsed.Matches(host).Should().Be(expected);
        Sts.MxMatches(host, pattern).Should().Be(expected);
        Sts.MxMatches(host, parsed.ToString()).Should().Be(expected);
        CheckPolicy([pattern]);
        CheckPolicy([.. Fillers.Take(15), pattern]); // 16: the longest that is scanned
        CheckPolicy([.. Fillers.Take(16), pattern]); // 17: the shortest that is indexed
        CheckPolicy([pattern, .. Fillers, pattern]);

        void CheckPolicy(string[] patterns)
        {
            Policy policy = new(PolicyMode.Enforce, TimeSpan.Zero, patterns.Select(MxPattern.Parse));
            policy.Matches(host).Should().Be(expected);
            policy.TryMatch(host, out MxPattern found).Should().Be(expected);
            found.Should().Be(expected ? parsed : default);
            found.Matches("").Should().BeFalse("no pattern matches an empty host, and neither does the default pattern");
        }
    }
}
