using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>The MX patterns of a policy in one array, in file order.</summary>
/// <remarks>
/// <para>A policy lives for months in a cache of many, and is searched at each delivery; so its patterns are no objects. The array
/// holds an entry of 32 bits for each, and then their texts, one after another, in lower case:</para>
/// <code>
/// bits 31-9  where in the array the text begins; so the first entry tells the number of entries, too
/// bit  8     whether the pattern is a wildcard
/// bits 7-0   the length of the text: up to 253 for a name, 254 for a wildcard's parent with its dot
/// </code>
/// <para>The text of <c>*.example.com</c> is what it is compared with, <c>.example.com</c>. As no name begins with a dot, a text alone
/// tells the two kinds apart.</para>
/// </remarks>
internal readonly struct MxTable
{
    /// <summary>The length of the longest text: the parent of a wildcard, with its dot.</summary>
    public const int MaxTextLength = DomainName.MaxLength + 1;

    private const int StartShift = 9;
    private const uint WildcardBit = 1 << 8;
    private const uint NoEntry = 0;

    private readonly byte[]? _data; // Null if there are no patterns.

    private MxTable(byte[] data) => _data = data;

    public int Count => _data is null ? 0 : (int)((MemoryMarshal.Read<uint>(_data) >> StartShift) / sizeof(uint));

    public MxPattern this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Pattern(_data!, Entries[index]);
        }
    }

    private ReadOnlySpan<uint> Entries => MemoryMarshal.Cast<byte, uint>(_data.AsSpan())[..Count];

    /// <summary>The text that the pattern's host, or the parent of the host, must equal.</summary>
    public ReadOnlySpan<byte> Compared(int index) => this[index].Compared;

    /// <summary>Finds the first pattern in file order that the host matches. Takes time for each pattern.</summary>
    public bool TryFind(ReadOnlySpan<char> name, out MxPattern pattern)
    {
        uint entry = _data is null ? NoEntry : Find(_data, name);
        pattern = entry == NoEntry ? default : Pattern(_data!, entry);
        return entry != NoEntry;
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
    private static uint Find(ReadOnlySpan<byte> data, ReadOnlySpan<char> name)
    {
        int end = Start(MemoryMarshal.Read<uint>(data));
        for (int i = 0; i < end; i += sizeof(uint))
        {
            // The length decides most comparisons, before a look at the text.
            uint entry = MemoryMarshal.Read<uint>(data[i..]);
            int length = Length(entry);
            bool isWildcard = IsWildcard(entry);
            if (isWildcard ? length < name.Length : length == name.Length)
            {
                ReadOnlySpan<byte> text = data.Slice(Start(entry), length);
                if (isWildcard ? MxHost.HasParent(name, text) : DomainName.Equals(text, name))
                {
                    return entry;
                }
            }
        }

        return NoEntry;
    }

    private static MxPattern Pattern(byte[] data, uint entry) => new(data, Start(entry), Length(entry), IsWildcard(entry));

    private static uint Entry(int start, bool isWildcard, int length) => ((uint)start << StartShift) | (isWildcard ? WildcardBit : 0) | (uint)length;

    private static bool IsWildcard(uint entry) => (entry & WildcardBit) != 0;

    private static int Start(uint entry) => (int)(entry >> StartShift);

    private static int Length(uint entry) => (int)(entry & 0xFF);

    /// <summary>Gathers patterns, in memory that is given back, until their number is known.</summary>
    public ref struct Builder
    {
        private Span<uint> _entries; // They begin at 0, until the texts have entries before them.
        private readonly Span<byte> _texts;
        private uint[]? _rentedEntries;
        private readonly byte[]? _rentedTexts;
        private int _end;

        /// <summary>Begins with no pattern.</summary>
        /// <param name="entries">Room for some entries.</param>
        /// <param name="texts">Room for some texts.</param>
        /// <param name="textLength">The most that the texts can come to.</param>
        public Builder(Span<uint> entries, Span<byte> texts, int textLength)
        {
            _entries = entries;
            _texts = textLength <= texts.Length ? texts : _rentedTexts = ArrayPool<byte>.Shared.Rent(textLength);
        }

        public int Count { get; private set; }

        /// <summary>Where the text of the next pattern goes.</summary>
        public readonly Span<byte> NextText => _texts[_end..];

        /// <summary>Adds the pattern whose text is in its place.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(bool isWildcard, int length)
        {
            if (Count == _entries.Length)
            {
                Grow();
            }

            _entries[Count++] = Entry(_end, isWildcard, length);
            _end += length;
        }

        public readonly MxTable ToTable()
        {
            if (Count == 0)
            {
                return default;
            }

            int textsStart = sizeof(uint) * Count;
            byte[] data = GC.AllocateUninitializedArray<byte>(textsStart + _end);
            Span<uint> entries = MemoryMarshal.Cast<byte, uint>(data.AsSpan(0, textsStart));
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i] = _entries[i] + ((uint)textsStart << StartShift);
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
            uint[] larger = ArrayPool<uint>.Shared.Rent(_entries.Length * 4);
            _entries.CopyTo(larger);
            ReturnEntries();
            _entries = _rentedEntries = larger;
        }

        private readonly void ReturnEntries()
        {
            if (_rentedEntries is not null)
            {
                ArrayPool<uint>.Shared.Return(_rentedEntries);
            }
        }
    }
}
