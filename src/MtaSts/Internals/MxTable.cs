using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>
/// The MX patterns of a policy as one array: an <see cref="MxEntry"/> for each, and then their texts in lower case, one
/// after another.
/// </summary>
/// <remarks>
/// <para>A cache holds many policies for months, and each delivery searches one. The patterns of a policy are therefore
/// not objects. The first entry's start offset encodes the entry count.</para>
/// <para>The text of <c>*.example.com</c> is what follows its asterisk, <c>.example.com</c>. No name begins with a dot,
/// so a text alone distinguishes the two kinds.</para>
/// </remarks>
internal static class MxTable
{
    /// <summary>The length of the longest text: the parent of a wildcard, with its dot.</summary>
    public const int MaxTextLength = NameLimits.MaxLength + 1;

    private const int EntrySize = sizeof(uint);

    /// <summary>Returns the number of patterns in a table; null is the empty table.</summary>
    public static int Count(byte[]? table) => table is null ? 0 : CountIn(table);

    /// <summary>Returns the entries of a table that is not empty.</summary>
    public static ReadOnlySpan<MxEntry> Entries(ReadOnlySpan<byte> table) => MemoryMarshal.Cast<byte, MxEntry>(table)[..CountIn(table)];

    // Unsigned: the division is then a shift.
    private static int CountIn(ReadOnlySpan<byte> table) => (int)((uint)MemoryMarshal.Read<MxEntry>(table).Start / EntrySize);

    /// <summary>Collects patterns in stack or pooled memory until their number is known.</summary>
    public ref struct Builder
    {
        /// <summary>The length of the shortest text that adds a pattern: an <c>mx:a</c> line and its end.</summary>
        public const int MinLineLength = 5;

        private readonly Span<MxEntry> _entries; // Their starts count from the first text; ToTable moves them behind the entries.
        private readonly Span<byte> _texts;
        private readonly MxEntry[]? _rentedEntries;
        private readonly byte[]? _rentedTexts;
        private int _end;

        /// <summary>Creates a builder without patterns.</summary>
        /// <param name="entries">Memory for the entries of a source that fits in <paramref name="texts"/>.</param>
        /// <param name="texts">Memory for the texts.</param>
        /// <param name="sourceLength">
        /// The length of the text that the patterns are parsed from; memory is rented if it does not fit.
        /// </param>
        public Builder(Span<MxEntry> entries, Span<byte> texts, int sourceLength)
        {
            bool fits = sourceLength <= texts.Length;
            _entries = fits ? entries : _rentedEntries = ArrayPool<MxEntry>.Shared.Rent((sourceLength / MinLineLength) + 1);
            _texts = fits ? texts : _rentedTexts = ArrayPool<byte>.Shared.Rent(sourceLength);
        }

        public int Count { get; private set; }

        /// <summary>The memory for the text of the next pattern.</summary>
        public readonly Span<byte> NextText => _texts[_end..];

        /// <summary>Adds the pattern whose text begins <see cref="NextText"/>.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(bool isWildcard, int length)
        {
            _entries[Count++] = new(_end, isWildcard, length);
            _end += length;
        }

        public readonly byte[]? ToTable()
        {
            if (Count == 0)
            {
                return null;
            }

            int textsStart = EntrySize * Count;
            byte[] table = GC.AllocateUninitializedArray<byte>(textsStart + _end);
            Span<MxEntry> entries = MemoryMarshal.Cast<byte, MxEntry>(table.AsSpan(0, textsStart));
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i] = _entries[i].Moved(textsStart);
            }

            _texts[.._end].CopyTo(table.AsSpan(textsStart));
            return table;
        }

        /// <summary>Returns rented memory to the pool; the builder must not be used after that.</summary>
        public readonly void Return()
        {
            if (_rentedEntries is not null && _rentedTexts is not null)
            {
                ArrayPool<MxEntry>.Shared.Return(_rentedEntries);
                ArrayPool<byte>.Shared.Return(_rentedTexts);
            }
        }
    }
}
