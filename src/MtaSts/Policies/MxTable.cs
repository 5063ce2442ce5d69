using System.Runtime.InteropServices;
using System.Text;

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
internal readonly struct MxTable : IEquatable<MxTable>
{
    /// <summary>The length of the longest text: the parent of a wildcard, with its dot.</summary>
    public const int MaxTextLength = DomainName.MaxLength + 1;

    private const int StartShift = 9;
    private const uint WildcardBit = 1 << 8;
    private const uint KindMask = (1 << StartShift) - 1;
    private const uint NoKind = 0;

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
        // The length decides most comparisons; and a host that is longer than any text can be gets a kind that no entry has.
        ReadOnlySpan<char> parent = MxHost.Parent(name);
        uint asName = name.Length <= MaxTextLength ? (uint)name.Length : NoKind;
        uint asWildcard = parent.Length is > 0 and <= MaxTextLength ? WildcardBit | (uint)parent.Length : NoKind;

        ReadOnlySpan<byte> data = _data;
        foreach (uint entry in Entries)
        {
            uint kind = entry & KindMask;
            if (kind == asName
                ? Ascii.EqualsIgnoreCase(data.Slice(Start(entry), Length(entry)), name)
                : kind == asWildcard && Ascii.EqualsIgnoreCase(data.Slice(Start(entry), Length(entry)), parent) && MxHost.HasPrintableLabel(name))
            {
                pattern = Pattern(_data!, entry);
                return true;
            }
        }

        pattern = default;
        return false;
    }

    public bool Equals(MxTable other) => _data.AsSpan().SequenceEqual(other._data);

    public override bool Equals(object? obj) => obj is MxTable other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_data);
        return hash.ToHashCode();
    }

    private static MxPattern Pattern(byte[] data, uint entry) => new(data, Start(entry), Length(entry), (entry & WildcardBit) != 0);

    private static int Start(uint entry) => (int)(entry >> StartShift);

    private static int Length(uint entry) => (int)(entry & 0xFF);

    /// <summary>Fills a table pattern by pattern; the caller knows the number of patterns and the length of their texts.</summary>
    public ref struct Builder
    {
        private readonly byte[] _data;
        private int _count;
        private int _end;

        public Builder(int patterns, int textLength)
        {
            _end = sizeof(uint) * patterns;
            _data = patterns == 0 ? [] : new byte[_end + textLength];
        }

        /// <summary>Adds a pattern and gives the place for its text.</summary>
        public Span<byte> Add(bool isWildcard, int length)
        {
            uint entry = ((uint)_end << StartShift) | (isWildcard ? WildcardBit : 0) | (uint)length;
            MemoryMarshal.Write(_data.AsSpan(sizeof(uint) * _count), entry);
            Span<byte> text = _data.AsSpan(_end, length);
            _count++;
            _end += length;
            return text;
        }

        public readonly MxTable ToTable() => _count == 0 ? default : new(_data);
    }
}
