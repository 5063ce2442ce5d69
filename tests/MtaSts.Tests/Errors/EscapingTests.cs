using System.Text;

namespace MtaSts.Tests;

public sealed class EscapingTests
{
    // The text, quoted, and escaped without quotes.
    public static TheoryData<string, string, string> Texts => new()
    {
        { "", "\"\"", "" },
        { "a b", "\"a b\"", "a b" },
        { "!~", "\"!~\"", "!~" },
        { "\"", "\"\\\"\"", "\"" },
        { "\\", "\"\\\\\"", "\\" },
        { "a\", \"b", "\"a\\\", \\\"b\"", "a\", \"b" }, // not two quoted texts
        { "a\\\"b", "\"a\\\\\\\"b\"", "a\\\"b" },
        { "\0\t\r\n\u007F", "\"<U+0000><U+0009><U+000D><U+000A><U+007F>\"", "<U+0000><U+0009><U+000D><U+000A><U+007F>" },
        { "\u00E9\u2028", "\"<U+00E9><U+2028>\"", "<U+00E9><U+2028>" },
        { "\u202Exe", "\"<U+202E>xe\"", "<U+202E>xe" }, // right-to-left override
        { "\U0001F600", "\"<U+1F600>\"", "<U+1F600>" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Quote_AnyText_IsPrintableAsciiWithBackslashes(string text, string quoted, string escaped)
    {
        Escaping.Quote(text).Should().Be(quoted);
        Escaping.Quote<byte>(Encoding.UTF8.GetBytes(text), 253).Should().Be(quoted);
        Escaping.Escape(text, 253).Should().Be(escaped);
    }

    [Fact]
    public void Quote_InvalidCodeUnits_AreShownAsSuch()
    {
        Escaping.Quote("a\uD800b").Should().Be("\"a<0xD800>b\"");
        Escaping.Quote<byte>([0x61, 0xC0, 0x62], 253).Should().Be("\"a<0xC0>b\"");
    }

    [Fact]
    public void Quote_QuotesAndBackslashesInAnyOrder_IsUnambiguous()
    {
        string[] texts = [.. Enumerable.Range(0, 8).SelectMany(static length => Words(length))];

        texts.Select(static text => Escaping.Quote(text)).Should().OnlyHaveUniqueItems();
        texts.Should().OnlyContain(static text => Unquote(Escaping.Quote(text)) == text);
    }

    // At each limit a text of any kind is cut between two shown characters, never within an escape.
    [Theory]
    [InlineData("abcdefghij", "abcdefghij")]
    [InlineData("a\"b\\c\u00E9d", "a|\\\"|b|\\\\|c|<U+00E9>|d")]
    [InlineData("\U0001F600\"", "<U+1F600>|\\\"")]
    [InlineData("\"\"\"", "\\\"|\\\"|\\\"")]
    public void Quote_Limit_CutsBetweenEscapes(string text, string pieces)
    {
        string[] shown = pieces.Contains('|', StringComparison.Ordinal) ? pieces.Split('|') : [.. pieces.Select(static c => c.ToString())];
        for (int limit = 0; limit <= 24; limit++)
        {
            int count = Enumerable.Range(0, shown.Length + 1).Last(n => shown.Take(n).Sum(static piece => piece.Length) <= limit);
            string expected = $"\"{string.Concat(shown.Take(count))}{(count < shown.Length ? "..." : "")}\"";

            Escaping.Quote(CodeUnits.Of(text), limit).Should().Be(expected);
        }
    }

    private static IEnumerable<string> Words(int length) =>
        length == 0 ? [""] : Words(length - 1).SelectMany(static word => (string[])[$"{word}\"", $"{word}\\", $"{word}x"]);

    private static string Unquote(string quoted)
    {
        quoted[0].Should().Be('"');
        StringBuilder text = new();
        int i = 1;
        for (; quoted[i] != '"'; i++)
        {
            i += quoted[i] == '\\' ? 1 : 0;
            text.Append(quoted[i]);
        }

        i.Should().Be(quoted.Length - 1, "a quote that nothing escapes ends the text");
        return text.ToString();
    }
}
