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
internal readonly struct MxPatternSet
{
    /// <summary>The length of the longest text: the parent of a wildcard, with its dot.</summary>
    public const int MaxTextLength = HostName.MaxLength + 1;

    private const int EntrySize = sizeof(uint);

    private readonly byte[]? _data; // Null if there are no patterns.

    private MxPatternSet(byte[] data) => _data = data;

    public int Count => _data is null ? 0 : CountIn(_data);

    public MxPattern this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new(_data!, EntryAt(index));
        }
    }

    /// <summary>The text that the pattern's host, or the parent of the host, must equal.</summary>
    public ReadOnlySpan<byte> MatchText(int index) => this[index].MatchText;

    /// <summary>The entry of one pattern, which must exist.</summary>
    public MxEntry EntryAt(int index) => EntriesOf(_data)[index];

    /// <summary>The pattern of an entry, or <c>default</c> if that is none.</summary>
    public MxPattern PatternOf(MxEntry entry) => entry.IsEmpty ? default : new(_data!, entry);

    /// <summary>The entry of the first pattern in the file, if it is the host's name, letter case aside. Otherwise none, which says nothing: search.</summary>
    /// <param name="mxHost">The host as it is given. If a dot of the root is left there, no pattern is equal to it.</param>
    /// <remarks>It takes half as long as a search.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MxEntry MatchFirstLiteral(ReadOnlySpan<char> mxHost)
    {
        byte[]? data = _data;
        if (data is not null)
        {
            MxEntry entry = MemoryMarshal.Read<MxEntry>(data);
            if (!entry.IsWildcard && entry.Length == mxHost.Length && HostName.EqualsIgnoreCaseInlined(data.AsSpan(entry.Start, entry.Length), mxHost))
            {
                return entry;
            }
        }

        return default;
    }

    /// <summary>Finds the entry of the first pattern in file order that the host matches; none if there is no such pattern. Takes time for each pattern.</summary>
    /// <remarks>The length decides most comparisons. So no text is looked at before a pattern comes that the host could match, and many a host meets none.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MxEntry Find(ReadOnlySpan<char> name)
    {
        if (_data is not null)
        {
            ReadOnlySpan<MxEntry> entries = EntriesOf(_data);
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].CouldMatch(name.Length))
                {
                    return FindAmong(entries[i..], _data, name);
                }
            }
        }

        return default;
    }

    /// <summary>Whether two tables hold equal patterns in the same order.</summary>
    public bool HasSamePatterns(MxPatternSet other) => _data.AsSpan().SequenceEqual(other._data);

    /// <summary>A hash code of the patterns in their order.</summary>
    public int HashPatterns()
    {
        HashCode hash = default;
        hash.AddBytes(_data);
        return hash.ToHashCode();
    }

    // Unsigned, as that division is a shift.
    private static int CountIn(ReadOnlySpan<byte> data) => (int)((uint)MemoryMarshal.Read<MxEntry>(data).Start / EntrySize);

    private static ReadOnlySpan<MxEntry> EntriesOf(ReadOnlySpan<byte> data) => MemoryMarshal.Cast<byte, MxEntry>(data)[..CountIn(data)];

    // A method of its own: it needs so many registers that the loop over the lengths, which needs few and calls nothing, would have to do without.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MxEntry FindAmong(ReadOnlySpan<MxEntry> entries, ReadOnlySpan<byte> data, ReadOnlySpan<char> name)
    {
        foreach (MxEntry entry in entries)
        {
            if (entry.CouldMatch(name.Length)
                && HostName.EqualsIgnoreCaseInlined(data.Slice(entry.Start, entry.Length), name[^entry.Length..])
                && (!entry.IsWildcard || MxHost.StartsWithLabel(name, name.Length - entry.Length)))
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

        public readonly MxPatternSet ToTable()
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
