// All that is different in the build for .NET 8, which .NET 9 takes as well.
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

#pragma warning disable IDE0161 // There are two namespaces.
namespace MtaSts
{
    internal readonly partial struct CacheKey
    {
#if NET9_0_OR_GREATER
        /// <summary>Finds an entry by the name of its domain, in any letter case, and the key that it is stored with.</summary>
        public static bool TryFind(
            ConcurrentDictionary<CacheKey, CachedPolicy> entries, ReadOnlySpan<char> name, out CacheKey key, [NotNullWhen(true)] out CachedPolicy? entry) =>
            entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out key, out entry);

        /// <summary>Equality by name, with other keys and with text.</summary>
        public sealed class ByName : IEqualityComparer<CacheKey>, IAlternateEqualityComparer<ReadOnlySpan<char>, CacheKey>
        {
            public static ByName Instance { get; } = new();

            public bool Equals(CacheKey x, CacheKey y) => x.Name.SequenceEqual(y.Name);

            public int GetHashCode(CacheKey obj) => NameHash.Compute(obj.Name);

            public bool Equals(ReadOnlySpan<char> alternate, CacheKey other) => DomainName.EqualsIgnoreCase(other.Name, alternate);

            public int GetHashCode(ReadOnlySpan<char> alternate) => NameHash.Compute(TextUnits.Of(alternate));

            CacheKey IAlternateEqualityComparer<ReadOnlySpan<char>, CacheKey>.Create(ReadOnlySpan<char> alternate) =>
                throw new NotSupportedException("A key is made of a name that was validated.");
        }
#else
        // A dictionary looks for keys only, and does not give back the one that it finds. So each thread has a key for each length to look with,
        // and keeps the one that this was equal to.
        [ThreadStatic]
        private static CacheKey[]? _probes;

        [ThreadStatic]
        private static CacheKey _found;

        /// <summary>Finds an entry by the name of its domain, in any letter case, and the key that it is stored with.</summary>
        public static bool TryFind(
            ConcurrentDictionary<CacheKey, CachedPolicy> entries, ReadOnlySpan<char> name, out CacheKey key, [NotNullWhen(true)] out CachedPolicy? entry)
        {
            key = default;
            entry = null;
            if (name.Length > DomainName.MaxLength)
            {
                return false;
            }

            _probes ??= new CacheKey[DomainName.MaxLength + 1];
            ref CacheKey probe = ref _probes[name.Length];
            if (probe._data is null)
            {
                probe = new(new byte[name.Length], 0);
            }

            if (!TextUnits.TryCopyLower(TextUnits.Of(name), probe._data.AsSpan(NameStart)) || !entries.TryGetValue(probe, out entry))
            {
                return false;
            }

            key = _found;
            return true;
        }

        /// <summary>Equality by name.</summary>
        public sealed class ByName : IEqualityComparer<CacheKey>
        {
            public static ByName Instance { get; } = new();

            public bool Equals(CacheKey x, CacheKey y)
            {
                if (!x.Name.SequenceEqual(y.Name))
                {
                    return false;
                }

                _found = ReferenceEquals(x._data, _probes?[x.Name.Length]._data) ? y : x;
                return true;
            }

            public int GetHashCode(CacheKey obj) => NameHash.Compute(obj.Name);
        }
#endif
    }
}

#if !NET9_0_OR_GREATER
namespace System.Runtime.CompilerServices
{
    /// <summary>An attribute that the compiler reads.</summary>
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property, Inherited = false)]
    internal sealed class OverloadResolutionPriorityAttribute(int priority) : Attribute
    {
        public int Priority { get; } = priority;
    }
}
#endif
