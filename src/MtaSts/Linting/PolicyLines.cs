using System.Numerics;
using System.Text;

namespace MtaSts.Linting;

/// <summary>Enumerates the lines of a policy file, valid or not.</summary>
/// <remarks>
/// Rejects nothing, unlike <see cref="PolicyParser{T}"/>. For a valid policy both see the same fields and the same
/// deviations, except for those of values: <see cref="Deviations.TrailingDot"/> and
/// <see cref="Deviations.MaxAgeCapped"/>.
/// </remarks>
internal ref struct PolicyLines<T>
    where T : unmanaged, IBinaryInteger<T>
{
    private readonly ReadOnlySpan<T> _text;
    private int _number;
    private int _next;

    public PolicyLines(ReadOnlySpan<T> text)
    {
        _text = text;
        HasByteOrderMark = CodeUnits.TryDecode(text, out Rune first, out int length) && first.Value == '\uFEFF';
        _next = HasByteOrderMark ? length : 0;
    }

    public bool HasByteOrderMark { get; }

    public PolicyLine<T> Current { get; private set; }

    public bool MoveNext()
    {
        if (_next >= _text.Length)
        {
            return false;
        }

        int start = _next;
        int length = _text[start..].IndexOf(T.CreateTruncating('\n'));
        int lineFeed = length < 0 ? _text.Length : start + length;
        bool endsInCarriageReturn = lineFeed < _text.Length && lineFeed > start && CodeUnits.Is(_text[lineFeed - 1], '\r');
        _next = lineFeed + 1;
        _number++;
        Current = Parse(start, endsInCarriageReturn ? lineFeed - 1 : lineFeed);
        return true;
    }

    private readonly PolicyLine<T> Parse(int start, int end)
    {
        while (end > start && CodeUnits.IsWhitespace(_text[end - 1]))
        {
            end--;
        }

        ReadOnlySpan<T> text = _text[..end];
        int first = CodeUnits.SkipWhitespace(text, start, end);
        if (first == end)
        {
            return new() { Deviation = Deviations.BlankLine, DeviationPosition = At(start) };
        }

        if (CodeUnits.Is(text[first], '#'))
        {
            return new() { Deviation = Deviations.Comment, DeviationPosition = At(first) };
        }

        int nameEnd = first + CharacterSet.FieldName.PrefixLength(text[first..]);
        int colon = CodeUnits.SkipWhitespace(text, nameEnd, end);
        bool isField = colon < end && CodeUnits.Is(text[colon], ':');
        bool isSpaced = first != start || (isField && colon != nameEnd);
        int value = isField ? CodeUnits.SkipWhitespace(text, colon + 1, end) : end;
        return new()
        {
            Deviation = isSpaced ? Deviations.Whitespace : Deviations.None,
            DeviationPosition = At(first != start ? start : nameEnd),
            IsField = isField,
            Name = text[first..nameEnd],
            NamePosition = At(first),
            Value = text[value..],
            ValuePosition = At(value),
        };
    }

    private readonly TextPosition At(int offset) => new(_number, offset);
}
