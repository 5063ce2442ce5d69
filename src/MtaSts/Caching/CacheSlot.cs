namespace MtaSts;

/// <summary>One policy domain in an <see cref="InMemoryCache"/>: its name, its entry, and when that was last used.</summary>
/// <remarks>
/// A slot is its own key in the cache's dictionary: it is equal to another by name. That saves an object for each domain; and a slot that
/// belongs to a thread and takes on one name after another finds any of them without allocating.
/// </remarks>
internal sealed class CacheSlot
{
    [ThreadStatic]
    private static CacheSlot? _threadProbe;

    private readonly byte[] _name;
    private int _nameLength;
    private CachedPolicy? _entry;
    private uint _lastUse;

    private CacheSlot(byte[] name, int nameLength)
    {
        _name = name;
        _nameLength = nameLength;
    }

    /// <summary>The domain in A-labels and lower case, as ASCII.</summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    /// <summary>The entry; null once the slot is out of use, and leaves the dictionary.</summary>
    public CachedPolicy? Entry => Volatile.Read(ref _entry);

    /// <summary>When the entry was last stored or read, as a number that grows and wraps around.</summary>
    public uint LastUse
    {
        get => Volatile.Read(ref _lastUse);
        set => Volatile.Write(ref _lastUse, value);
    }

    /// <summary>A slot to look up a domain with, which this thread's next call takes away.</summary>
    /// <returns>False if the text is no domain name; but not every text that is none is found out, as none is in the dictionary.</returns>
    public static bool TryGetProbe(ReadOnlySpan<char> domain, out CacheSlot probe)
    {
        probe = _threadProbe ??= new(new byte[DomainName.MaxLength], 0);
        ReadOnlySpan<ushort> name = TextUnits.Of(DomainName.WithoutRoot(domain));
        probe._nameLength = name.Length;
        return TextUnits.TryCopyLower(name, probe._name) || DomainName.TryNormalize(domain, probe._name, out probe._nameLength);
    }

    /// <summary>A slot to store a domain with, which this thread's next call takes away.</summary>
    /// <returns>False if the text is no domain name.</returns>
    public static bool TryGetValidProbe(ReadOnlySpan<char> domain, out CacheSlot probe) =>
        TryGetProbe(domain, out probe) && DomainName.IsValid(probe.Name);

    /// <summary>A slot with the name of this probe, to be put into the dictionary.</summary>
    public CacheSlot WithEntry(CachedPolicy entry, uint lastUse) => new(Name.ToArray(), _nameLength) { _entry = entry, _lastUse = lastUse };

    /// <summary>Puts an entry in place of another, unless that was replaced meanwhile.</summary>
    public bool TryReplace(CachedPolicy expected, CachedPolicy? entry) => Interlocked.CompareExchange(ref _entry, entry, expected) == expected;

    /// <summary>Equality of slots by name.</summary>
    public sealed class ByName : IEqualityComparer<CacheSlot>
    {
        public static ByName Instance { get; } = new();

        // A dictionary hands over its keys and what it looks for, which are never null.
        public bool Equals(CacheSlot? x, CacheSlot? y) => ReferenceEquals(x, y) || x!.Name.SequenceEqual(y!.Name);

        public int GetHashCode(CacheSlot obj) => NameHash.Compute(obj.Name);
    }
}
