using System.Collections;
using System.Text;

namespace Consumer;

/// <summary>Calls the members of a type as generic code does: by the framework's interfaces and the members of every object.</summary>
internal static class Interfaces
{
    public static void CheckEquality<T>(T value, T same, T other)
        where T : IEquatable<T>
    {
        string type = typeof(T).Name;
        Check.That($"{type}: Equals", value.Equals(same) && !value.Equals(other));
        Check.That(
            $"{type}: Equals of an object",
            value.Equals((object)same) && !value.Equals((object)other) && !value.Equals("another type"));
        Check.That($"{type}: GetHashCode", value.GetHashCode() == same.GetHashCode());
    }

    public static void CheckText<T>(T value, string text) =>
        Check.That($"{typeof(T).Name}: ToString is \"{text}\"", value?.ToString() == text);

    public static void CheckParsing<T>(string text, string malformed)
        where T : IEquatable<T>, ISpanParsable<T>, IUtf8SpanParsable<T>
    {
        string type = typeof(T).Name;
        byte[] utf8Text = Encoding.UTF8.GetBytes(text);
        byte[] utf8Malformed = Encoding.UTF8.GetBytes(malformed);
        T value = T.Parse(text.AsSpan(), provider: null);

        Check.That($"{type}: IParsable", ParseString<T>(text).Equals(value) && TryParseString(text, out T? one) && value.Equals(one!));
        Check.That($"{type}: ISpanParsable", T.TryParse(text.AsSpan(), provider: null, out T? two) && value.Equals(two!));
        Check.That(
            $"{type}: IUtf8SpanParsable",
            T.Parse(utf8Text, provider: null).Equals(value) && T.TryParse(utf8Text, provider: null, out T? three) && value.Equals(three!));
        Check.That($"{type}: IParsable, malformed", !TryParseString<T>(malformed, out _) && !TryParseString<T>(null, out _));
        Check.That($"{type}: ISpanParsable, malformed", !T.TryParse(malformed.AsSpan(), provider: null, out _));
        Check.That($"{type}: IUtf8SpanParsable, malformed", !T.TryParse(utf8Malformed, provider: null, out _));
    }

    public static void CheckFormatting<T>(T value, string text)
        where T : ISpanFormattable, IUtf8SpanFormattable
    {
        string type = typeof(T).Name;
        Span<char> chars = new char[text.Length];
        Span<byte> bytes = new byte[Encoding.UTF8.GetByteCount(text)];

        Check.That($"{type}: IFormattable", value.ToString(format: null, formatProvider: null) == text);
        Check.That(
            $"{type}: ISpanFormattable",
            value.TryFormat(chars, out int charsWritten, format: default, provider: null) && chars[..charsWritten].SequenceEqual(text));
        Check.That(
            $"{type}: IUtf8SpanFormattable",
            value.TryFormat(bytes, out int bytesWritten, format: default, provider: null)
                && Encoding.UTF8.GetString(bytes[..bytesWritten]) == text);
        Check.That(
            $"{type}: no room",
            !value.TryFormat(chars[1..], out charsWritten, format: default, provider: null) && charsWritten == 0);
    }

    public static void CheckList<TList, T>(TList list, T[] expected)
        where TList : IReadOnlyList<T>
    {
        string type = typeof(TList).Name;
        Check.That($"{type}: IReadOnlyCollection", list.Count == expected.Length);
        Check.That($"{type}: IReadOnlyList", Equals(list[^1], expected[^1]));
        using IEnumerator<T> enumerator = list.GetEnumerator();
        Check.That($"{type}: IEnumerable of items", enumerator.MoveNext() && Equals(enumerator.Current, expected[0]));
        IEnumerator untyped = GetEnumerator(list);
        Check.That($"{type}: IEnumerable of objects", untyped.MoveNext() && Equals(untyped.Current, expected[0]));
    }

    public static void CheckEnumerator<TEnumerator, T>(TEnumerator enumerator, T first)
        where TEnumerator : IEnumerator<T>
    {
        string type = typeof(TEnumerator).Name;
        Check.That($"{type}: MoveNext and Current", enumerator.MoveNext() && Equals(enumerator.Current, first));
        Check.That($"{type}: Current as an object", Equals(CurrentObject(enumerator), first));
        enumerator.Reset();
        Check.That($"{type}: Reset", enumerator.MoveNext() && Equals(enumerator.Current, first));
        enumerator.Dispose();
    }

    private static T ParseString<T>(string text)
        where T : IParsable<T> =>
        T.Parse(text, provider: null);

    private static bool TryParseString<T>(string? text, out T? value)
        where T : IParsable<T> =>
        T.TryParse(text, provider: null, out value);

    private static IEnumerator GetEnumerator<T>(T list)
        where T : IEnumerable =>
        list.GetEnumerator();

    private static object? CurrentObject<T>(T enumerator)
        where T : IEnumerator =>
        enumerator.Current;
}
