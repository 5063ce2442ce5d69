using System.Numerics;

namespace MtaSts;

/// <summary>Finds a host in a long list of patterns in a time that does not grow with the list.</summary>
/// <remarks>
/// <para>A hash table with linear probing over the patterns' texts. A host is looked up twice, as a name and by its parent, because that is
/// all that a pattern can be equal to (<see cref="MxHost"/>).</para>
/// <para>The patterns are chosen by whoever publishes the policy; <see cref="NameHash"/> sees to it that nobody can choose them to collide.</para>
/// </remarks>
internal sealed class MxIndex
{
    private readonly MxTable _table;
    private readonly ushort[] _slots; // The place of a pattern plus one; 0 is a free slot.

    public MxIndex(MxTable table)
    {
        _table = table;

        // At most half full, so that a miss soon meets a free slot.
        _slots = new ushort[BitOperations.RoundUpToPowerOf2((uint)table.Count * 2)];
        for (int i = 0; i < table.Count; i++)
        {
            ref ushort slot = ref FindSlot(table.Compared(i));
            if (slot == 0)
            {
                slot = (ushort)(i + 1);
            }
        }
    }

    /// <summary>Finds the first pattern in file order that the host matches.</summary>
    public bool TryFind(ReadOnlySpan<char> name, out MxPattern pattern)
    {
        // A name that begins with a dot would be taken for the parent of a wildcard; it is no host.
        int asName = name is ['.', ..] ? -1 : FindText(name);
        int asWildcard = FindText(MxHost.Parent(name));
        int first = asName < 0 || asWildcard < 0 ? Math.Max(asName, asWildcard) : Math.Min(asName, asWildcard);
        pattern = first < 0 ? default : _table[first];
        return first >= 0;
    }

    private int FindText(ReadOnlySpan<char> text)
    {
        Span<byte> lower = stackalloc byte[MxTable.MaxTextLength];
        return text.Length is > 0 and <= MxTable.MaxTextLength && TextUnits.TryCopyLower(TextUnits.Of(text), lower)
            ? FindSlot(lower[..text.Length]) - 1
            : -1;
    }

    /// <summary>The slot of the text, or a free one.</summary>
    private ref ushort FindSlot(ReadOnlySpan<byte> text)
    {
        uint slot = (uint)NameHash.Compute(text);
        while (true)
        {
            ref ushort candidate = ref _slots[slot & (uint)(_slots.Length - 1)];
            if (candidate == 0 || _table.Compared(candidate - 1).SequenceEqual(text))
            {
                return ref candidate;
            }

            slot++;
        }
    }
}
