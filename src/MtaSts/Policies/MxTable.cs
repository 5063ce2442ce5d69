using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>The MX patterns of a policy in one array, in file order.</summary>
/// <remarks>
/// <para>A policy lives for months in a cache of many, and is searched at each delivery; so its patterns are no objects. The array
/// holds an <see cref="MxEntry"/> for each, and then their texts, one after another, in lower case. So the first entry, by where its text begins, tells the
/// number of entries, too.</para>
/// <para>The text of <c>*.example.com</c> is what it is compared with, <c>.example.com</c>. As no name begins with a dot, a text alone
/// tells the two kinds apart.</para>
/// </remarks>
internal readonly struct MxTable
{
    /// <summary>The length of the longest text: the parent of a wildcard, with its dot.</summary>
    public const int MaxTextLength = DomainName.MaxLength + 1;

    private const int EntrySize = sizeof(uint);

    private readonly byte[]? _data; // Null if there are no patterns.

    private MxTable(byte[] data) => _data = data;

    // Unsigned, as that division is a shift.
    public int Count => _data is null ? 0 : (int)((uint)MemoryMarshal.Read<MxEntry>(_data).Start / EntrySize);

    public MxPattern this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new(_data!, Entries[index]);
        }
    }

    private ReadOnlySpan<MxEntry> Entries => MemoryMarshal.Cast<byte, MxEntry>(_data.AsSpan())[..Count];

    /// <summary>The text that the pattern's host, or the parent of the host, must equal.</summary>
    public ReadOnlySpan<byte> Compared(int index) => this[index].Compared;

    /// <summary>Finds the first pattern in file order that the host matches. Takes time for each pattern.</summary>
    public bool TryFind(ReadOnlySpan<char> name, out MxPattern pattern)
    {
        MxEntry entry = _data is null ? default : Find(_data, name);
        pattern = entry.IsEmpty ? default : new(_data!, entry);
        return !entry.IsEmpty;
    }

    /// <summary>Whether two tables hold equal patterns in the same order.</summary>
    public bool HasSamePatterns(MxTable other) => _data.AsSpan().SequenceEqual(other._data);

    /// <summary>A hash code of the patterns in their order.</summary>
    public int HashPatterns()
    {
        HashCode hash = default;
        hash.AddBytes(_data);
        return hash.ToHashCode();
    }

    // Out of line, as the caller's frame would be larger for all that is inlined here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MxEntry Find(ReadOnlySpan<byte> data, ReadOnlySpan<char> name)
    {
        int end = MemoryMarshal.Read<MxEntry>(data).Start;
        for (int i = 0; i < end; i += EntrySize)
        {
            // The length decides most comparisons, before a look at the text. Of a name, nothing is left for a label, nor to look at there.
            MxEntry entry = MemoryMarshal.Read<MxEntry>(data[i..]);
            int label = name.Length - entry.Length;
            if ((entry.IsWildcard ? label > 0 : label == 0)
                && DomainName.EqualsIgnoreCase(data.Slice(entry.Start, entry.Length), name[label..])
                && (label == 0 || MxHost.StartsWithLabel(name, label)))
            {
                return entry;
            }
        }

        return default;
    }

    /// <summary>Gathers patterns, in memory that is given back, until their number is known.</summary>
    public ref struct Builder
    {
        private Span<MxEntry> _entries; // Their starts count from the first text; ToTable moves them past the entries.
        private readonly Span<byte> _texts;
        private MxEntry[]? _rentedEntries;
        private readonly byte[]? _rentedTexts;
        private int _end;

        /// <summary>Begins with no pattern.</summary>
        /// <param name="entries">Room for some entries, at least one; more is rented when it is full.</param>
        /// <param name="texts">Room for some texts.</param>
        /// <param name="textLength">The most that the texts can come to.</param>
        public Builder(Span<MxEntry> entries, Span<byte> texts, int textLength)
        {
            _entries = entries;
            _texts = textLength <= texts.Length ? texts : _rentedTexts = ArrayPool<byte>.Shared.Rent(textLength);
        }

        public int Count { get; private set; }

        /// <summary>Where the text of the next pattern goes: what is left of the room for texts.</summary>
        public readonly Span<byte> NextText => _texts[_end..];

        /// <summary>Adds the pattern whose text is in its place.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(bool isWildcard, int length)
        {
            if (Count == _entries.Length)
            {
                Grow();
            }

            _entries[Count++] = new(_end, isWildcard, length);
            _end += length;
        }

        public readonly MxTable ToTable()
        {
            if (Count == 0)
            {
                return default;
            }

            int textsStart = EntrySize * Count;
            byte[] data = GC.AllocateUninitializedArray<byte>(textsStart + _end);
            Span<MxEntry> entries = MemoryMarshal.Cast<byte, MxEntry>(data.AsSpan(0, textsStart));
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i] = _entries[i].Moved(textsStart);
            }

            _texts[.._end].CopyTo(data.AsSpan(textsStart));
            return new(data);
        }

        /// <summary>Gives the memory back; the builder must not be used any more.</summary>
        public readonly void Return()
        {
            ReturnEntries();
            if (_rentedTexts is not null)
            {
                ArrayPool<byte>.Shared.Return(_rentedTexts);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Grow()
        {
            MxEntry[] larger = ArrayPool<MxEntry>.Shared.Rent(_entries.Length * 4);
            _entries.CopyTo(larger);
            ReturnEntries();
            _entries = _rentedEntries = larger;
        }

        private readonly void ReturnEntries()
        {
            if (_rentedEntries is not null)
            {
                ArrayPool<MxEntry>.Shared.Return(_rentedEntries);
            }
        }
    }
}
