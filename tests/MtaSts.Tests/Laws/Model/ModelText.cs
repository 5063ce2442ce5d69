using System.Text;

namespace MtaSts.Tests.Model;

/// <summary>Represents a text as the model parses it: its code points, and their length in octets of UTF-8.</summary>
/// <remarks>
/// The characters are UTF-16, for the regular expressions. Ill-formed input becomes a lone surrogate, which is in no
/// class of the grammar.
/// </remarks>
internal sealed record ModelText(string Characters, int Octets, bool IsWellFormed)
{
    private const char LowHalf = '\uDFFF';
    private const char HighHalf = '\uD800';

    // RFC 3629, Section 4:
    // UTF8-1 = %x00-7F
    // UTF8-2 = %xC2-DF UTF8-tail
    // UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
    // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
    private static readonly (int First, int Last)[][] Utf8 =
    [
        [(0x00, 0x7F)],
        [(0xC2, 0xDF), (0x80, 0xBF)],
        [(0xE0, 0xE0), (0xA0, 0xBF), (0x80, 0xBF)],
        [(0xE1, 0xEC), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xED, 0xED), (0x80, 0x9F), (0x80, 0xBF)],
        [(0xEE, 0xEF), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xF0, 0xF0), (0x90, 0xBF), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xF1, 0xF3), (0x80, 0xBF), (0x80, 0xBF), (0x80, 0xBF)],
        [(0xF4, 0xF4), (0x80, 0x8F), (0x80, 0xBF), (0x80, 0xBF)],
    ];

    public static ModelText Of(byte[] octets)
    {
        // All lone surrogates of a text are of one kind, so two of them never form a pair.
        char loneSurrogate = octets.Length % 2 == 0 ? HighHalf : LowHalf;
        bool isWellFormed = true;
        StringBuilder characters = new();
        int i = 0;
        while (i < octets.Length)
        {
            (int First, int Last)[]? row = Array.Find(Utf8, candidate => Fits(candidate, octets.AsSpan(i)));
            if (row is null)
            {
                characters.Append(loneSurrogate);
                isWellFormed = false;
                i++;
                continue;
            }

            // The lead octet carries 7, 5, 4 or 3 bits; each other octet carries 6.
            int codePoint = octets[i] & (0xFF >> (row.Length == 1 ? 1 : row.Length + 1));
            foreach (byte tail in octets.AsSpan(i + 1, row.Length - 1))
            {
                codePoint = (codePoint << 6) | (tail & 0x3F);
            }

            characters.Append(char.ConvertFromUtf32(codePoint));
            i += row.Length;
        }

        return new(characters.ToString(), octets.Length, isWellFormed);
    }

    public static ModelText Of(string text)
    {
        // The regular expressions reject lone surrogates, which are in no class of the grammar.
        int octets = 0;
        bool isWellFormed = true;
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsSurrogatePair(text, i);
            isWellFormed &= isPair || !char.IsSurrogate(text[i]);
            octets += isPair ? 4 : text[i] < 0x80 ? 1 : text[i] < 0x800 ? 2 : 3;
            i += isPair ? 1 : 0;
        }

        return new(text, octets, isWellFormed);
    }

    private static bool Fits((int First, int Last)[] row, ReadOnlySpan<byte> octets)
    {
        if (row.Length > octets.Length)
        {
            return false;
        }

        for (int i = 0; i < row.Length; i++)
        {
            if (octets[i] < row[i].First || octets[i] > row[i].Last)
            {
                return false;
            }
        }

        return true;
    }
}
