using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace MtaSts;

/// <summary>A character class of the grammar, for UTF-8 bytes and for UTF-16 code units.</summary>
/// <remarks>
/// The parsers are generic over <c>T</c>, which is <see cref="byte"/> or <see cref="ushort"/>. The grammar is ASCII, so
/// a class has the same members in both encodings.
/// </remarks>
internal sealed class CharacterSet
{
    private const string Digits = "0123456789";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly SearchValues<byte> _bytes;
    private readonly SearchValues<char> _chars;

    private CharacterSet(string members)
    {
        _bytes = SearchValues.Create(Encoding.ASCII.GetBytes(members));
        _chars = SearchValues.Create(members);
    }

    /// <summary>ALPHA / DIGIT.</summary>
    public static CharacterSet LetterOrDigit { get; } = new(Letters + Digits);

    /// <summary>The characters of a field name after the first one: ALPHA / DIGIT / "_" / "-" / ".".</summary>
    public static CharacterSet FieldName { get; } = new(Letters + Digits + "_-.");

    /// <summary>The characters of an extension value in a TXT record: %x21-3A / %x3C / %x3E-7E.</summary>
    public static CharacterSet RecordValue { get; } = new(Range('\x21', '\x3A') + "\x3C" + Range('\x3E', '\x7E'));

    /// <summary>The ASCII characters of an extension value in a policy: %x20-7E.</summary>
    public static CharacterSet Printable { get; } = new(Range('\x20', '\x7E'));

    /// <summary>The members of <see cref="Printable"/> that need no backslash between quotes.</summary>
    public static CharacterSet Quotable { get; } = new(Range('\x20', '\x21') + Range('\x23', '\x5B') + Range('\x5D', '\x7E'));

    /// <summary>Returns the length of the longest prefix of a text that contains only members of this set.</summary>
    public int PrefixLength<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        int end = typeof(T) == typeof(byte)
            ? MemoryMarshal.Cast<T, byte>(text).IndexOfAnyExcept(_bytes)
            : MemoryMarshal.Cast<T, char>(text).IndexOfAnyExcept(_chars);
        return end < 0 ? text.Length : end;
    }

    private static string Range(char first, char last) =>
        new([.. Enumerable.Range(first, last - first + 1).Select(static code => (char)code)]);
}
