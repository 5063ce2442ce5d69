using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>Reads a policy file, RFC 8461, Section 3.2, from bytes or from UTF-16 units.</summary>
/// <remarks>
/// <para>The grammar, with what errata and the published RFC change (6253, 7282, and the terms that are fields):</para>
/// <code>
/// sts-policy-record      = sts-policy-field *WSP *(sts-policy-term sts-policy-field *WSP) [sts-policy-term]
/// sts-policy-field       = version / mode / max_age (each once) / mx (at least once, except when mode is "none") / extension
/// sts-policy-field-delim = ":" *WSP
/// sts-policy-ext-name    = sts-policy-alphanum *31(sts-policy-alphanum / "_" / "-" / ".")
/// sts-policy-ext-value   = sts-policy-vchar [*(%x20 / sts-policy-vchar) sts-policy-vchar]
/// sts-policy-vchar       = %x21-7E / UTF8-2 / UTF8-3 / UTF8-4
/// sts-policy-term        = LF / CRLF
/// </code>
/// <para>What is tolerated beyond that is <see cref="Deviations"/>. One pass over the text validates the patterns and copies them to memory that is
/// given back; from there they go into one array of the right size, so that nothing keeps the caller's text in memory.</para>
/// </remarks>
internal ref struct PolicyParser<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private const int MaxAgeDigits = 10;
    private const int PatternsOnStack = 32;
    private const int TextOnStack = 512;

    private readonly ReadOnlySpan<T> _text;

    private Deviations _deviations;
    private bool _hasVersion;
    private PolicyMode? _mode;
    private uint? _maxAge;
    private MxPatternSet.Builder _mx;
    private ExtensionList _extensions;

    private ParseErrorCode _code;
    private Range _place;
    private Range _badLine; // Empty if nothing but the end of the text is wrong.

    private PolicyParser(ReadOnlySpan<T> text, Span<MxEntry> entries, Span<byte> texts)
    {
        _text = text;
        _mx = new(entries, texts, text.Length);
    }

    /// <summary>Reads a text that is within <see cref="Policy.MaxSize"/>; null if it is no policy.</summary>
    public static Policy? Parse(ReadOnlySpan<T> text)
    {
        PolicyParser<T> parser = new(text, stackalloc MxEntry[PatternsOnStack], stackalloc byte[TextOnStack]);
        Policy? policy = parser.ReadFile() ? parser.ToPolicy() : null;
        parser._mx.Return();
        return policy;
    }

    /// <summary>Reads a text that is within <see cref="Policy.MaxSize"/>, and tells what is wrong with one that is no policy.</summary>
    public static Policy? Parse(ReadOnlySpan<T> text, out ParseError error)
    {
        PolicyParser<T> parser = new(text, stackalloc MxEntry[PatternsOnStack], stackalloc byte[TextOnStack]);
        Policy? policy = null;
        if (parser.ReadFile())
        {
            policy = parser.ToPolicy();
            error = default;
        }
        else
        {
            parser.PreferInvalidCharacter();
            ParseError.InFile(parser._code, text, parser._place, out error);
        }

        parser._mx.Return();
        return policy;
    }

    private bool ReadFile()
    {
        int start = ByteOrderMarkLength();
        if (start > 0)
        {
            _deviations = Deviations.ByteOrderMark;
        }

        ReadOnlySpan<T> text = _text;
        LineFeeds lineFeeds = default;
        while (start < text.Length)
        {
            if (StartsWithMx(text[start..]))
            {
                start = ReadPlainMxLines(start);
                if (start == text.Length)
                {
                    break;
                }

                lineFeeds.SkipTo(start);
            }

            int lineFeed = lineFeeds.Next(text);
            bool endsInCarriageReturn = lineFeed < text.Length && lineFeed > start && CodeUnits.Is(text[lineFeed - 1], '\r');
            int end = endsInCarriageReturn ? lineFeed - 1 : lineFeed;
            if (!ReadLine(start, end))
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

    private static bool StartsWithMx(ReadOnlySpan<T> line) => typeof(T) == typeof(byte)
        ? MemoryMarshal.Cast<T, byte>(line).StartsWith("mx: "u8)
        : MemoryMarshal.Cast<T, char>(line).StartsWith("mx: ");

    private readonly int ByteOrderMarkLength()
    {
        if (typeof(T) == typeof(byte))
        {
            return CodeUnits.StartsWith(_text, "\uFEFF"u8) ? 3 : 0;
        }

        return !_text.IsEmpty && CodeUnits.Is(_text[0], '\uFEFF') ? 1 : 0;
    }

    /// <summary>Reads lines like <c>mx: mail.example.com</c> as long as they stand there one after another, and are nothing but that.</summary>
    /// <param name="start">The start of a line that <see cref="StartsWithMx"/>.</param>
    /// <returns>The start of the first line that has to be read in the usual way; or the length of the text.</returns>
    /// <remarks>
    /// A long file is made of such lines. The end of each is found by what is asked of its characters anyway, so that nobody has to look for line
    /// feeds: that takes a third less time.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)] // With registers of its own.
    private int ReadPlainMxLines(int start)
    {
        ReadOnlySpan<T> text = _text;
        do
        {
            ReadOnlySpan<T> rest = text[(start + "mx: ".Length)..];
            if (!MxPatternSyntax.TryReadStart(rest, _mx.NextText, out bool isWildcard, out int length))
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

    [MethodImpl(MethodImplOptions.NoInlining)] // With registers of its own: a long file takes a tenth less time.
    private bool ReadLine(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        while (end > start && CodeUnits.IsBlank(text[end - 1]))
        {
            end--;
        }

        if (end - start <= "mx:".Length)
        {
            return ReadOtherLine(start, end);
        }

        // The names that the RFC knows, with their colons, are told apart at a glance. Whatever else stands there is looked at piece by piece.
        ulong word = CodeUnits.ReadWord(text, start, Math.Min(end, start + Keywords.MaxLength));
        return (word & Keywords.ModeColonMask) == Keywords.ModeColon ? ReadMode(start + "mode:".Length, end)
            : word == Keywords.VersionColon ? ReadVersion(start + "version:".Length, end)
            : word == Keywords.MaxAgeColon ? ReadMaxAge(start + "max_age:".Length, end)
            : (word & Keywords.MxColonMask) == Keywords.MxColon ? ReadMx(start + "mx:".Length, end)
            : ReadOtherLine(start, end);
    }

    private bool ReadOtherLine(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        int first = CodeUnits.SkipBlanks(text, start, end);
        if (first == end)
        {
            _deviations |= Deviations.BlankLine;
            return true;
        }

        if (CodeUnits.Is(text[first], '#'))
        {
            _deviations |= Deviations.Comment;
            return !CodeUnits.TryFindInvalidCharacter(text[first..end], out _, out _);
        }

        if (first != start)
        {
            _deviations |= Deviations.Whitespace;
        }

        return ReadOtherField(first, end);
    }

    private bool ReadOtherField(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        int nameEnd = start + CharacterSet.FieldName.PrefixLength(text[start..end]);
        int colon = CodeUnits.SkipBlanks(text, nameEnd, end);
        if (colon == end || !CodeUnits.Is(text[colon], ':'))
        {
            return FailMissingName(start, end);
        }

        if (colon != nameEnd)
        {
            _deviations |= Deviations.Whitespace;
        }

        int value = colon + 1;
        ulong name = CodeUnits.ReadWord(text, start, nameEnd);
        return name == Keywords.Mx ? ReadMx(value, end)
            : name == Keywords.Version ? ReadVersion(value, end)
            : name == Keywords.Mode ? ReadMode(value, end)
            : name == Keywords.MaxAge ? ReadMaxAge(value, end)
            : ReadExtension(start, nameEnd, value, end);
    }

    // Of these three, only the first field of its name counts; the others need only be well formed.
    private bool ReadVersion(int start, int end)
    {
        int value = CodeUnits.SkipBlanks(_text, start, end);
        if (_hasVersion)
        {
            return ReadValue(value, end);
        }

        _hasVersion = true;
        return CodeUnits.ReadWord(_text, value, end) == Keywords.StsV1 || Fail(ParseErrorCode.UnsupportedVersion, value, end);
    }

    private bool ReadMode(int start, int end)
    {
        int value = CodeUnits.SkipBlanks(_text, start, end);
        if (_mode is not null)
        {
            return ReadValue(value, end);
        }

        ulong mode = CodeUnits.ReadWord(_text, value, end);
        _mode = mode == Keywords.Enforce ? PolicyMode.Enforce
            : mode == Keywords.Testing ? PolicyMode.Testing
            : mode == Keywords.None ? PolicyMode.None
            : null;
        return _mode is not null || Fail(ParseErrorCode.InvalidMode, value, end);
    }

    private bool ReadMaxAge(int start, int end)
    {
        int value = CodeUnits.SkipBlanks(_text, start, end);
        if (_maxAge is not null)
        {
            return ReadValue(value, end);
        }

        ReadOnlySpan<T> digits = _text[value..end];
        if (digits.Length is 0 or > MaxAgeDigits)
        {
            return Fail(ParseErrorCode.InvalidMaxAge, value, end);
        }

        // By hand, because the framework's parser lets NUL stand at the end.
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

        if (seconds > Policy.MaxAgeLimit)
        {
            _deviations |= Deviations.MaxAgeCapped;
            seconds = Policy.MaxAgeLimit;
        }

        _maxAge = (uint)seconds;
        return true;
    }

    private bool ReadMx(int start, int end)
    {
        start = CodeUnits.SkipBlanks(_text, start, end);

        // The dot of "*." is not that of the root.
        if (end - start > 1 && CodeUnits.Is(_text[end - 1], '.') && !CodeUnits.Is(_text[end - 2], '*'))
        {
            _deviations |= Deviations.TrailingDot;
            end--;
        }

        ReadOnlySpan<T> pattern = _text[start..end];
        if (!MxPatternSyntax.TryRead(pattern, _mx.NextText, out bool isWildcard, out int length))
        {
            (ParseErrorCode code, Range place) = MxPatternSyntax.Check(pattern);
            return Fail(code, start + place.Start.Value, start + place.End.Value);
        }

        _mx.Add(isWildcard, length);
        return true;
    }

    private bool ReadExtension(int start, int nameEnd, int value, int end)
    {
        value = CodeUnits.SkipBlanks(_text, value, end);
        ReadOnlySpan<T> name = _text[start..nameEnd];
        if (!ExtensionList.IsName(name))
        {
            return Fail(ParseErrorCode.InvalidFieldName, start, Math.Max(nameEnd, start + 1));
        }

        if (!ReadValue(value, end))
        {
            return false;
        }

        _extensions.Add(CodeUnits.ToString(name), _text[value..end]);
        return true;
    }

    private bool ReadValue(int start, int end)
    {
        ReadOnlySpan<T> text = _text[start..end];
        if (text.IsEmpty)
        {
            return Fail(ParseErrorCode.InvalidFieldValue, start, end);
        }

        int rest = CharacterSet.Printable.PrefixLength(text);
        int tab = text.IndexOf(T.CreateTruncating('\t'));
        if (tab >= 0)
        {
            return Fail(ParseErrorCode.ControlCharacter, start + tab, start + tab + 1);
        }

        return !CodeUnits.TryFindInvalidCharacter(text[rest..], out _, out _);
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

    /// <summary>Blames a bad line on what no line may hold, if it holds that.</summary>
    private void PreferInvalidCharacter()
    {
        int start = _badLine.Start.Value;
        if (CodeUnits.TryFindInvalidCharacter(_text[_badLine], out ParseErrorCode code, out Range place))
        {
            Fail(code, start + place.Start.Value, start + place.End.Value);
        }
    }

    private readonly Policy ToPolicy() => new(_mode!.Value, _maxAge!.Value, _mx.ToTable(), _extensions.ToList(), _deviations);
}
