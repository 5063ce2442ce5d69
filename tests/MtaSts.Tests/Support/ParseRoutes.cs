using System.Globalization;
using System.Text;

namespace MtaSts.Tests;

/// <summary>Every way to read a text, and what must hold of each text by each of them.</summary>
internal static class ParseRoutes
{
    public static ParseRoutes<StsRecord> Record { get; } = new()
    {
        TryChars = StsRecord.TryParse,
        TryCharsWithError = StsRecord.TryParse,
        TryBytes = StsRecord.TryParse,
        TryBytesWithError = StsRecord.TryParse,
        ParseString = StsRecord.Parse,
        ParseChars = StsRecord.Parse,
        ParseBytes = StsRecord.Parse,
        Same = static (a, b) => a == b && !(a != b) && a.Equals((object?)b) && a.GetHashCode() == b.GetHashCode(),
    };

    public static ParseRoutes<Policy> Policy { get; } = new()
    {
        TryChars = MtaSts.Policy.TryParse,
        TryCharsWithError = MtaSts.Policy.TryParse,
        TryBytes = MtaSts.Policy.TryParse,
        TryBytesWithError = MtaSts.Policy.TryParse,
        ParseString = MtaSts.Policy.Parse,
        ParseChars = MtaSts.Policy.Parse,
        ParseBytes = MtaSts.Policy.Parse,
        Same = static (a, b) => a == b && !(a != b) && a.Equals((object?)b) && a.GetHashCode() == b.GetHashCode(),
        Remark = static policy => policy.Deviations,
        Unremarkable = Deviations.None,
    };

    public static ParseRoutes<MxPattern> Pattern { get; } = new()
    {
        TryChars = MxPattern.TryParse,
        TryCharsWithError = MxPattern.TryParse,
        TryBytes = MxPattern.TryParse,
        TryBytesWithError = MxPattern.TryParse,
        ParseString = MxPattern.Parse,
        ParseChars = MxPattern.Parse,
        ParseBytes = MxPattern.Parse,
        Same = static (a, b) => a == b && !(a != b) && a.Equals((object)b) && a.GetHashCode() == b.GetHashCode(),
    };
}

/// <summary>Calls T.Parse(string, …) as generic code does that knows only strings; a wider constraint picks the overload for spans.</summary>
internal static class AnyParsable
{
    public static T Parse<T>(string text)
        where T : IParsable<T> =>
        T.Parse(text, null);

    public static bool TryParse<T>(string? text, out T? value)
        where T : IParsable<T> =>
        T.TryParse(text, null, out value);
}

/// <summary>The one answer that all routes gave.</summary>
/// <param name="IsValid">Whether the text was accepted.</param>
/// <param name="Value">What was read.</param>
/// <param name="Error">The error with the offset in characters; in bytes if the text was given as bytes.</param>
/// <param name="ErrorInBytes">The error with the offset in bytes; null if the text has no UTF-8 form.</param>
internal sealed record Parsed<T>(bool IsValid, T? Value, ParseError Error, ParseError? ErrorInBytes);

/// <summary>The routes to one type.</summary>
/// <remarks>Invariants, for each text that passes through here:
/// nothing but <see cref="MtaStsFormatException"/> is thrown; all routes accept, or all reject with the same error;
/// the offset in bytes is the one in characters, counted in UTF-8;
/// what is accepted formats to the same text in characters and in UTF-8, which is read as an equal value.</remarks>
internal sealed class ParseRoutes<T>
    where T : IEquatable<T>, ISpanParsable<T>, IUtf8SpanParsable<T>, ISpanFormattable, IUtf8SpanFormattable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Made by hand, as without ICU the framework knows no other cultures.
    private static readonly CultureInfo ForeignCulture = new("") { NumberFormat = { NumberGroupSeparator = "'", NegativeSign = "minus" } };

    public delegate bool CharsTry(ReadOnlySpan<char> text, out T? value);

    public delegate bool CharsTryWithError(ReadOnlySpan<char> text, out T? value, out ParseError error);

    public delegate bool BytesTry(ReadOnlySpan<byte> utf8Text, out T? value);

    public delegate bool BytesTryWithError(ReadOnlySpan<byte> utf8Text, out T? value, out ParseError error);

    public delegate T CharsParse(ReadOnlySpan<char> text);

    public delegate T BytesParse(ReadOnlySpan<byte> utf8Text);

    public required CharsTry TryChars { get; init; }

    public required CharsTryWithError TryCharsWithError { get; init; }

    public required BytesTry TryBytes { get; init; }

    public required BytesTryWithError TryBytesWithError { get; init; }

    public required Func<string, T> ParseString { get; init; }

    public required CharsParse ParseChars { get; init; }

    public required BytesParse ParseBytes { get; init; }

    /// <summary>Returns whether two values are equal by every comparison of the type.</summary>
    public required Func<T, T, bool> Same { get; init; }

    /// <summary>Returns what the type keeps of its text in addition to its value. All routes must agree on it.</summary>
    public Func<T, object?> Remark { get; init; } = static _ => null;

    /// <summary>The remark of a text that the type itself has written.</summary>
    public object? Unremarkable { get; init; }

    /// <summary>Reads a text as characters, and as UTF-8 if it has such a form.</summary>
    public Parsed<T> Run(string text)
    {
        bool valid = TryCharsWithError(text, out T? value, out ParseError error);
        Expect expect = new(this, valid, value, error);
        expect.Try(TryChars(text, out T? other), other);
        expect.Try(AnyParsable.TryParse(text, out other), other);
        expect.Try(T.TryParse(text.AsSpan(), null, out other), other);
        expect.Parse(() => ParseString(text));
        expect.Parse(() => ParseChars(text));
        expect.Parse(() => AnyParsable.Parse<T>(text));
        expect.Parse(() => T.Parse(text.AsSpan(), null));
        if (!TryEncode(text, out byte[] utf8Text))
        {
            valid.Should().BeFalse("half a surrogate pair stands in no text of RFC 8461");
            return new(valid, value, error, ErrorInBytes: null);
        }

        Parsed<T> inBytes = RunBytes(utf8Text);
        expect.Try(inBytes.IsValid, inBytes.Value);
        inBytes.Error.Code.Should().Be(error.Code);
        inBytes.Error.Line.Should().Be(error.Line);
        inBytes.Error.Offset.Should().Be(Utf8.GetByteCount(text.AsSpan(0, error.Offset)), "offset {0} is in characters", error.Offset);
        if (inBytes.Error.Offset == error.Offset)
        {
            inBytes.Error.Should().Be(error);
            inBytes.Error.ToString().Should().Be(error.ToString());
        }

        return new(valid, value, error, inBytes.Error);
    }

    /// <summary>Reads bytes, and also as characters if they are UTF-8.</summary>
    public Parsed<T> Run(byte[] utf8Text) => TryDecode(utf8Text, out string text) ? Run(text) : RunBytes(utf8Text);

    private static bool TryEncode(string text, out byte[] utf8Text)
    {
        try
        {
            utf8Text = Utf8.GetBytes(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            utf8Text = [];
            return false;
        }
    }

    private static bool TryDecode(byte[] utf8Text, out string text)
    {
        try
        {
            text = Utf8.GetString(utf8Text);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }

    private Parsed<T> RunBytes(byte[] utf8Text)
    {
        bool valid = TryBytesWithError(utf8Text, out T? value, out ParseError error);
        Expect expect = new(this, valid, value, error);
        expect.Try(TryBytes(utf8Text, out T? other), other);
        expect.Try(T.TryParse(utf8Text.AsSpan(), null, out other), other);
        expect.Parse(() => ParseBytes(utf8Text));
        expect.Parse(() => T.Parse(utf8Text.AsSpan(), null));
        if (valid)
        {
            CheckForms(value!);
        }

        return new(valid, value, error, error);
    }

    private void CheckForms(T value)
    {
        string text = value.ToString()!;
        value.ToString("G", ForeignCulture).Should().Be(text, "format and culture change nothing");

        char[] chars = new char[text.Length];
        value.TryFormat(chars, out int written, default, null).Should().BeTrue();
        new string(chars, 0, written).Should().Be(text);
        byte[] bytes = new byte[Utf8.GetByteCount(text)];
        value.TryFormat(bytes, out written, default, null).Should().BeTrue();
        Utf8.GetString(bytes, 0, written).Should().Be(text);

        TryCharsWithError(text, out T? fromChars, out ParseError error).Should().BeTrue("{0} was written by the library: {1}", text, error);
        TryBytesWithError(bytes, out T? fromBytes, out _).Should().BeTrue();
        Same(value, fromChars!).Should().BeTrue("{0} was written for {1}", fromChars, value);
        Same(value, fromBytes!).Should().BeTrue();
        Remark(fromChars!).Should().Be(Unremarkable);
    }

    /// <summary>The result of the first route, which every other must return.</summary>
    private sealed class Expect
    {
        private readonly ParseRoutes<T> _routes;
        private readonly bool _valid;
        private readonly T? _value;
        private readonly ParseError _error;

        public Expect(ParseRoutes<T> routes, bool valid, T? value, ParseError error)
        {
            _routes = routes;
            _valid = valid;
            _value = value;
            _error = error;
            (error == default).Should().Be(valid, "there is an error exactly if the text is rejected");
            if (!valid)
            {
                EqualityComparer<T>.Default.Equals(value, default).Should().BeTrue("nothing is returned for a rejected text");
                error.Code.Should().NotBe(ParseErrorCode.None);
                error.Line.Should().BePositive();
            }
        }

        public void Try(bool valid, T? value)
        {
            valid.Should().Be(_valid);
            if (valid)
            {
                _routes.Same(_value!, value!).Should().BeTrue();
                _routes.Remark(value!).Should().Be(_routes.Remark(_value!));
            }
            else
            {
                EqualityComparer<T>.Default.Equals(value, default).Should().BeTrue();
            }
        }

        public void Parse(Func<T> parse)
        {
            if (_valid)
            {
                Try(valid: true, parse());
                return;
            }

            MtaStsFormatException thrown = Assert.Throws<MtaStsFormatException>(() => { _ = parse(); });
            thrown.Error.Should().Be(_error);
            thrown.Message.Should().Be(_error.ToString());
        }
    }
}
