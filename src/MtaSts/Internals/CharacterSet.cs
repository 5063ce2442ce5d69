using System.Buffers;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>The character classes of the grammar, for UTF-8 bytes and for UTF-16 units alike.</summary>
/// <remarks>
/// The parsers are written once, over <c>T</c>, which is <see cref="byte"/> or <see cref="ushort"/>. The grammar is ASCII, so a class
/// has the same members in both encodings.
/// </remarks>
internal sealed class CharacterSet
{
    private const string Digits = "0123456789";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly SearchValues<byte> _bytes;
    private readonly SearchValues<char> _chars;

    private CharacterSet(string members)
    {
        _bytes = SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(members));
        _chars = SearchValues.Create(members);
    }

    /// <summary>ALPHA / DIGIT.</summary>
    public static CharacterSet LetterOrDigit { get; } = new(Letters + Digits);

    /// <summary>What may follow the first character of a field's name: ALPHA / DIGIT / "_" / "-" / ".".</summary>
    public static CharacterSet FieldName { get; } = new(Letters + Digits + "_-.");

    /// <summary>What the value of an extension field of a TXT record is made of: %x21-3A / %x3C / %x3E-7E.</summary>
    public static CharacterSet RecordValue { get; } = new(Range('\x21', '\x3A') + "\x3C" + Range('\x3E', '\x7E'));

    /// <summary>The ASCII part of what the value of a policy's extension field is made of: %x20-7E.</summary>
    public static CharacterSet Printable { get; } = new(Range('\x20', '\x7E'));

    /// <summary>The members of <see cref="Printable"/> that need no backslash between quotes.</summary>
    public static CharacterSet Quotable { get; } = new(Range('\x20', '\x21') + Range('\x23', '\x5B') + Range('\x5D', '\x7E'));

    /// <summary>The length of the longest prefix of the text that is made of this set.</summary>
    public int PrefixLength<T>(ReadOnlySpan<T> text)
        where T : unmanaged
    {
        int end = typeof(T) == typeof(byte)
            ? MemoryMarshal.Cast<T, byte>(text).IndexOfAnyExcept(_bytes)
            : MemoryMarshal.Cast<T, char>(text).IndexOfAnyExcept(_chars);
        return end < 0 ? text.Length : end;
    }

    private static string Range(char first, char last) =>
        string.Create(last - first + 1, first, static (span, start) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = (char)(start + i);
            }
        });
}
