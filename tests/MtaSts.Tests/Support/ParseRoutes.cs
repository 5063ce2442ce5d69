using System.Globalization;
using System.Text;

namespace MtaSts.Tests;

/// <summary>Lists every way to parse each type of the library.</summary>
internal static class ParseRoutes
{
    public static ParseRoutes<StsRecord> Record { get; } = new()
    {
        TryString = StsRecord.TryParse,
        TryStringWithError = StsRecord.TryParse,
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
        TryString = MtaSts.Policy.TryParse,
        TryStringWithError = MtaSts.Policy.TryParse,
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
        TryString = MxPattern.TryParse,
        TryStringWithError = MxPattern.TryParse,
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

/// <summary>Calls the members of <see cref="IParsable{TSelf}"/> as generic code does.</summary>
/// <remarks>With the constraint <see cref="ISpanParsable{TSelf}"/>, the compiler would choose the overloads for spans.</remarks>
internal static class AnyParsable
{
    public static T Parse<T>(string text)
        where T : IParsable<T> =>
        T.Parse(text, null);

    public static bool TryParse<T>(string? text, out T? value)
        where T : IParsable<T> =>
        T.TryParse(text, null, out value);
}

/// <summary>Represents the answer on which all routes agreed.</summary>
/// <param name="IsValid">Whether the text was accepted.</param>
/// <param name="Value">The parsed value.</param>
/// <param name="Error">The error with the offset in characters; in bytes if the text is not valid UTF-8.</param>
/// <param name="ErrorInBytes">The error with the offset in bytes; <see langword="null"/> if the text has no UTF-8 form.</param>
internal sealed record Parsed<T>(bool IsValid, T? Value, ParseError Error, ParseError? ErrorInBytes);

/// <summary>Parses a text by every way to parse a type, and checks that all ways agree.</summary>
/// <remarks>
/// Invariants for each text:
/// <list type="bullet">
/// <item>No exception is thrown but <see cref="MtaStsFormatException"/>.</item>
/// <item>All routes accept the text, or all reject it with the same error.</item>
/// <item>The offset in bytes is the offset in characters, counted in UTF-8.</item>
/// <item>An accepted value formats to the same text in characters and in UTF-8, which parses to an equal value.</item>
/// </list>
/// </remarks>
internal sealed class ParseRoutes<T>
    where T : IEquatable<T>, ISpanParsable<T>, IUtf8SpanParsable<T>, ISpanFormattable, IUtf8SpanFormattable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Without ICU the framework has only the invariant culture, so the test makes another.
    private static readonly CultureInfo ForeignCulture = new("") { NumberFormat = { NumberGroupSeparator = "'", NegativeSign = "minus" } };

    public delegate bool StringTry(string? text, out T? value);

    public delegate bool StringTryWithError(string? text, out T? value, out ParseError error);

    public delegate bool CharsTry(ReadOnlySpan<char> text, out T? value);

    public delegate bool CharsTryWithError(ReadOnlySpan<char> text, out T? value, out ParseError error);

    public delegate bool BytesTry(ReadOnlySpan<byte> utf8Text, out T? value);

    public delegate bool BytesTryWithError(ReadOnlySpan<byte> utf8Text, out T? value, out ParseError error);

    public delegate T CharsParse(ReadOnlySpan<char> text);

    public delegate T BytesParse(ReadOnlySpan<byte> utf8Text);

    public required StringTry TryString { get; init; }

    public required StringTryWithError TryStringWithError { get; init; }

    public required CharsTry TryChars { get; init; }

    public required CharsTryWithError TryCharsWithError { get; init; }

    public required BytesTry TryBytes { get; init; }

    public required BytesTryWithError TryBytesWithError { get; init; }

    public required Func<string, T> ParseString { get; init; }

    public required CharsParse ParseChars { get; init; }

    public required BytesParse ParseBytes { get; init; }

    /// <summary>Returns whether two values are equal by every comparison of the type.</summary>
    public required Func<T, T, bool> Same { get; init; }

    /// <summary>Gets what the type keeps of its text in addition to its value. All routes must agree on it.</summary>
    public Func<T, object?> Remark { get; init; } = static _ => null;

    /// <summary>The remark of a text in canonical form.</summary>
    public object? Unremarkable { get; init; }

    /// <summary>Parses a text as characters, and as UTF-8 if it has such a form.</summary>
    public Parsed<T> Run(string text)
    {
        bool valid = TryCharsWithError(text, out T? value, out ParseError error);
        Expect expect = new(this, valid, value, error);
        expect.Try(TryChars(text, out T? other), other);
        expect.Try(TryString(text, out other), other);
        expect.Try(TryStringWithError(text, out other, out ParseError sameError), other);
        sameError.Should().Be(error);
        expect.Try(AnyParsable.TryParse(text, out other), other);
        expect.Try(T.TryParse(text.AsSpan(), null, out other), other);
        expect.Parse(() => ParseString(text));
        expect.Parse(() => ParseChars(text));
        expect.Parse(() => AnyParsable.Parse<T>(text));
        expect.Parse(() => T.Parse(text.AsSpan(), null));
        if (!TryEncode(text, out byte[] utf8Text))
        {
            valid.Should().BeFalse("no text of RFC 8461 contains half a surrogate pair");
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

    /// <summary>Parses bytes, and also as characters if they are valid UTF-8.</summary>
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

        TryCharsWithError(text, out T? fromChars, out ParseError error).Should().BeTrue("the library formatted {0}: {1}", text, error);
        TryBytesWithError(bytes, out T? fromBytes, out _).Should().BeTrue();
        Same(value, fromChars!).Should().BeTrue("{0} is the canonical form of {1}", fromChars, value);
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
                EqualityComparer<T>.Default.Equals(value, default).Should().BeTrue("a rejected text has no value");
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
