using System.Buffers;
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

    private readonly ReadOnlySpan<T> _text;
    private LineFeeds<T> _lineFeeds;

    private Deviations _deviations;
    private bool _hasVersion;
    private PolicyMode? _mode;
    private uint? _maxAge;
    private MxList _mx;
    private ExtensionList _extensions;

    private ParseErrorCode _code;
    private Range _place;

    private PolicyParser(ReadOnlySpan<T> text, Span<uint> scratch)
    {
        _text = text;
        _lineFeeds = new(text);
        _mx = new(scratch);
    }

    /// <summary>Reads a text that is within <see cref="Policy.MaxSize"/>.</summary>
    public static bool TryParse(ReadOnlySpan<T> text, out Policy? policy, out ParseError error)
    {
        PolicyParser<T> parser = new(text, stackalloc uint[32]);
        bool valid = parser.ReadFile();
        policy = valid ? parser.ToPolicy() : null;
        error = valid ? default : ParseError.InFile(parser._code, text, parser._place);
        parser._mx.Return();
        return valid;
    }

    private bool ReadFile()
    {
        int start = ByteOrderMarkLength();
        if (start > 0)
        {
            _deviations |= Deviations.ByteOrderMark;
        }

        while (start < _text.Length)
        {
            int lineFeed = _lineFeeds.Next();
            bool endsInCarriageReturn = lineFeed < _text.Length && lineFeed > start && TextUnits.Is(_text[lineFeed - 1], '\r');
            int end = endsInCarriageReturn ? lineFeed - 1 : lineFeed;
            if (!ReadLine(start, end))
            {
                PreferFault(start, end);
                return false;
            }

            start = lineFeed + 1;
        }

        return (_hasVersion || Fail(ParseErrorCode.MissingVersion, _text.Length.._text.Length))
            && (_mode is not null || Fail(ParseErrorCode.MissingMode, _text.Length.._text.Length))
            && (_mx.Count > 0 || _mode is PolicyMode.None || Fail(ParseErrorCode.MissingMx, _text.Length.._text.Length))
            && (_maxAge is not null || Fail(ParseErrorCode.MissingMaxAge, _text.Length.._text.Length));
    }

    private readonly int ByteOrderMarkLength()
    {
        if (typeof(T) == typeof(byte))
        {
            return TextUnits.StartsWith(_text, "\uFEFF"u8) ? 3 : 0;
        }

        return !_text.IsEmpty && TextUnits.Is(_text[0], '\uFEFF') ? 1 : 0;
    }

    private bool ReadLine(int start, int end)
    {
        while (end > start && TextUnits.IsBlank(_text[end - 1]))
        {
            end--;
        }

        int first = TextUnits.SkipBlanks(_text[..end], start);
        if (first == end)
        {
            _deviations |= Deviations.BlankLine;
            return true;
        }

        if (TextUnits.Is(_text[first], '#'))
        {
            _deviations |= Deviations.Comment;
            return !TextUnits.TryFindFault(_text[first..end], out _, out _);
        }

        if (first != start)
        {
            _deviations |= Deviations.Whitespace;
        }

        return ReadField(first, end);
    }

    private bool ReadField(int start, int end)
    {
        int nameEnd = start + CharacterSet.FieldName.PrefixLength(_text[start..end]);
        int colon = TextUnits.SkipBlanks(_text[..end], nameEnd);
        if (colon == end || !TextUnits.Is(_text[colon], ':'))
        {
            return FailWithoutName(start, end);
        }

        if (colon != nameEnd)
        {
            _deviations |= Deviations.Whitespace;
        }

        Range value = TextUnits.SkipBlanks(_text[..end], colon + 1)..end;
        ReadOnlySpan<T> name = _text[start..nameEnd];
        if (TextUnits.Is(name, "mx"u8))
        {
            return ReadMx(value);
        }

        // Only the first field of a name counts; the others need only be well formed.
        if (TextUnits.Is(name, "version"u8))
        {
            return _hasVersion ? ReadValue(value) : ReadVersion(value);
        }

        if (TextUnits.Is(name, "mode"u8))
        {
            return _mode is null ? ReadMode(value) : ReadValue(value);
        }

        if (TextUnits.Is(name, "max_age"u8))
        {
            return _maxAge is null ? ReadMaxAge(value) : ReadValue(value);
        }

        return ReadExtension(start..nameEnd, value);
    }

    private bool ReadVersion(Range value)
    {
        _hasVersion = true;
        return TextUnits.Is(_text[value], "STSv1"u8) || Fail(ParseErrorCode.UnsupportedVersion, value);
    }

    private bool ReadMode(Range value)
    {
        ReadOnlySpan<T> mode = _text[value];
        _mode = TextUnits.Is(mode, "enforce"u8) ? PolicyMode.Enforce
            : TextUnits.Is(mode, "testing"u8) ? PolicyMode.Testing
            : TextUnits.Is(mode, "none"u8) ? PolicyMode.None
            : null;
        return _mode is not null || Fail(ParseErrorCode.InvalidMode, value);
    }

    private bool ReadMaxAge(Range value)
    {
        ReadOnlySpan<T> digits = _text[value];
        if (digits.Length is 0 or > MaxAgeDigits)
        {
            return Fail(ParseErrorCode.InvalidMaxAge, value);
        }

        // By hand, because the framework's parser lets NUL stand at the end.
        ulong seconds = 0;
        foreach (T unit in digits)
        {
            uint digit = uint.CreateTruncating(unit) - '0';
            if (digit > 9)
            {
                return Fail(ParseErrorCode.InvalidMaxAge, value);
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

    private bool ReadMx(Range value)
    {
        ReadOnlySpan<T> pattern = _text[value];
        int end = value.End.Value;
        if (pattern.Length > 1 && TextUnits.Is(pattern[^1], '.'))
        {
            _deviations |= Deviations.TrailingDot;
            pattern = pattern[..^1];
            end--;
        }

        if (!MxGrammar.TryParse(pattern, out _, out ReadOnlySpan<T> compared))
        {
            (ParseErrorCode code, Range place) = MxGrammar.Check(pattern);
            int start = value.Start.Value;
            return Fail(code, (start + place.Start.Value)..(start + place.End.Value));
        }

        _mx.Add(end - compared.Length, compared.Length);
        return true;
    }

    private bool ReadExtension(Range name, Range value)
    {
        ReadOnlySpan<T> text = _text[name];
        if (!ExtensionList.IsName(text))
        {
            return Fail(ParseErrorCode.InvalidFieldName, name.Start..Math.Max(name.End.Value, name.Start.Value + 1));
        }

        if (!ReadValue(value))
        {
            return false;
        }

        _extensions.Add(TextUnits.ToString(text), _text[value]);
        return true;
    }

    private bool ReadValue(Range value)
    {
        ReadOnlySpan<T> text = _text[value];
        if (text.IsEmpty)
        {
            return Fail(ParseErrorCode.InvalidFieldValue, value);
        }

        int rest = CharacterSet.Printable.PrefixLength(text);
        int tab = text.IndexOf(T.CreateTruncating('\t'));
        if (tab >= 0)
        {
            int place = value.Start.Value + tab;
            return Fail(ParseErrorCode.ControlCharacter, place..(place + 1));
        }

        return !TextUnits.TryFindFault(text[rest..], out _, out _);
    }

    private bool FailWithoutName(int start, int end)
    {
        int colon = _text[start..end].IndexOf(T.CreateTruncating(':'));
        return colon < 0
            ? Fail(ParseErrorCode.MissingSeparator, start..end)
            : Fail(ParseErrorCode.InvalidFieldName, start..(start + colon));
    }

    private bool Fail(ParseErrorCode code, Range place)
    {
        _code = code;
        _place = place;
        return false;
    }

    /// <summary>Blames a bad line on what no line may hold, if it holds that.</summary>
    private void PreferFault(int start, int end)
    {
        if (TextUnits.TryFindFault(_text[start..end], out ParseErrorCode code, out Range place))
        {
            Fail(code, (start + place.Start.Value)..(start + place.End.Value));
        }
    }

    private readonly Policy ToPolicy()
    {
        MxTable.Builder builder = new(_mx.Count, _mx.TextLength);
        for (int i = 0; i < _mx.Count; i++)
        {
            ReadOnlySpan<T> compared = _text.Slice(_mx.Start(i), _mx.Length(i));
            TextUnits.TryCopyLower(compared, builder.Add(TextUnits.Is(compared[0], '.'), compared.Length));
        }

        return new Policy(_mode!.Value, _maxAge!.Value, builder.ToTable(), _extensions.ToList(), _deviations);
    }

    /// <summary>Where in the text the patterns stand: a start of 16 bits, as the text is 65,536 units at most, and a length of 8.</summary>
    private ref struct MxList(Span<uint> scratch)
    {
        private Span<uint> _places = scratch;
        private uint[]? _rented;

        public int Count { get; private set; }

        public int TextLength { get; private set; }

        public readonly int Start(int index) => (int)(_places[index] >> 16);

        public readonly int Length(int index) => (int)(_places[index] & 0xFFFF);

        public void Add(int start, int length)
        {
            if (Count == _places.Length)
            {
                Grow();
            }

            _places[Count++] = ((uint)start << 16) | (uint)length;
            TextLength += length;
        }

        public readonly void Return()
        {
            if (_rented is not null)
            {
                ArrayPool<uint>.Shared.Return(_rented);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Grow()
        {
            uint[] larger = ArrayPool<uint>.Shared.Rent(_places.Length * 4);
            _places.CopyTo(larger);
            Return();
            _places = _rented = larger;
        }
    }
}
