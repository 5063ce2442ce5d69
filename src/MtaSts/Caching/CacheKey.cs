using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MtaSts;

/// <summary>
/// Represents the name of a policy domain in an <see cref="InMemoryCache"/>, with the last use of its entry.
/// </summary>
/// <remarks>
/// One array, because there are hundreds of thousands of them: 32 bits for the last use, then the name. The last use
/// does not count for equality.
/// </remarks>
internal readonly struct CacheKey
{
    private const int NameStart = sizeof(uint);

    private readonly byte[] _data;

    /// <summary>Creates the key of a domain.</summary>
    /// <param name="name">The domain in canonical form, as ASCII.</param>
    /// <param name="lastUse"><inheritdoc cref="LastUse" path="/summary"/></param>
    public CacheKey(ReadOnlySpan<byte> name, uint lastUse)
    {
        _data = new byte[NameStart + name.Length];
        name.CopyTo(_data.AsSpan(NameStart));
        LastUse = lastUse;
    }

    /// <summary>The domain in canonical form, as ASCII.</summary>
    public ReadOnlySpan<byte> Name => _data.AsSpan(NameStart);

    /// <summary>The use count when the entry was last stored or read. It wraps around.</summary>
    public uint LastUse
    {
        get => Volatile.Read(ref Use);
        set => Volatile.Write(ref Use, value);
    }

    private ref uint Use => ref MemoryMarshal.AsRef<uint>(_data.AsSpan());

    /// <summary>Finds an entry and its stored key by the name of the domain, in any letter case.</summary>
    public static bool TryFind(
        ConcurrentDictionary<CacheKey, CachedPolicy> entries,
        ReadOnlySpan<char> name,
        out CacheKey key,
        [NotNullWhen(true)] out CachedPolicy? entry) =>
        entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out key, out entry);

    /// <summary>Compares keys by name, with other keys and with text.</summary>
    public sealed class ByName : IEqualityComparer<CacheKey>, IAlternateEqualityComparer<ReadOnlySpan<char>, CacheKey>
    {
        public static ByName Instance { get; } = new();

        public bool Equals(CacheKey x, CacheKey y) => x.Name.SequenceEqual(y.Name);

        public int GetHashCode(CacheKey obj) => NameHash.Compute(obj.Name);

        public bool Equals(ReadOnlySpan<char> alternate, CacheKey other) => VectorNames.EqualsIgnoreCase(other.Name, alternate);

        public int GetHashCode(ReadOnlySpan<char> alternate) => NameHash.Compute(CodeUnits.Of(alternate));

        CacheKey IAlternateEqualityComparer<ReadOnlySpan<char>, CacheKey>.Create(ReadOnlySpan<char> alternate) =>
            throw new NotSupportedException("Only a validated name becomes a key.");
    }
}
