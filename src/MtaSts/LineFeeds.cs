using System.Numerics;
using System.Runtime.Intrinsics;

namespace MtaSts;

/// <summary>Finds the line feeds of a text one after another, 64 units at a time.</summary>
/// <remarks>
/// A line of a policy is some twenty characters. A search of its own for the end of each would cost a quarter of the whole parse; so this
/// keeps, for a block of 64 units, a bit for each line feed.
/// </remarks>
internal ref struct LineFeeds<T>(ReadOnlySpan<T> text)
    where T : unmanaged, IBinaryInteger<T>
{
    private const int BlockLength = 64;

    private readonly ReadOnlySpan<T> _text = text;
    private int _block = -BlockLength;
    private ulong _found;

    /// <summary>The place of the next line feed, or the length of the text if there is none.</summary>
    public int Next()
    {
        while (_found == 0)
        {
            _block += BlockLength;
            if (_block >= _text.Length)
            {
                _block -= BlockLength; // So that asking again at the end is harmless.
                return _text.Length;
            }

            _found = Search(_block);
        }

        int place = _block + BitOperations.TrailingZeroCount(_found);
        _found &= _found - 1;
        return place;
    }

    private readonly ulong Search(int block)
    {
        T lineFeed = T.CreateTruncating('\n');
        int end = Math.Min(block + BlockLength, _text.Length);
        int lanes = Vector128<T>.Count;
        ulong found = 0;
        if (_text.Length < lanes)
        {
            for (int i = block; i < end; i++)
            {
                found |= (_text[i] == lineFeed ? 1UL : 0) << i;
            }

            return found;
        }

        for (int i = block; i < end; i += lanes)
        {
            // The last vector of the text overlaps the one before it; what it holds from before the block is shifted out.
            int start = Math.Min(i, _text.Length - lanes);
            ulong equal = Vector128.Equals(Vector128.Create(_text.Slice(start, lanes)), Vector128.Create(lineFeed)).ExtractMostSignificantBits();
            found |= start >= block ? equal << (start - block) : equal >> (block - start);
        }

        return found;
    }
}
