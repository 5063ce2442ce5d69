using System.Numerics;
using System.Runtime.CompilerServices;

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
/// <para>What is tolerated beyond that is <see cref="Deviations"/>. One pass over the text finds the patterns; a second one over the patterns
/// alone copies them into an array of the right size, so that nothing keeps the caller's text in memory.</para>
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
    private MxTable.Builder _mx;
    private ExtensionList _extensions;

    private ParseErrorCode _code;
    private Range _place;

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
        bool valid = parser.ReadFile();
        Policy? policy = valid ? parser.ToPolicy() : null;
        error = valid ? default : ParseError.InFile(parser._code, text, parser._place);
        parser._mx.Return();
        return policy;
    }

    private bool ReadFile()
    {
        int start = ByteOrderMarkLength();
        if (start > 0)
        {
            _deviations |= Deviations.ByteOrderMark;
        }

        ReadOnlySpan<T> text = _text;
        LineFeeds lineFeeds = default;
        while (start < text.Length)
        {
            int lineFeed = lineFeeds.Next(text);
            bool endsInCarriageReturn = lineFeed < text.Length && lineFeed > start && TextUnits.Is(text[lineFeed - 1], '\r');
            int end = endsInCarriageReturn ? lineFeed - 1 : lineFeed;
            if (!ReadLine(start, end))
            {
                PreferFault(start, end);
                return false;
            }

            start = lineFeed + 1;
        }

        return (_hasVersion || FailAtEnd(ParseErrorCode.MissingVersion))
            && (_mode is not null || FailAtEnd(ParseErrorCode.MissingMode))
            && (_mx.Count > 0 || _mode is PolicyMode.None || FailAtEnd(ParseErrorCode.MissingMx))
            && (_maxAge is not null || FailAtEnd(ParseErrorCode.MissingMaxAge));
    }

    private readonly int ByteOrderMarkLength()
    {
        if (typeof(T) == typeof(byte))
        {
            return TextUnits.StartsWith(_text, "\uFEFF"u8) ? 3 : 0;
        }

        return !_text.IsEmpty && TextUnits.Is(_text[0], '\uFEFF') ? 1 : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // With registers of its own: a long file takes a tenth less time.
    private bool ReadLine(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        while (end > start && TextUnits.IsBlank(text[end - 1]))
        {
            end--;
        }

        // Most lines are these, and the shortest way through them is what makes a long file fast.
        if (end - start > 3 && TextUnits.Is(text[start], 'm') && TextUnits.Is(text[start + 1], 'x') && TextUnits.Is(text[start + 2], ':'))
        {
            return ReadMx(TextUnits.SkipBlanks(text, start + 3, end), end);
        }

        int first = TextUnits.SkipBlanks(text, start, end);
        if (first == end)
        {
            _deviations |= Deviations.BlankLine;
            return true;
        }

        if (TextUnits.Is(text[first], '#'))
        {
            _deviations |= Deviations.Comment;
            return !TextUnits.TryFindFault(text[first..end], out _, out _);
        }

        if (first != start)
        {
            _deviations |= Deviations.Whitespace;
        }

        return ReadField(first, end);
    }

    private bool ReadField(int start, int end)
    {
        ReadOnlySpan<T> text = _text;
        int nameEnd = FindNameEnd(start, end);
        int colon = TextUnits.SkipBlanks(text, nameEnd, end);
        if (colon == end || !TextUnits.Is(text[colon], ':'))
        {
            return FailWithoutName(start, end);
        }

        if (colon != nameEnd)
        {
            _deviations |= Deviations.Whitespace;
        }

        int value = TextUnits.SkipBlanks(text, colon + 1, end);
        ulong name = TextUnits.ReadWord(text, start, nameEnd);
        if (name == Words.Mx)
        {
            return ReadMx(value, end);
        }

        // Only the first field of a name counts; the others need only be well formed.
        if (name == Words.Version)
        {
            return _hasVersion ? ReadValue(value, end) : ReadVersion(value, end);
        }

        if (name == Words.Mode)
        {
            return _mode is null ? ReadMode(value, end) : ReadValue(value, end);
        }

        if (name == Words.MaxAge)
        {
            return _maxAge is null ? ReadMaxAge(value, end) : ReadValue(value, end);
        }

        return ReadExtension(start, nameEnd, value, end);
    }

    // The names that the RFC knows are found at a glance; for others a set is searched.
    private readonly int FindNameEnd(int start, int end)
    {
        ulong word = TextUnits.ReadWord(_text, start, Math.Min(end, start + Words.MaxLength));
        return (word & Words.ModeColonMask) == Words.ModeColon ? start + 4
            : word == Words.VersionColon || word == Words.MaxAgeColon ? start + 7
            : start + CharacterSet.FieldName.PrefixLength(_text[start..end]);
    }

    private bool ReadVersion(int start, int end)
    {
        _hasVersion = true;
        return TextUnits.ReadWord(_text, start, end) == Words.StsV1 || Fail(ParseErrorCode.UnsupportedVersion, start, end);
    }

    private bool ReadMode(int start, int end)
    {
        ulong mode = TextUnits.ReadWord(_text, start, end);
        _mode = mode == Words.Enforce ? PolicyMode.Enforce
            : mode == Words.Testing ? PolicyMode.Testing
            : mode == Words.None ? PolicyMode.None
            : null;
        return _mode is not null || Fail(ParseErrorCode.InvalidMode, start, end);
    }

    private bool ReadMaxAge(int start, int end)
    {
        ReadOnlySpan<T> digits = _text[start..end];
        if (digits.Length is 0 or > MaxAgeDigits)
        {
            return Fail(ParseErrorCode.InvalidMaxAge, start, end);
        }

        // By hand, because the framework's parser lets NUL stand at the end.
        ulong seconds = 0;
        foreach (T unit in digits)
        {
            uint digit = uint.CreateTruncating(unit) - '0';
            if (digit > 9)
            {
                return Fail(ParseErrorCode.InvalidMaxAge, start, end);
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
        // The dot of "*." is not that of the root.
        if (end - start > 1 && TextUnits.Is(_text[end - 1], '.') && !TextUnits.Is(_text[end - 2], '*'))
        {
            _deviations |= Deviations.TrailingDot;
            end--;
        }

        ReadOnlySpan<T> pattern = _text[start..end];
        if (!MxGrammar.TryCopyLower(pattern, _mx.NextText, out bool isWildcard, out int length))
        {
            (ParseErrorCode code, Range place) = MxGrammar.Check(pattern);
            return Fail(code, start + place.Start.Value, start + place.End.Value);
        }

        _mx.Add(isWildcard, length);
        return true;
    }

    private bool ReadExtension(int start, int nameEnd, int value, int end)
    {
        ReadOnlySpan<T> name = _text[start..nameEnd];
        if (!ExtensionList.IsName(name))
        {
            return Fail(ParseErrorCode.InvalidFieldName, start, Math.Max(nameEnd, start + 1));
        }

        if (!ReadValue(value, end))
        {
            return false;
        }

        _extensions.Add(TextUnits.ToString(name), _text[value..end]);
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

        return !TextUnits.TryFindFault(text[rest..], out _, out _);
    }

    private bool FailWithoutName(int start, int end)
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
    private void PreferFault(int start, int end)
    {
        if (TextUnits.TryFindFault(_text[start..end], out ParseErrorCode code, out Range place))
        {
            Fail(code, start + place.Start.Value, start + place.End.Value);
        }
    }

    private readonly Policy ToPolicy() => new(_mode!.Value, _maxAge!.Value, _mx.ToTable(), _extensions.ToList(), _deviations);
}
