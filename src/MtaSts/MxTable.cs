using System.Runtime.InteropServices;
using System.Text;

namespace MtaSts;

/// <summary>The MX patterns of a policy in one array, in file order.</summary>
/// <remarks>
/// <para>A policy lives for months in a cache of many, and is searched at each delivery; so its patterns are no objects. The array
/// holds, as 32-bit words, their number and an entry for each, and then their texts, one after another, in lower case:</para>
/// <code>
/// bits 31-16  where the text begins, counted from the first text
/// bit  8      whether the pattern is a wildcard
/// bits 7-0    the length of the text: 253 for a name, 254 for a wildcard's parent with its dot
/// </code>
/// <para>The text of <c>*.example.com</c> is what it is compared with, <c>.example.com</c>. As no name begins with a dot, a text alone
/// tells the two kinds apart.</para>
/// </remarks>
internal readonly struct MxTable : IEquatable<MxTable>
{
    /// <summary>The length of the longest text: the parent of a wildcard, with its dot.</summary>
    public const int MaxTextLength = DomainName.MaxLength + 1;

    private const uint WildcardBit = 1 << 8;
    private const uint KindMask = WildcardBit | 0xFF;
    private const uint NoKind = 0;

    private readonly byte[]? _data;

    private MxTable(byte[] data) => _data = data;

    public int Count => _data is null ? 0 : (int)MemoryMarshal.Read<uint>(_data);

    public MxPattern this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            uint entry = Entries[index];
            return new(_data!, TextOffset + Start(entry), Length(entry), (entry & WildcardBit) != 0);
        }
    }

    private ReadOnlySpan<uint> Entries => MemoryMarshal.Cast<byte, uint>(_data.AsSpan()).Slice(1, Count);

    private int TextOffset => sizeof(uint) * (1 + Count);

    /// <summary>The text that the pattern's host, or the parent of the host, must equal.</summary>
    public ReadOnlySpan<byte> Compared(int index)
    {
        uint entry = Entries[index];
        return _data.AsSpan(TextOffset + Start(entry), Length(entry));
    }

    /// <summary>The place of the first pattern in file order that the host matches, or -1. Takes time for each pattern.</summary>
    public int Find(in MxHost host)
    {
        if (_data is null)
        {
            return -1;
        }

        // The length decides most comparisons; and a host that is longer than any text can be gets a kind that no entry has.
        uint asName = host.Name.Length <= MaxTextLength ? (uint)host.Name.Length : NoKind;
        ReadOnlySpan<char> parent = host.Parent;
        uint asWildcard = parent.Length is > 0 and <= MaxTextLength ? WildcardBit | (uint)parent.Length : NoKind;

        ReadOnlySpan<uint> entries = Entries;
        ReadOnlySpan<byte> texts = _data.AsSpan(TextOffset);
        for (int i = 0; i < entries.Length; i++)
        {
            uint entry = entries[i];
            uint kind = entry & KindMask;
            if (kind == asName)
            {
                if (Ascii.EqualsIgnoreCase(texts.Slice(Start(entry), Length(entry)), host.Name))
                {
                    return i;
                }
            }
            else if (kind == asWildcard)
            {
                if (Ascii.EqualsIgnoreCase(texts.Slice(Start(entry), Length(entry)), parent))
                {
                    return host.HasPrintableLabel ? i : -1;
                }
            }
        }

        return -1;
    }

    public bool Equals(MxTable other) => _data.AsSpan().SequenceEqual(other._data);

    public override bool Equals(object? obj) => obj is MxTable other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_data);
        return hash.ToHashCode();
    }

    private static int Start(uint entry) => (int)(entry >> 16);

    private static int Length(uint entry) => (int)(entry & 0xFF);

    /// <summary>Fills a table pattern by pattern; the caller knows the number of patterns and the length of their texts.</summary>
    public ref struct Builder
    {
        private readonly byte[] _data;
        private readonly int _textOffset;
        private int _count;
        private int _textLength;

        public Builder(int patterns, int textLength)
        {
            _textOffset = sizeof(uint) * (1 + patterns);
            _data = new byte[_textOffset + textLength];
            MemoryMarshal.Write(_data, (uint)patterns);
        }

        /// <summary>Adds a pattern and gives the place for its text.</summary>
        public Span<byte> Add(bool isWildcard, int length)
        {
            uint entry = ((uint)_textLength << 16) | (isWildcard ? WildcardBit : 0) | (uint)length;
            _count++;
            MemoryMarshal.Write(_data.AsSpan(sizeof(uint) * _count), entry);
            Span<byte> text = _data.AsSpan(_textOffset + _textLength, length);
            _textLength += length;
            return text;
        }

        public readonly MxTable ToTable() => _count == 0 ? default : new(_data);
    }
}
