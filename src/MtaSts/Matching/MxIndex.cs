using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Finds a host in a long list of patterns in a time that does not grow with the list.</summary>
/// <remarks>
/// <para>A hash table with linear probing over the patterns' texts. A host is looked up twice, as a name and by its parent, because that is
/// all that a pattern can be equal to (<see cref="MxHost"/>).</para>
/// <para>The patterns are chosen by whoever publishes the policy; <see cref="NameHash"/> sees to it that nobody can choose them to collide.</para>
/// </remarks>
internal sealed class MxIndex
{
    private const uint HashBits = 0xFFFF_0000;

    private readonly MxPatternSet _table;

    // The place of a pattern plus one, and above it the half of its hash that does not choose the slot; 0 is a free slot.
    private readonly uint[] _slots;

    public MxIndex(MxPatternSet table)
    {
        _table = table;

        // At most half full, so that a miss soon meets a free slot.
        _slots = new uint[BitOperations.RoundUpToPowerOf2((uint)table.Count * 2)];
        for (int i = 0; i < table.Count; i++)
        {
            ReadOnlySpan<byte> text = table.MatchText(i);
            uint hash = (uint)NameHash.Compute(text);
            uint slot = hash;
            while (SlotAt(slot) != 0 && !(IsOf(SlotAt(slot), hash) && TextOf(SlotAt(slot)).SequenceEqual(text)))
            {
                slot++;
            }

            // Of equal patterns, the first stays.
            if (SlotAt(slot) == 0)
            {
                SlotAt(slot) = (hash & HashBits) | (uint)(i + 1);
            }
        }
    }

    /// <summary>Finds the entry of the first pattern in file order that the host matches; none if there is no such pattern.</summary>
    public MxEntry Find(ReadOnlySpan<char> name)
    {
        // A name that begins with a dot would be taken for a parent; it is no host.
        int asName = name is ['.', ..] ? -1 : FindText(name);
        int asWildcard = FindText(MxHost.Parent(name));
        int first = asName < 0 || asWildcard < 0 ? Math.Max(asName, asWildcard) : Math.Min(asName, asWildcard);
        return first < 0 ? default : _table.EntryAt(first);
    }

    private static bool IsOf(uint slot, uint hash) => ((slot ^ hash) & HashBits) == 0;

    [MethodImpl(MethodImplOptions.NoInlining)] // Called twice: inlined, the second time would exceed what the compiler inlines in one method.
    private int FindText(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MxPatternSet.MaxTextLength)
        {
            return -1;
        }

        uint hash = (uint)NameHash.Compute(CodeUnits.Of(text));
        for (uint i = hash; ; i++)
        {
            uint slot = SlotAt(i);
            if (slot == 0 || (IsOf(slot, hash) && HostName.EqualsIgnoreCase(TextOf(slot), text)))
            {
                return (ushort)slot - 1;
            }
        }
    }

    private ref uint SlotAt(uint hash) => ref _slots[hash & (uint)(_slots.Length - 1)];

    private ReadOnlySpan<byte> TextOf(uint slot) => _table.MatchText((ushort)slot - 1);
}
