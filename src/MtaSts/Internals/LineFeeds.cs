using System.Numerics;
using System.Runtime.Intrinsics;

namespace MtaSts;

/// <summary>Finds the line feeds of a text one after another, 64 units at a time.</summary>
/// <remarks>
/// A line of a policy is some twenty characters. A search of its own for the end of each would cost a quarter of the whole parse; so this
/// keeps, for a block of 64 units, a bit for each line feed.
/// </remarks>
internal struct LineFeeds
{
    private const int BlockLength = 64;

    private int _nextBlock;
    private ulong _found; // In the block before the next.

    /// <summary>The place of the next line feed in the text, which is the same at each call; or its length if there is none.</summary>
    public int Next<T>(ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (_found == 0)
        {
            if (_nextBlock >= text.Length)
            {
                return text.Length;
            }

            _found = Search(text, _nextBlock);
            _nextBlock += BlockLength;
        }

        int place = _nextBlock - BlockLength + BitOperations.TrailingZeroCount(_found);
        _found &= _found - 1;
        return place;
    }

    /// <summary>Passes over what comes before a place, which is none that has been passed already.</summary>
    public void SkipTo(int start)
    {
        if (start >= _nextBlock)
        {
            _nextBlock = start;
            _found = 0;
        }
        else
        {
            _found &= ulong.MaxValue << (start - (_nextBlock - BlockLength));
        }
    }

    private static ulong Search<T>(ReadOnlySpan<T> text, int block)
        where T : unmanaged, IBinaryInteger<T>
    {
        int end = Math.Min(block + BlockLength, text.Length);
        ulong found = 0;
        if (text.Length < Vector128<byte>.Count)
        {
            for (int i = block; i < end; i++)
            {
                found |= (CodeUnits.Is(text[i], '\n') ? 1UL : 0) << (i - block);
            }

            return found;
        }

        for (int i = block; i < end; i += Vector128<byte>.Count)
        {
            // The last vector of the text overlaps the one before it; what it holds from before the block is shifted out.
            int start = Math.Min(i, text.Length - Vector128<byte>.Count);
            ulong equal = Vector128.Equals(CodeUnits.Load(text, start), Vector128.Create((byte)'\n')).ExtractMostSignificantBits();
            found |= start >= block ? equal << (start - block) : equal >> (block - start);
        }

        return found;
    }
}
