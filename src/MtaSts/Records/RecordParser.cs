using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Parses a TXT record, RFC 8461 section 3.1, from bytes or from UTF-16 code units.</summary>
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
/// <para>Nothing is tolerated: an invalid record MUST be treated as if there were no record. By the grammar, an
/// <c>id</c> with another value is an sts-extension. But the first field of a name counts, so the first <c>id</c> must
/// be an sts-id.</para>
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

    /// <summary>Parses a text. Returns null and the first rule that it breaks if it is not a record.</summary>
    public static StsRecord? Parse(ReadOnlySpan<T> text, out ParseError error)
    {
        RecordParser<T> parser = new(text);
        if (parser.TryParseRecord())
        {
            error = default;
            return new(parser._id!, parser._extensions.ToList());
        }

        parser.CreateError(out error);
        return null;
    }

    /// <summary>Determines whether a text is the value of an sts-id.</summary>
    public static bool IsId(ReadOnlySpan<T> value) =>
        value.Length is > 0 and <= StsRecord.MaxIdLength && CharacterSet.LetterOrDigit.PrefixLength(value) == value.Length;

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: keeps the caller's frame small.
    private bool TryParseRecord()
    {
        _position = "v=STSv1".Length;
        if (CodeUnits.ReadWord(_text, 0, Math.Min(_text.Length, _position)) != Keywords.StsVersion || !TrySkipDelimiter())
        {
            return Fail(ParseErrorCode.NotAnStsRecord, 0, _text.Length);
        }

        while (_position < _text.Length)
        {
            if (!TryParseField())
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
        int semicolon = CodeUnits.SkipWhitespace(_text, _position, _text.Length);
        if (semicolon == _text.Length || !CodeUnits.Is(_text[semicolon], ';'))
        {
            return false;
        }

        _position = CodeUnits.SkipWhitespace(_text, semicolon + 1, _text.Length);
        return true;
    }

    private bool TryParseField()
    {
        ReadOnlySpan<T> text = _text;
        int start = _position;
        int valueStart = start + "id=".Length;
        return _id is null && CodeUnits.ReadWord(text, start, Math.Min(text.Length, valueStart)) == Keywords.IdEquals
            ? TryParseId(valueStart)
            : TryParseExtension(start);
    }

    private bool TryParseId(int start)
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

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: most records have no extension, and inlining slows those.
    private bool TryParseExtension(int start)
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

        // Only the first field of a name counts. "v" begins the record, and an "id" that gets here is not the first.
        _position = valueEnd;
        if (!CodeUnits.Is(name, "id"u8) && !CodeUnits.Is(name, "v"u8))
        {
            _extensions.Add(CodeUnits.ToString(name), text[valueStart..valueEnd]);
        }

        return true;
    }

    private bool FailMissingName(int start)
    {
        ReadOnlySpan<T> field = _text[start..];
        int end = field.IndexOf(T.CreateTruncating(';'));
        field = end < 0 ? field : field[..end];
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

    // An invalid character is usually the cause of the other error. Other records may hold any character.
    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: keeps the caller's frame small.
    private readonly void CreateError(out ParseError error)
    {
        (ParseErrorCode code, Range place) = (_code, _place);
        if (code is not ParseErrorCode.NotAnStsRecord && InvalidCharacters.TryFind(_text, out ParseErrorCode invalid, out Range found))
        {
            (code, place) = (invalid, found);
        }

        ParseError.InLine(code, _text, place, out error);
    }
}
