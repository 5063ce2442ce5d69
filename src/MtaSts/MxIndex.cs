using System.Numerics;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>Finds a host in a long list of patterns in a time that does not grow with the list.</summary>
/// <remarks>
/// <para>A hash table with linear probing over the patterns' texts. A host is looked up twice, as a name and by its parent, because that is
/// all that a pattern can be equal to (<see cref="MxHost"/>).</para>
/// <para>The patterns are chosen by whoever publishes the policy. So that nobody can choose them to collide, they are hashed by
/// <see cref="string.GetHashCode(ReadOnlySpan{char}, StringComparison)"/>, whose key is random in each process.</para>
/// </remarks>
internal sealed class MxIndex
{
    private const int BufferSize = 256;

    private readonly MxTable _table;
    private readonly ushort[] _slots; // The place of a pattern plus one; 0 is a free slot.

    public MxIndex(MxTable table)
    {
        _table = table;

        // At most half full, so that a miss soon meets a free slot.
        _slots = new ushort[BitOperations.RoundUpToPowerOf2((uint)table.Count * 2)];
        Span<byte> buffer = stackalloc byte[BufferSize];
        for (int i = 0; i < table.Count; i++)
        {
            ReadOnlySpan<byte> text = table.Compared(i);
            text.CopyTo(buffer);
            ref ushort slot = ref FindSlot(buffer, text.Length);
            if (slot == 0)
            {
                slot = (ushort)(i + 1);
            }
        }
    }

    /// <summary>The place of the first pattern in file order that the host matches, or -1.</summary>
    public int Find(in MxHost host)
    {
        Span<byte> buffer = stackalloc byte[BufferSize];
        int asName = FindText(host.Name, buffer);
        int asWildcard = FindText(host.Parent, buffer);
        if (asWildcard >= 0 && !host.HasPrintableLabel)
        {
            asWildcard = -1;
        }

        return asName < 0 || asWildcard < 0 ? Math.Max(asName, asWildcard) : Math.Min(asName, asWildcard);
    }

    private int FindText(ReadOnlySpan<char> text, Span<byte> buffer)
    {
        if (text.Length is 0 or > byte.MaxValue || !TextUnits.TryCopyLower(TextUnits.Of(text), buffer))
        {
            return -1;
        }

        return FindSlot(buffer, text.Length) - 1;
    }

    /// <summary>The slot of the text that stands at the start of the buffer, or a free one.</summary>
    private ref ushort FindSlot(Span<byte> buffer, int length)
    {
        // The hash takes characters, so it sees the bytes in pairs; the last one is padded with a zero, which no name holds.
        buffer[length] = 0;
        int pairs = (length + 1) / sizeof(char);
        uint slot = (uint)string.GetHashCode(MemoryMarshal.Cast<byte, char>(buffer)[..pairs], StringComparison.Ordinal);
        while (true)
        {
            ref ushort candidate = ref _slots[slot & (uint)(_slots.Length - 1)];
            if (candidate == 0 || _table.Compared(candidate - 1).SequenceEqual(buffer[..length]))
            {
                return ref candidate;
            }

            slot++;
        }
    }
}
