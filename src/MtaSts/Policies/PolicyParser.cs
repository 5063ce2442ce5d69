using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace MtaSts;

/// <summary>Parses a policy file, RFC 8461 section 3.2, from bytes or from UTF-16 code units.</summary>
/// <remarks>
/// <para>The grammar, including what errata and the published RFC change (6253, 7282, and the terms that are
/// fields):</para>
/// <code>
/// sts-policy-record      = sts-policy-field *WSP *(sts-policy-term sts-policy-field *WSP) [sts-policy-term]
/// sts-policy-field       = version / mode / max_age (each once) / mx (at least once, except when mode is "none") / extension
/// sts-policy-field-delim = ":" *WSP
/// sts-policy-ext-name    = sts-policy-alphanum *31(sts-policy-alphanum / "_" / "-" / ".")
/// sts-policy-ext-value   = sts-policy-vchar [*(%x20 / sts-policy-vchar) sts-policy-vchar]
/// sts-policy-vchar       = %x21-7E / UTF8-2 / UTF8-3 / UTF8-4
/// sts-policy-term        = LF / CRLF
/// </code>
/// <para><see cref="Deviations"/> lists what is accepted beyond that. One pass validates the patterns and copies them
/// to stack or pooled memory. From there they go into one array of the exact size, so a policy does not keep the
/// caller's text in memory.</para>
/// </remarks>
internal ref struct PolicyParser<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int MaxAgeDigits = 10;
    private const int TextOnStack = 320;
    private const int PatternsOnStack = (TextOnStack / MxTable.Builder.MinLineLength) + 1;

    private readonly ReadOnlySpan<T> _text;

    private Deviations _deviations;
    private bool _hasVersion;
    private PolicyMode? _mode;
    private uint? _maxAge;
    private MxTable.Builder _mx;
    private ExtensionFields _extensions;

    private ParseErrorCode _code;
    private Range _place;
    private Range _badLine; // Empty if the error is at the end of the text.

    private PolicyParser(ReadOnlySpan<T> text, Span<MxEntry> entries, Span<byte> texts)
    {
        _text = text;
        _mx = new(entries, texts, text.Length);
    }

    /// <summary>Parses a policy file; returns null and the error if it is not a valid policy.</summary>
    public static Policy? Parse(ReadOnlySpan<T> text, out ParseError error)
    {
        if (!IsTooLarge(text))
        {
            return ParseWithinLimit(text, out error);
        }

        ParseError.FileTooLarge(out error);
        return null;
    }

    // UTF-8 takes one to three bytes per UTF-16 code unit: only texts of a length in between have to be counted.
    private static bool IsTooLarge(ReadOnlySpan<T> text) =>
        text.Length > Policy.MaxSize
        || (typeof(T) != typeof(byte)
            && text.Length > Policy.MaxSize / 3
            && Encoding.UTF8.GetByteCount(MemoryMarshal.Cast<T, char>(text)) > Policy.MaxSize);

    private static Policy? ParseWithinLimit(ReadOnlySpan<T> text, out ParseError error)
    {
        PolicyParser<T> parser = new(text, stackalloc MxEntry[PatternsOnStack], stackalloc byte[TextOnStack]);
        Policy? policy = null;
        error = default;
        if (parser.ParseFile())
        {
            policy = parser.ToPolicy();
        }
        else
        {
            parser.PreferInvalidCharacter();
            ParseError.InFile(parser._code, text, parser._place, out error);
        }

        parser._mx.Return();
        return policy;
    }

    private static bool StartsWithMx(ReadOnlySpan<T> line) => typeof(T) == typeof(byte)
        ? MemoryMarshal.Cast<T, byte>(line).StartsWith("mx: "u8)
        : MemoryMarshal.Cast<T, char>(line).StartsWith("mx: ");

    private bool ParseFile()
    {
        ReadOnlySpan<T> text = _text;
        int start = ByteOrderMarkLength();
        _deviations = start > 0 ? Deviations.ByteOrderMark : Deviations.None;
        while (start < text.Length)
        {
            if (StartsWithMx(text[start..]) && (start = ParsePlainMxLines(start)) == text.Length)
            {
                break;
            }

            // The search costs more than all else that an empty line takes.
            int length = CodeUnits.Is(text[start], '\n') ? 0 : text[start..].IndexOf(T.CreateTruncating('\n'));
            int lineFeed = length < 0 ? text.Length : start + length;
            int end = length > 0 && CodeUnits.Is(text[lineFeed - 1], '\r') ? lineFeed - 1 : lineFeed;
            if (!ParseLine(start, end))
            {
                _badLine = start..end;
                return false;
            }

            start = lineFeed + 1;
        }

        return (_hasVersion || FailAtEnd(ParseErrorCode.MissingVersion))
            && (_mode is not null || FailAtEnd(ParseErrorCode.MissingMode))
            && (_mx.Count > 0 || _mode is PolicyMode.None || FailAtEnd(ParseErrorCode.MissingMx))
            && (_maxAge is not null || FailAtEnd(ParseErrorCode.MissingMaxAge));
    }

    private readonly int ByteOrderMarkLength() => typeof(T) == typeof(byte)
        ? (MemoryMarshal.Cast<T, byte>(_text).StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0)
        : (MemoryMarshal.Cast<T, char>(_text) is ['\uFEFF', ..] ? 1 : 0);

    /// <summary>
    /// Parses consecutive lines like <c>mx: mail.example.com</c>, as long as they contain nothing else.
    /// </summary>
    /// <param name="start">The start of a line for which <see cref="StartsWithMx"/> is true.</param>
    /// <returns>
    /// The start of the first line that <see cref="ParseLine"/> has to parse, or the length of the text.
    /// </returns>
    /// <remarks>
    /// Most lines of a long file are such lines. Validating a name finds the end of its line, so no separate search for
    /// line feeds is needed: without this method, 64 KiB take 63% longer.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: has registers of its own.
    private int ParsePlainMxLines(int start)
    {
        ReadOnlySpan<T> text = _text;
        do
        {
            ReadOnlySpan<T> rest = text[(start + "mx: ".Length)..];
            if (!MxPatternSyntax.TryParsePrefix(rest, _mx.NextText, out bool isWildcard, out int length))
            {
                break;
            }

            int lineFeed = isWildcard ? length + 1 : length;
            if (CodeUnits.Is(rest[lineFeed], '\r'))
            {
                lineFeed++;
            }

            if (lineFeed == rest.Length || !CodeUnits.Is(rest[lineFeed], '\n'))
            {
                break;
            }

            _mx.Add(isWildcard, length);
            start += "mx: ".Length + lineFeed + 1;
        }
        while (StartsWithMx(text[start..]));

        return start;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line, with registers of its own: a long file takes 10% less time.
    private bool ParseLine(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        while (end > start && CodeUnits.IsWhitespace(text[end - 1]))
        {
            end--;
        }

        // One comparison per name with its colon: without this, a policy takes 17% longer.
        ulong word = CodeUnits.ReadWord(text, start, Math.Min(end, start + Keywords.MaxLength));
        return (word & Keywords.ModeColonMask) == Keywords.ModeColon ? ParseMode(start + "mode:".Length, end)
            : word == Keywords.VersionColon ? ParseVersion(start + "version:".Length, end)
            : word == Keywords.MaxAgeColon ? ParseMaxAge(start + "max_age:".Length, end)
            : ParseOtherLine(start, end);
    }

    private bool ParseOtherLine(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        int first = CodeUnits.SkipWhitespace(text, start, end);
        if (first == end)
        {
            _deviations |= Deviations.BlankLine;
            return true;
        }

        if (CodeUnits.Is(text[first], '#'))
        {
            _deviations |= Deviations.Comment;
            return !InvalidCharacters.TryFind(text[first..end], out _, out _);
        }

        int nameEnd = first + CharacterSet.FieldName.PrefixLength(text[first..end]);
        int colon = CodeUnits.SkipWhitespace(text, nameEnd, end);
        if (colon == end || !CodeUnits.Is(text[colon], ':'))
        {
            return FailMissingName(first, end);
        }

        _deviations |= first != start || colon != nameEnd ? Deviations.Whitespace : Deviations.None;
        int value = colon + 1;
        ulong name = CodeUnits.ReadWord(text, first, nameEnd);
        return name == Keywords.Mx ? ParseMx(value, end)
            : name == Keywords.Version ? ParseVersion(value, end)
            : name == Keywords.Mode ? ParseMode(value, end)
            : name == Keywords.MaxAge ? ParseMaxAge(value, end)
            : ParseExtension(first, nameEnd, value, end);
    }

    // Of the next three, only the first field of its name counts; later ones need only be well-formed.
    private bool ParseVersion(int start, int end)
    {
        int value = CodeUnits.SkipWhitespace(_text, start, end);
        if (_hasVersion)
        {
            return ParseValue(value, end);
        }

        _hasVersion = true;
        return CodeUnits.ReadWord(_text, value, end) == Keywords.StsV1 || Fail(ParseErrorCode.UnsupportedVersion, value, end);
    }

    private bool ParseMode(int start, int end)
    {
        int value = CodeUnits.SkipWhitespace(_text, start, end);
        if (_mode is not null)
        {
            return ParseValue(value, end);
        }

        ulong mode = CodeUnits.ReadWord(_text, value, end);
        _mode = mode == Keywords.Enforce ? PolicyMode.Enforce
            : mode == Keywords.Testing ? PolicyMode.Testing
            : mode == Keywords.None ? PolicyMode.None
            : null;
        return _mode is not null || Fail(ParseErrorCode.InvalidMode, value, end);
    }

    private bool ParseMaxAge(int start, int end)
    {
        int value = CodeUnits.SkipWhitespace(_text, start, end);
        if (_maxAge is not null)
        {
            return ParseValue(value, end);
        }

        ReadOnlySpan<T> digits = _text[value..end];
        if (digits.Length is 0 or > MaxAgeDigits)
        {
            return Fail(ParseErrorCode.InvalidMaxAge, value, end);
        }

        // Not by the framework's parser, which accepts NUL at the end.
        ulong seconds = 0;
        foreach (T unit in digits)
        {
            uint digit = uint.CreateTruncating(unit) - '0';
            if (digit > 9)
            {
                return Fail(ParseErrorCode.InvalidMaxAge, value, end);
            }

            seconds = (seconds * 10) + digit;
        }

        _deviations |= seconds > Policy.MaxAgeLimit ? Deviations.MaxAgeCapped : Deviations.None;
        _maxAge = (uint)Math.Min(seconds, Policy.MaxAgeLimit);
        return true;
    }

    private bool ParseMx(int start, int end)
    {
        start = CodeUnits.SkipWhitespace(_text, start, end);

        // The dot of "*." is not that of the root.
        if (end - start > 1 && CodeUnits.Is(_text[end - 1], '.') && !CodeUnits.Is(_text[end - 2], '*'))
        {
            _deviations |= Deviations.TrailingDot;
            end--;
        }

        ReadOnlySpan<T> pattern = _text[start..end];
        if (!MxPatternSyntax.TryParse(pattern, _mx.NextText, out bool isWildcard, out int length))
        {
            (ParseErrorCode code, Range place) = MxPatternSyntax.Check(pattern);
            return Fail(code, start + place.Start.Value, start + place.End.Value);
        }

        _mx.Add(isWildcard, length);
        return true;
    }

    private bool ParseExtension(int start, int nameEnd, int value, int end)
    {
        value = CodeUnits.SkipWhitespace(_text, value, end);
        ReadOnlySpan<T> name = _text[start..nameEnd];
        if (!ExtensionFields.IsName(name))
        {
            return Fail(ParseErrorCode.InvalidFieldName, start, Math.Max(nameEnd, start + 1));
        }

        if (!ParseValue(value, end))
        {
            return false;
        }

        _extensions.Add(CodeUnits.ToString(name), _text[value..end]);
        return true;
    }

    private bool ParseValue(int start, int end)
    {
        ReadOnlySpan<T> text = _text[start..end];
        int tab = text.IndexOf(T.CreateTruncating('\t'));
        return text.IsEmpty ? Fail(ParseErrorCode.InvalidFieldValue, start, end)
            : tab >= 0 ? Fail(ParseErrorCode.ControlCharacter, start + tab, start + tab + 1)
            : !InvalidCharacters.TryFind(text, out _, out _);
    }

    private bool FailMissingName(int start, int end)
    {
        int colon = _text[start..end].IndexOf(T.CreateTruncating(':'));
        return colon < 0
            ? Fail(ParseErrorCode.MissingSeparator, start, end)
            : Fail(ParseErrorCode.InvalidFieldName, start, start + colon);
    }

    private bool FailAtEnd(ParseErrorCode code) => Fail(code, _text.Length, _text.Length);

    private bool Fail(ParseErrorCode code, int start, int end)
    {
        _code = code;
        _place = start..end;
        return false;
    }

    /// <summary>Replaces the error of a bad line by its first invalid character, which is usually the cause.</summary>
    private void PreferInvalidCharacter()
    {
        int start = _badLine.Start.Value;
        if (InvalidCharacters.TryFind(_text[_badLine], out ParseErrorCode code, out Range place))
        {
            Fail(code, start + place.Start.Value, start + place.End.Value);
        }
    }

    private readonly Policy ToPolicy() => new(_mode!.Value, _maxAge!.Value, new(_mx.ToTable()), _extensions.ToList(), _deviations);
}
