using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Reads a TXT record, RFC 8461, Section 3.1, from bytes or from UTF-16 units.</summary>
/// <remarks>
/// <code>
/// sts-text-record = sts-version 1*(sts-field-delim sts-field) [sts-field-delim]
/// sts-field       = sts-id / sts-extension
/// sts-field-delim = *WSP ";" *WSP
/// sts-version     = %s"v=STSv1"
/// sts-id          = %s"id=" 1*32(ALPHA / DIGIT)
/// sts-extension   = sts-ext-name "=" sts-ext-value
/// sts-ext-name    = (ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")
/// sts-ext-value   = 1*(%x21-3A / %x3C / %x3E-7E)
/// </code>
/// <para>Nothing is tolerated, as a malformed record MUST count as none. An <c>id</c> that is no sts-id would be an sts-extension by the
/// letter; but the first field of that name is the one that counts, and so it must be an sts-id.</para>
/// </remarks>
internal ref struct RecordParser<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ReadOnlySpan<T> _text;

    private int _position;
    private string? _id;
    private ExtensionFields _extensions;

    private ParseErrorCode _code;
    private Range _place;

    private RecordParser(ReadOnlySpan<T> text) => _text = text;

    /// <summary>Reads a text; null if it is no record.</summary>
    public static StsRecord? Parse(ReadOnlySpan<T> text)
    {
        RecordParser<T> parser = new(text);
        return parser.ReadRecord() ? parser.ToRecord() : null;
    }

    /// <summary>Reads a text, and tells what is wrong with one that is no record.</summary>
    public static StsRecord? Parse(ReadOnlySpan<T> text, out ParseError error)
    {
        RecordParser<T> parser = new(text);
        if (parser.ReadRecord())
        {
            error = default;
            return parser.ToRecord();
        }

        parser.PreferInvalidCharacter();
        ParseError.InLine(parser._code, text, parser._place, out error);
        return null;
    }

    /// <summary>Whether the text is the value of an sts-id.</summary>
    public static bool IsId(ReadOnlySpan<T> value) =>
        value.Length is > 0 and <= StsRecord.MaxIdLength && CharacterSet.LetterOrDigit.PrefixLength(value) == value.Length;

    [MethodImpl(MethodImplOptions.NoInlining)] // Inlined in both its callers, it would make their frames larger.
    private bool ReadRecord()
    {
        _position = "v=STSv1".Length;
        if ((CodeUnits.ReadWord(_text, 0, Math.Min(_text.Length, _position)) != Keywords.StsVersion) || !TrySkipDelimiter())
        {
            return Fail(ParseErrorCode.NotAnStsRecord, 0, _text.Length);
        }

        while (_position < _text.Length)
        {
            if (!ReadField())
            {
                return false;
            }

            if (_position < _text.Length && !TrySkipDelimiter())
            {
                return Fail(ParseErrorCode.InvalidFieldValue, _position, _text.Length);
            }
        }

        return _id is not null || Fail(ParseErrorCode.MissingId, _text.Length, _text.Length);
    }

    private bool TrySkipDelimiter()
    {
        int semicolon = CodeUnits.SkipBlanks(_text, _position, _text.Length);
        if (semicolon == _text.Length || !CodeUnits.Is(_text[semicolon], ';'))
        {
            return false;
        }

        _position = CodeUnits.SkipBlanks(_text, semicolon + 1, _text.Length);
        return true;
    }

    private bool ReadField()
    {
        ReadOnlySpan<T> text = _text;
        int start = _position;
        if (_id is null && CodeUnits.ReadWord(text, start, Math.Min(text.Length, start + 3)) == Keywords.IdEquals)
        {
            return ReadId(start + 3);
        }

        return ReadExtension(start);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Most records have none, and what is inlined would slow the way of those.
    private bool ReadExtension(int start)
    {
        ReadOnlySpan<T> text = _text;
        int nameEnd = start + CharacterSet.FieldName.PrefixLength(text[start..]);
        ReadOnlySpan<T> name = text[start..nameEnd];
        if (nameEnd == text.Length || !CodeUnits.Is(text[nameEnd], '='))
        {
            return FailMissingName(start);
        }

        if (!ExtensionFields.IsName(name))
        {
            return Fail(ParseErrorCode.InvalidFieldName, start, Math.Max(nameEnd, start + 1));
        }

        int valueStart = nameEnd + 1;
        int valueEnd = valueStart + CharacterSet.RecordValue.PrefixLength(text[valueStart..]);
        if (valueEnd == valueStart)
        {
            return Fail(ParseErrorCode.InvalidFieldValue, valueStart, text.Length);
        }

        // Only the first field of a name counts. "v" has been, and so has "id" if it comes here.
        _position = valueEnd;
        if (!CodeUnits.Is(name, "id"u8) && !CodeUnits.Is(name, "v"u8))
        {
            _extensions.Add(CodeUnits.ToString(name), text[valueStart..valueEnd]);
        }

        return true;
    }

    private bool ReadId(int start)
    {
        ReadOnlySpan<T> text = _text;
        int length = CharacterSet.LetterOrDigit.PrefixLength(text[start..]);
        int end = start + length;
        int valueEnd = end < text.Length ? end + CharacterSet.RecordValue.PrefixLength(text[end..]) : end;
        if (length is 0 or > StsRecord.MaxIdLength || valueEnd != end)
        {
            return Fail(ParseErrorCode.InvalidId, start, valueEnd);
        }

        _id = CodeUnits.ToString(text.Slice(start, length));
        _position = end;
        return true;
    }

    private bool FailMissingName(int start)
    {
        ReadOnlySpan<T> field = _text[start..];
        int end = field.IndexOf(T.CreateTruncating(';'));
        if (end >= 0)
        {
            field = field[..end];
        }

        int equals = field.IndexOf(T.CreateTruncating('='));
        return field.IsEmpty ? Fail(ParseErrorCode.EmptyField, start, start + 1)
            : equals < 0 ? Fail(ParseErrorCode.MissingSeparator, start, start + field.Length)
            : Fail(ParseErrorCode.InvalidFieldName, start, start + equals);
    }

    private bool Fail(ParseErrorCode code, int start, int end)
    {
        _code = code;
        _place = start..end;
        return false;
    }

    private readonly StsRecord ToRecord() => new(_id!, _extensions.ToList());

    /// <summary>Blames a bad record on what no record may hold, if it holds that. A text that is some other record is not held to the characters of this one.</summary>
    private void PreferInvalidCharacter()
    {
        if (_code is not ParseErrorCode.NotAnStsRecord && InvalidCharacters.TryFind(_text, out ParseErrorCode code, out Range place))
        {
            _code = code;
            _place = place;
        }
    }
}
