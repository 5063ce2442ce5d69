using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>The first rule of RFC 8461 that a text breaks, and where.</summary>
/// <remarks>
/// A value without references, safe to copy, to keep and to share between threads. <c>default</c> is no error:
/// <see cref="ParseErrorCode.None"/> at offset 0. Two errors are equal when code, place and the text that was found there are.
/// </remarks>
/// <example>
/// <code>
/// if (!Policy.TryParse(body, out Policy? policy, out ParseError error))
/// {
///     // line 2, offset 21: found "enforced", but "enforce", "testing" or "none" is allowed, in lower case (RFC 8461, section 3.2)
///     log.Warning($"{domain}: {error}");
/// }
/// </code>
/// </example>
public readonly struct ParseError : IEquatable<ParseError>
{
    private readonly FoundText _found;

    private ParseError(ParseErrorCode code, int offset, int line)
    {
        Code = code;
        Offset = offset;
        Line = line;
        _found = default;
    }

    /// <summary>The rule that is broken; <see cref="ParseErrorCode.None"/> if none is.</summary>
    public ParseErrorCode Code { get; }

    /// <summary>Where the offending part begins: bytes from the start of a text given as bytes, UTF-16 units from the start of one given as characters.</summary>
    public int Offset { get; }

    /// <summary>The line of the policy file, counted from 1, that holds the offending part; 1 for a TXT record or an MX pattern, 0 without an error.</summary>
    public int Line { get; }

    /// <summary>What was found, what is allowed, and the section of the RFC: <see cref="ToString"/> without the place. Empty without an error.</summary>
    public string Reason => Code is ParseErrorCode.None ? "" : $"found {_found.Describe()}, but {Rule()}";

    /// <summary>Whether two errors are the same rule, broken by the same text at the same place.</summary>
    public static bool operator ==(ParseError left, ParseError right) => left.Equals(right);

    /// <summary>Whether two errors differ in rule, place or offending text.</summary>
    public static bool operator !=(ParseError left, ParseError right) => !left.Equals(right);

    /// <summary>A sentence for logs and for the postmaster of the domain: where, what was found, what is allowed, and the section of the RFC.</summary>
    /// <returns>One line of ASCII, safe to log: what was found is quoted with everything but printable ASCII written as code points, and cut after 24 characters.</returns>
    public override string ToString() => Code switch
    {
        ParseErrorCode.None => "no error",
        _ => string.Create(CultureInfo.InvariantCulture, $"line {Line}, offset {Offset}: {Reason}"),
    };

    /// <inheritdoc/>
    public bool Equals(ParseError other) =>
        Code == other.Code && Offset == other.Offset && Line == other.Line && _found.AsSpan().SequenceEqual(other._found.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ParseError other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Offset, Line);

    /// <summary>An error in a text that is one line: a record or a pattern.</summary>
    internal static void InLine<T>(ParseErrorCode code, ReadOnlySpan<T> text, Range place, out ParseError error)
        where T : unmanaged, IBinaryInteger<T>
    {
        error = new(code, place.Start.Value, line: 1);
        error.SetFound(text[place]);
    }

    /// <summary>An error in a text of several lines: a policy file.</summary>
    internal static void InFile<T>(ParseErrorCode code, ReadOnlySpan<T> text, Range place, out ParseError error)
        where T : unmanaged, IBinaryInteger<T>
    {
        error = new(code, place.Start.Value, line: 1 + text[..place.Start.Value].Count(T.CreateTruncating('\n')));
        error.SetFound(text[place]);
    }

    /// <summary>The error of a policy file over the limit. It names no size, which would have to be counted for a text given as characters.</summary>
    internal static void FileTooLarge(out ParseError error)
    {
        error = new(ParseErrorCode.TooLarge, offset: 0, line: 1);
        error.SetFound("more than 65536 bytes"u8);
    }

    // Written in its place, as a copy of bytes that were written one by one has to wait for them: half the time of a refusal.
    private void SetFound<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T> =>
        Unsafe.AsRef(in _found).Set(text);

    private string Rule() => Code switch
    {
        ParseErrorCode.TooLarge => "a policy is at most 65536 bytes (RFC 8461, section 3.3)",
        ParseErrorCode.InvalidEncoding => "the text must be UTF-8 (RFC 8461, section 3.2)",
        ParseErrorCode.ControlCharacter => "no control character may stand; lines end in LF or CRLF (RFC 8461, section 3.2)",
        ParseErrorCode.NotAnStsRecord => "a record begins with \"v=STSv1;\" (RFC 8461, section 3.1)",
        ParseErrorCode.EmptyField => "a field \"name=value\" is needed between semicolons (RFC 8461, section 3.1)",
        ParseErrorCode.MissingSeparator => "a name and a value are needed: \"name=value\" in a record, \"name: value\" in a policy (RFC 8461, sections 3.1 and 3.2)",
        ParseErrorCode.InvalidFieldName => "a name is a letter or digit and up to 31 letters, digits, \"_\", \"-\" or \".\" (RFC 8461, sections 3.1 and 3.2)",
        ParseErrorCode.InvalidFieldValue => "a value is printable characters, in a record without \"=\", \";\" or blanks (RFC 8461, sections 3.1 and 3.2)",
        ParseErrorCode.InvalidId => "an id is 1 to 32 ASCII letters and digits (RFC 8461, section 3.1)",
        ParseErrorCode.MissingId => "a record needs a field \"id=\" (RFC 8461, section 3.1)",
        ParseErrorCode.UnsupportedVersion => "the only version is \"STSv1\" (RFC 8461, section 3.2)",
        ParseErrorCode.InvalidMode => "\"enforce\", \"testing\" or \"none\" is allowed, in lower case (RFC 8461, section 3.2)",
        ParseErrorCode.InvalidMaxAge => "1 to 10 digits are allowed, a number of seconds (RFC 8461, section 3.2)",
        ParseErrorCode.MissingVersion => "a policy needs a line \"version: STSv1\" (RFC 8461, section 3.2)",
        ParseErrorCode.MissingMode => "a policy needs a line \"mode: enforce\", \"mode: testing\" or \"mode: none\" (RFC 8461, section 3.2)",
        ParseErrorCode.MissingMaxAge => "a policy needs a line \"max_age: SECONDS\" (RFC 8461, section 3.2)",
        ParseErrorCode.MissingMx => "a policy needs a line \"mx: HOST\" unless its mode is none (RFC 8461, section 3.2)",
        ParseErrorCode.EmptyName => "a host name is needed (RFC 8461, section 3.2)",
        ParseErrorCode.MisplacedWildcard => "\"*\" may only be the whole first label, as in \"*.example.com\" (RFC 8461, section 4.1)",
        ParseErrorCode.AddressLiteral => "a host name is needed, not an address (RFC 8461, section 3.2)",
        ParseErrorCode.NonAsciiName => "a host name is ASCII: an international name is written in A-labels, \"xn--\" (RFC 8461, section 3.2)",
        ParseErrorCode.InvalidNameCharacter => "a host name is letters, digits, hyphens and dots (RFC 8461, section 3.2; RFC 5321, section 4.1.2)",
        ParseErrorCode.EmptyLabel => "a label is needed before each dot (RFC 8461, section 3.2; RFC 5321, section 4.1.2)",
        ParseErrorCode.TrailingDot => "a pattern has no dot at its end (RFC 8461, section 3.2; RFC 5321, section 4.1.2)",
        ParseErrorCode.MisplacedHyphen => "a label neither begins nor ends with a hyphen (RFC 8461, section 3.2; RFC 5321, section 4.1.2)",
        ParseErrorCode.LabelTooLong => "a label is at most 63 octets (RFC 8461, section 3.2; RFC 1035, section 2.3.4)",
        ParseErrorCode.NameTooLong => "a name is at most 253 octets (RFC 8461, section 3.2; RFC 1035, section 2.3.4)",
        ParseErrorCode.DomainTooLong => "a policy domain is at most 244 octets, as \"_mta-sts.\" precedes it (RFC 8461, section 3.1; RFC 1035, section 2.3.4)",
        _ => throw new InvalidOperationException($"No sentence for {Code}."),
    };

    /// <summary>The first characters of what was found, kept without an allocation so that refusing costs no more than accepting.</summary>
    private struct FoundText
    {
        private Buffer _bytes;
        private byte _length;
        private bool _cut;

        [UnscopedRef]
        public readonly ReadOnlySpan<byte> AsSpan() => ((ReadOnlySpan<byte>)_bytes)[.._length];

        public readonly string Describe() => _length == 0 && !_cut
            ? "nothing"
            : $"\"{Encoding.ASCII.GetString(AsSpan())}{(_cut ? "..." : "")}\"";

        public void Set<T>(ReadOnlySpan<T> text)
            where T : unmanaged, IBinaryInteger<T>
        {
            // Mostly the text, or as much of it as there is room for, is shown as it is.
            ReadOnlySpan<T> start = text[..Math.Min(text.Length, Buffer.Size)];
            if (CodeUnits.TryCopyPrintable(start, _bytes))
            {
                _length = (byte)start.Length;
                _cut = start.Length < text.Length;
            }
            else
            {
                SetEscaped(text);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)] // Its memory on the stack would be cleared at each error.
        private void SetEscaped<T>(ReadOnlySpan<T> text)
            where T : unmanaged, IBinaryInteger<T>
        {
            Span<byte> shown = stackalloc byte[12];
            while (!text.IsEmpty && !_cut)
            {
                bool wellFormed = CodeUnits.TryDecode(text, out Rune rune, out int length);
                int shownLength = Show(wellFormed, wellFormed ? rune.Value : int.CreateTruncating(text[0]), shown);
                _cut = _length + shownLength > Buffer.Size;
                if (!_cut)
                {
                    shown[..shownLength].CopyTo(((Span<byte>)_bytes)[_length..]);
                    _length += (byte)shownLength;
                }

                text = text[length..];
            }
        }

        // A printable character as itself, a code point as <U+00E9>, a unit that is no character as <0xC0>.
        private static int Show(bool wellFormed, int value, Span<byte> shown)
        {
            if (wellFormed && value is >= ' ' and <= '~')
            {
                shown[0] = (byte)value;
                return 1;
            }

            Ascii.FromUtf16(wellFormed ? "<U+" : "<0x", shown, out int start);
            value.TryFormat(shown[start..], out int digits, wellFormed ? "X4" : "X2", CultureInfo.InvariantCulture);
            shown[start + digits] = (byte)'>';
            return start + digits + 1;
        }

        [InlineArray(Size)]
        private struct Buffer
        {
            public const int Size = 24;

            private byte _element0;
        }
    }
}
