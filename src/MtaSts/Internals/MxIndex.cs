using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Finds the pattern that matches a host in a time that does not grow with the number of patterns.</summary>
/// <remarks>
/// <para>A hash table with linear probing over the texts of the patterns, built at the first search. Two lookups per
/// host are enough, one by its name and one by its parent: a pattern equals nothing else (RFC 8461 section 4.1).</para>
/// <para>The publisher chooses the patterns; <see cref="NameHash"/> prevents patterns that are chosen to
/// collide.</para>
/// </remarks>
internal sealed class MxIndex(byte[] table)
{
    private const uint HashBits = 0xFFFF_0000;

    // The number of a pattern plus one in the low half, and the high half of its hash; 0 is a free slot. Two threads
    // may build the slots at the same time; both results are the same.
    private uint[]? _slots;

    /// <summary>The table of the patterns, in the layout of <see cref="MxTable"/>.</summary>
    public byte[] Table { get; } = table;

    /// <summary>
    /// Returns the entry of the first pattern in file order that matches a name; <c>default</c> if no pattern matches.
    /// </summary>
    public MxEntry Find(ReadOnlySpan<char> name)
    {
        uint[] slots = _slots ??= CreateSlots();

        // A name that begins with a dot equals the text of a wildcard, but is not a host name.
        int byName = name is ['.', ..] ? -1 : FindText(slots, name);
        int byParent = FindText(slots, VectorNames.Parent(name));
        int first = byName < 0 || byParent < 0 ? Math.Max(byName, byParent) : Math.Min(byName, byParent);
        return first < 0 ? default : MxTable.Entries(Table)[first];
    }

    private static bool HasHash(uint slot, uint hash) => ((slot ^ hash) & HashBits) == 0;

    private static ref uint SlotAt(uint[] slots, uint hash) => ref slots[hash & (uint)(slots.Length - 1)];

    private uint[] CreateSlots()
    {
        // At most half full, so that a search soon meets a free slot.
        int count = MxTable.Entries(Table).Length;
        uint[] slots = new uint[BitOperations.RoundUpToPowerOf2((uint)count * 2)];
        for (uint number = 1; number <= count; number++)
        {
            ReadOnlySpan<byte> text = TextOf(number);
            uint hash = (uint)NameHash.Compute(text);
            uint i = hash;
            while (SlotAt(slots, i) is not 0 and uint slot && !(HasHash(slot, hash) && TextOf(slot).SequenceEqual(text)))
            {
                i++;
            }

            // Of equal patterns, the first one stays.
            if (SlotAt(slots, i) == 0)
            {
                SlotAt(slots, i) = (hash & HashBits) | number;
            }
        }

        return slots;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: two inlined calls exceed what the compiler inlines in one method.
    private int FindText(uint[] slots, ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MxTable.MaxTextLength)
        {
            return -1;
        }

        uint hash = (uint)NameHash.Compute(CodeUnits.Of(text));
        for (uint i = hash; ; i++)
        {
            uint slot = SlotAt(slots, i);
            if (slot == 0 || (HasHash(slot, hash) && VectorNames.EqualsIgnoreCase(TextOf(slot), text)))
            {
                return (ushort)slot - 1;
            }
        }
    }

    private ReadOnlySpan<byte> TextOf(uint slot)
    {
        MxEntry entry = MxTable.Entries(Table)[(ushort)slot - 1];
        return Table.AsSpan(entry.Start, entry.Length);
    }
}
