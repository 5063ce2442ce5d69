using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>The MX patterns of a policy in file order, and the search among them.</summary>
/// <remarks>
/// RFC 8461 section 4.1. A short list is scanned, a long one has an index. A host with non-ASCII labels is searched
/// once as it is and once in A-labels.
/// </remarks>
internal readonly struct MxPatternSet
{
    // Most policies are shorter and never build an index. In the worst case, with patterns all as long as the host, a
    // scan of 16 takes two thirds longer than a search of the index.
    private const int LongestScan = 16;

    // Null for no patterns, the table of a short list, or the MxIndex of a long one. A second field would add 8 bytes
    // to each cached policy.
    private readonly object? _storage;

    /// <summary>Creates a set from a table of <see cref="MxTable"/>; null is the empty set.</summary>
    public MxPatternSet(byte[]? table) => _storage = MxTable.Count(table) > LongestScan ? new MxIndex(table!) : table;

    public int Count => MxTable.Count(Table);

    private byte[]? Table => _storage is MxIndex index ? index.Table : Unsafe.As<byte[]?>(_storage);

    public MxPattern this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return new(Table!, MxTable.Entries(Table)[index]);
        }
    }

    /// <summary>Creates a set from patterns that are not <c>default</c>.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="textLength">The length of all their <see cref="MxPattern.MatchText"/>.</param>
    public static MxPatternSet Create(MxPattern[] patterns, int textLength)
    {
        MxTable.Builder builder = new(new MxEntry[patterns.Length], new byte[textLength], textLength);
        foreach (MxPattern pattern in patterns)
        {
            pattern.MatchText.CopyTo(builder.NextText);
            builder.Add(pattern.IsWildcard, pattern.MatchText.Length);
        }

        return new(builder.ToTable());
    }

    /// <summary>Finds the first pattern in file order that matches an MX host.</summary>
    /// <remarks>
    /// Compares the first pattern before the search: if it is the host, that takes half the time. A host with the
    /// trailing dot of the root equals no pattern here; the search then finds it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMatch(ReadOnlySpan<char> mxHost, out MxPattern pattern)
    {
        byte[]? table = Table;
        if (table is not null)
        {
            MxEntry first = MemoryMarshal.Read<MxEntry>(table);
            if (!first.IsWildcard
                && first.Length == mxHost.Length
                && VectorNames.EqualsIgnoreCaseInlined(table.AsSpan(first.Start, first.Length), mxHost))
            {
                pattern = new(table, first);
                return true;
            }
        }

        MxEntry entry = Search(mxHost);
        pattern = entry.IsEmpty ? default : new(table!, entry);
        return !entry.IsEmpty;
    }

    /// <summary>Determines whether two sets hold equal patterns in the same order.</summary>
    public bool HasSamePatterns(MxPatternSet other) => Table.AsSpan().SequenceEqual(other.Table);

    /// <summary>Returns a hash code of the patterns in their order.</summary>
    public int HashPatterns() => NameHash.Compute<byte>(Table);

    // Compares lengths before texts: that decides most comparisons, and for many hosts no text is compared at all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static MxEntry Scan(ReadOnlySpan<byte> table, ReadOnlySpan<char> name)
    {
        ReadOnlySpan<MxEntry> entries = MxTable.Entries(table);
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].CouldMatch(name.Length))
            {
                return ScanTexts(entries[i..], table, name);
            }
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: needs so many registers that the loop over the lengths would spill its own.
    private static MxEntry ScanTexts(ReadOnlySpan<MxEntry> entries, ReadOnlySpan<byte> table, ReadOnlySpan<char> name)
    {
        foreach (MxEntry entry in entries)
        {
            if (entry.CouldMatch(name.Length)
                && VectorNames.EqualsIgnoreCaseInlined(table.Slice(entry.Start, entry.Length), name[^entry.Length..])
                && (!entry.IsWildcard || VectorNames.StartsWithLabel(name, name.Length - entry.Length)))
            {
                return entry;
            }
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: keeps the frame of TryMatch's caller small.
    private MxEntry Search(ReadOnlySpan<char> mxHost)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        MxEntry entry = Find(name);
        return entry.IsEmpty && !CodeUnits.IsShortAscii(name) ? FindALabels(name) : entry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: ASCII names of 8 to 32 characters, as most are, do not need it.
    private MxEntry FindALabels(ReadOnlySpan<char> name) => HostName.TryGetALabels(name, out string? ascii) ? Find(ascii) : default;

    private MxEntry Find(ReadOnlySpan<char> name) => _storage switch
    {
        null => default,
        MxIndex index => index.Find(name),
        object table => Scan(Unsafe.As<byte[]>(table), name),
    };
}
