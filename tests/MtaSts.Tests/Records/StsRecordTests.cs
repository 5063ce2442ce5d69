using System.Text;

namespace MtaSts.Tests;

public sealed class StsRecordTests
{
    private const string Id32 = "0123456789ABCDEFGHIJklmnopqrstuv";
    private const string Name32 = "a123456789_-.ABCDEFGHIJKLMNOPQRS";

    // text, id, extensions as the library writes them
    public static TheoryData<string, string, string> WellFormed => new()
    {
        { "v=STSv1; id=20160831085700Z;", "20160831085700Z", "" }, // the RFC's example
        { "v=STSv1; id=20160831085700Z", "20160831085700Z", "" },
        { "v=STSv1;id=1", "1", "" },
        { "v=STSv1;id=1;", "1", "" },
        { "v=STSv1 ; id=1", "1", "" }, // sts-field-delim = *WSP ";" *WSP: whitespace is allowed before a semicolon
        { "v=STSv1 \t ;\t \tid=1\t;\t", "1", "" }, // WSP = SP / HTAB
        { "v=STSv1; id=1;   ", "1", "" }, // whitespace after the closing semicolon is part of it
        { "v=STSv1; id=1 ;", "1", "" },
        { $"v=STSv1; id={Id32}", Id32, "" },
        { "v=STSv1; id=a; more=b", "a", "; more=b" },
        { "v=STSv1; more=b; id=a", "a", "; more=b" }, // the order of the fields is not significant
        { "v=STSv1; c=1; id=a; b=2;", "a", "; c=1; b=2" }, // but is kept
        { "v=STSv1; id=a; more=b; more=c", "a", "; more=b" }, // the first field of a name counts
        { "v=STSv1; id=a; More=b; more=c", "a", "; More=b; more=c" }, // names are case-sensitive
        { "v=STSv1; id=a; id=b", "a", "" }, // the first id wins
        { "v=STSv1; id=a; id=not-an-id", "a", "" }, // a later one only has to match the grammar of a field
        { "v=STSv1; id=a; v=STSv2", "a", "" }, // a duplicate of the version
        { "v=STSv1; ID=b; id=a", "a", "; ID=b" },
        { $"v=STSv1; id=a; {Name32}=b", "a", $"; {Name32}=b" },
        { "v=STSv1; id=a; 9=b", "a", "; 9=b" },
        { "v=STSv1; id=a; b=!\"#$%&'()*+,-./09:", "a", "; b=!\"#$%&'()*+,-./09:" }, // %x21-3A
        { "v=STSv1; id=a; b=<", "a", "; b=<" }, // %x3C
        { "v=STSv1; id=a; b=>?@AZ[\\]^_`az{|}~", "a", "; b=>?@AZ[\\]^_`az{|}~" }, // %x3E-7E
    };

    public static TheoryData<string, ParseErrorCode> Malformed => new()
    {
        // Other records.
        { "^", ParseErrorCode.NotAnStsRecord },
        { "^v=spf1 -all", ParseErrorCode.NotAnStsRecord },
        { "^v=STSv1", ParseErrorCode.NotAnStsRecord }, // at least one field must follow
        { "^v=STSv1 ", ParseErrorCode.NotAnStsRecord },
        { "^v=STSv", ParseErrorCode.NotAnStsRecord },
        { "^v=STSv2; id=1", ParseErrorCode.NotAnStsRecord },
        { "^v=STSv10; id=1", ParseErrorCode.NotAnStsRecord },
        { "^v=stsv1; id=1", ParseErrorCode.NotAnStsRecord }, // %s: case-sensitive
        { "^V=STSv1; id=1", ParseErrorCode.NotAnStsRecord },
        { "^ v=STSv1; id=1", ParseErrorCode.NotAnStsRecord },
        { "^v =STSv1; id=1", ParseErrorCode.NotAnStsRecord },
        { "^v= STSv1; id=1", ParseErrorCode.NotAnStsRecord },
        { "^id=1; v=STSv1", ParseErrorCode.NotAnStsRecord },
        { "^\"v=STSv1; id=1\"", ParseErrorCode.NotAnStsRecord }, // quotes from a zone file
        { "^\uFEFFv=STSv1; id=1", ParseErrorCode.NotAnStsRecord },
        { "^v=STSv1, id=1", ParseErrorCode.NotAnStsRecord },
        { "^v=STSv1\u00A0; id=1", ParseErrorCode.NotAnStsRecord }, // NBSP is not whitespace here
        { "^v=STSv1\0; id=1", ParseErrorCode.NotAnStsRecord },

        // Missing id.
        { "v=STSv1;^", ParseErrorCode.MissingId },
        { "v=STSv1; ^", ParseErrorCode.MissingId },
        { "v=STSv1; more=b^", ParseErrorCode.MissingId },
        { "v=STSv1; more=b;^", ParseErrorCode.MissingId },
        { "v=STSv1; ID=1^", ParseErrorCode.MissingId }, // %s: case-sensitive
        { "v=STSv1; idx=1^", ParseErrorCode.MissingId },

        // Invalid first id.
        { "v=STSv1; id=^", ParseErrorCode.InvalidId },
        { "v=STSv1; id=^;", ParseErrorCode.InvalidId },
        { "v=STSv1; id=^ 1", ParseErrorCode.InvalidId },
        { "v=STSv1; id=^2025-07-04", ParseErrorCode.InvalidId },
        { "v=STSv1; id=^version_1", ParseErrorCode.InvalidId },
        { "v=STSv1; id=^1.2", ParseErrorCode.InvalidId },
        { $"v=STSv1; id=^{Id32}w", ParseErrorCode.InvalidId },
        { "v=STSv1; id=^a-b; id=good", ParseErrorCode.InvalidId }, // invalid first, valid second
        { "v=STSv1; id=^;id=good", ParseErrorCode.InvalidId },

        // Invalid fields.
        { "v=STSv1;^; id=1", ParseErrorCode.EmptyField },
        { "v=STSv1; ^; id=1", ParseErrorCode.EmptyField },
        { "v=STSv1; id=1;^;", ParseErrorCode.EmptyField },
        { "v=STSv1; id=1; \t^; ", ParseErrorCode.EmptyField },
        { "v=STSv1; ^id", ParseErrorCode.MissingSeparator },
        { "v=STSv1; id=1; ^preload", ParseErrorCode.MissingSeparator },
        { "v=STSv1; id=1; ^preload;", ParseErrorCode.MissingSeparator },
        { "v=STSv1; ^preload; id=1", ParseErrorCode.MissingSeparator },
        { "v=STSv1; id=1; ^.", ParseErrorCode.MissingSeparator },

        // Names: (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
        { "v=STSv1; id=1; ^=b", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; id=1; ^_a=b", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; id=1; ^-a=b", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; id=1; ^.a=b", ParseErrorCode.InvalidFieldName },
        { $"v=STSv1; id=1; ^{Name32}T=b", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; id=1; ^a b=c", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; ^id =1", ParseErrorCode.InvalidFieldName }, // no whitespace around "="
        { "v=STSv1; id=1; ^a+b=c", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; id=1; ^é=c", ParseErrorCode.InvalidFieldName },
        { "v=STSv1; id=1; ^a\u00A0=c", ParseErrorCode.InvalidFieldName },

        // Values: 1*(%x21-3A / %x3C / %x3E-7E)
        { "v=STSv1; id=1; a=^", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; a=^;", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; a=^ b", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; a=^=b", ParseErrorCode.InvalidFieldValue }, // %x3D
        { "v=STSv1; id=1; a=b^=c", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; a=b^ c", ParseErrorCode.InvalidFieldValue }, // %x20
        { "v=STSv1; id=1; a=b^\u0080", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; a=b^é", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; a=b^\u2028", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^=2", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; id=2^=3", ParseErrorCode.InvalidFieldValue }, // later fields must match the grammar as well
        { "v=STSv1; id=1; id=^", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; v=^", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1; more=a; more=^", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^ ", ParseErrorCode.InvalidFieldValue }, // final whitespace needs a semicolon before it
        { "v=STSv1; id=1^\t", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^ id=2", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^\u00A0", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^\u0085", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^\u2028; a=b", ParseErrorCode.InvalidFieldValue },
        { "v=STSv1; id=1^\u212A", ParseErrorCode.InvalidFieldValue }, // the Kelvin sign is not ALPHA
        { "v=STSv1; id=1^\uFF12", ParseErrorCode.InvalidFieldValue }, // a fullwidth 2 is not DIGIT

        // Control characters, which no record may contain.
        { "v=STSv1; id=1^\0", ParseErrorCode.ControlCharacter },
        { "v=STSv1; id=^\0", ParseErrorCode.ControlCharacter },
        { "v=STSv1;^\0id=1", ParseErrorCode.ControlCharacter },
        { "v=STSv1; id=1; a=b^\u007F", ParseErrorCode.ControlCharacter },
        { "v=STSv1; id=1; a=b^\u0001", ParseErrorCode.ControlCharacter },
        { "v=STSv1; id=1^\r\n", ParseErrorCode.ControlCharacter },
        { "v=STSv1; id=1;^\n", ParseErrorCode.ControlCharacter },
        { "v=STSv1; preload; id=1^\0", ParseErrorCode.ControlCharacter }, // reported before other errors
    };

    public static TheoryData<string, int, int> NonAscii => new() // text, offset in characters, in bytes
    {
        { "v=STSv1; é=1; \0", 14, 15 },
        { "v=STSv1; \uFF21=1; \0", 14, 16 },
        { "v=STSv1; \U0001F600=1; \0", 15, 17 },
    };

    public static TheoryData<byte[], int> NotUtf8 => new() // bytes, offset
    {
        { [.. "v=STSv1; id=1"u8, 0x80], 13 }, // a continuation byte alone
        { [.. "v=STSv1; id="u8, 0xC1, 0x81], 12 }, // overlong "A"
        { [.. "v=STSv1; id=1; a=b"u8, 0xE0, 0x80, 0xBB, .. "c"u8], 18 }, // overlong ";"
        { [.. "v=STSv1; id=1"u8, 0xED, 0xA0, 0x80], 13 }, // a surrogate
        { [.. "v=STSv1; id=1"u8, 0xF4, 0x90, 0x80, 0x80], 13 }, // beyond U+10FFFF
        { [.. "v=STSv1; id=1"u8, 0xC3], 13 }, // truncated
        { [.. "v=STSv1;"u8, 0xFF], 8 },
    };

    [Theory]
    [MemberData(nameof(WellFormed))]
    public void Parse_WellFormed_ReturnsIdAndExtensions(string text, string id, string extensions)
    {
        StsRecord record = ParseRoutes.Record.Run(text).Value!;

        record.Should().NotBeNull();
        record.Id.Should().Be(id);
        string.Concat(record.Extensions.Select(static field => $"; {field.Key}={field.Value}")).Should().Be(extensions);
        record.ToString().Should().Be($"v=STSv1; id={id}{extensions}");
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Parse_Malformed_ReportsCodeAndOffset(string marked, ParseErrorCode code) =>
        MarkedText.Parse(marked).ShouldBeRejected(ParseRoutes.Record, code);

    [Theory]
    [MemberData(nameof(NonAscii))]
    public void Parse_ErrorAfterNonAscii_HasTheOffsetInInputUnits(string text, int inChars, int inBytes)
    {
        Parsed<StsRecord> parsed = ParseRoutes.Record.Run(text);

        parsed.Error.Code.Should().Be(ParseErrorCode.ControlCharacter);
        parsed.Error.Offset.Should().Be(inChars);
        parsed.ErrorInBytes!.Value.Offset.Should().Be(inBytes);
    }

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public void Parse_InvalidUtf8_IsRejected(byte[] utf8Text, int offset)
    {
        ParseError error = ParseRoutes.Record.Run(utf8Text).Error;

        (error.Code, error.Line, error.Offset).Should().Be((ParseErrorCode.InvalidEncoding, 1, offset));
    }

    [Theory]
    [InlineData('\uD800')]
    [InlineData('\uDC00')]
    public void Parse_LoneSurrogate_IsRejected(char half)
    {
        ParseError error = ParseRoutes.Record.Run($"v=STSv1; id=1; a=b{half}c").Error;

        (error.Code, error.Line, error.Offset).Should().Be((ParseErrorCode.InvalidEncoding, 1, 18));
    }

    [Fact]
    public void Parse_Utf16Bytes_IsNotAnStsRecord() =>
        ParseRoutes.Record.Run(Encoding.Unicode.GetBytes("v=STSv1; id=1")).Error.Code.Should().Be(ParseErrorCode.NotAnStsRecord);

    [Fact]
    public void Parse_EachCharacterInAnId_FollowsTheGrammar()
    {
        for (int c = 0; c <= 0x17F; c++)
        {
            bool allowed = char.IsAsciiLetterOrDigit((char)c) || c == ';';
            ParseRoutes.Record.Run($"v=STSv1; id=1{(char)c}").IsValid.Should().Be(allowed, "U+{0:X4}", c);
        }
    }

    [Fact]
    public void Parse_EachCharacterInAValue_FollowsTheGrammar()
    {
        for (int c = 0; c <= 0x17F; c++)
        {
            // ";" ends the field; the next one has no name.
            bool allowed = c is >= 0x21 and <= 0x3A or 0x3C or >= 0x3E and <= 0x7E;
            ParseRoutes.Record.Run($"v=STSv1; id=1; a={(char)c}b").IsValid.Should().Be(allowed, "U+{0:X4}", c);
        }
    }

    [Fact]
    public void Parse_EachCharacterInAName_FollowsTheGrammar()
    {
        for (int c = 0; c <= 0x17F; c++)
        {
            bool first = char.IsAsciiLetterOrDigit((char)c);
            bool later = first || c is '_' or '-' or '.';

            // Whitespace before a name belongs to the delimiter, and "=" ends the name.
            ParseRoutes.Record.Run($"v=STSv1; id=1; {(char)c}a=b").IsValid
                .Should().Be(first || c is ' ' or '\t', "U+{0:X4} at the start", c);
            ParseRoutes.Record.Run($"v=STSv1; id=1; a{(char)c}=b").IsValid.Should().Be(later, "U+{0:X4} at the end", c);
        }
    }

    [Fact]
    public void Parse_ThousandsOfFields_KeepsTheFirstOfEachName()
    {
        string fields = string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"; f{i % 10_000}={i}"));

        StsRecord record = ParseRoutes.Record.Run("v=STSv1; id=1" + fields).Value!;

        Assert.Equal(Enumerable.Range(0, 10_000).Select(static i => KeyValuePair.Create($"f{i}", $"{i}")), record.Extensions);
    }

    [Fact]
    public void Parse_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => { _ = StsRecord.Parse(null!); });
        StsRecord.TryParse(null, out StsRecord? record).Should().BeFalse();
        record.Should().BeNull();
        StsRecord.TryParse(null, out record, out ParseError error).Should().BeFalse();
        error.Code.Should().Be(ParseErrorCode.NotAnStsRecord);
        AnyParsable.TryParse(null, out record).Should().BeFalse();
        record.Should().BeNull();
        Assert.Throws<ArgumentNullException>(static () => { _ = AnyParsable.Parse<StsRecord>(null!); });
    }

    [Theory]
    [InlineData("1")]
    [InlineData("20160831085700Z")]
    [InlineData(Id32)]
    public void Constructor_Id_EqualsTheParsedRecord(string id)
    {
        StsRecord record = new(id);

        record.Id.Should().Be(id);
        record.Extensions.Should().BeEmpty();
        (record == StsRecord.Parse($"v=STSv1; id={id};")).Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1;")]
    [InlineData("a-b")]
    [InlineData("é")]
    [InlineData("\u212A")]
    [InlineData("1\0")]
    [InlineData(Id32 + "w")]
    public void Constructor_InvalidId_Throws(string id) => Assert.Throws<ArgumentException>(nameof(id), () => new StsRecord(id));

    [Fact]
    public void Constructor_Null_Throws() => Assert.Throws<ArgumentNullException>("id", () => new StsRecord(null!));

    [Fact]
    public void Equals_SameRecordWrittenDifferently_IsTrue()
    {
        StsRecord record = StsRecord.Parse("v=STSv1; id=a; b=1; c=2");

        ParseRoutes.Record.Same(record, StsRecord.Parse("v=STSv1;b=1;id=a;c=2;b=3;")).Should().BeTrue();
    }

    [Theory]
    [InlineData("v=STSv1; id=A; b=1; c=2")]
    [InlineData("v=STSv1; id=ab; b=1; c=2")]
    [InlineData("v=STSv1; id=a; b=1")]
    [InlineData("v=STSv1; id=a; c=2; b=1")] // the order of extensions is kept, so it counts
    [InlineData("v=STSv1; id=a; B=1; c=2")]
    [InlineData("v=STSv1; id=a; b=1; c=3")]
    public void Equals_Different_IsFalse(string other)
    {
        StsRecord record = StsRecord.Parse("v=STSv1; id=a; b=1; c=2");

        (record == StsRecord.Parse(other)).Should().BeFalse();
        (record != StsRecord.Parse(other)).Should().BeTrue();
        record.Equals((object)StsRecord.Parse(other)).Should().BeFalse();
    }

    [Fact]
    public void Equals_NullOrOtherType_IsFalse()
    {
        StsRecord record = new("a");
        StsRecord? none = null;

        record.Equals(none).Should().BeFalse();
        record.Equals((object)"v=STSv1; id=a").Should().BeFalse();
        (record == none).Should().BeFalse();
        (none == record).Should().BeFalse();
        (none == null).Should().BeTrue();
        (none != record).Should().BeTrue();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void TryFormat_OneShortExactAndLonger(int room, bool fits) =>
        Formatting.Check(StsRecord.Parse("v=STSv1; id=a; more=b"), "v=STSv1; id=a; more=b", room, fits);
}
