using System.Collections;

namespace MtaSts;

/// <summary>The MX patterns of a policy, in the order of its file.</summary>
/// <remarks>
/// An immutable view of the policy, safe for use by several threads. Neither indexing nor <c>foreach</c> allocates. <c>default</c> is
/// the empty list. Two lists are equal when their patterns are, in the same order.
/// </remarks>
public readonly struct MxPatternList : IReadOnlyList<MxPattern>, IEquatable<MxPatternList>
{
    private readonly MxPatternSet _table;

    internal MxPatternList(MxPatternSet table) => _table = table;

    /// <summary>The number of patterns; 0 is possible in mode <see cref="PolicyMode.None"/> only.</summary>
    public int Count => _table.Count;

    /// <summary>One pattern.</summary>
    /// <param name="index">Its place, from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public MxPattern this[int index] => _table[index];

    /// <summary>Whether two lists hold equal patterns in the same order.</summary>
    public static bool operator ==(MxPatternList left, MxPatternList right) => left.Equals(right);

    /// <summary>Whether two lists differ in a pattern or in their order.</summary>
    public static bool operator !=(MxPatternList left, MxPatternList right) => !left.Equals(right);

    /// <summary>Walks through the patterns without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    public bool Equals(MxPatternList other) => _table.HasSamePatterns(other._table);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MxPatternList other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _table.HashPatterns();

    IEnumerator<MxPattern> IEnumerable<MxPattern>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks through a list of patterns.</summary>
    public struct Enumerator : IEnumerator<MxPattern>
    {
        private readonly MxPatternList _list;
        private int _index;

        internal Enumerator(MxPatternList list)
        {
            _list = list;
            _index = -1;
        }

        /// <inheritdoc/>
        public readonly MxPattern Current => _list[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            int next = _index + 1;
            if (next >= _list.Count)
            {
                return false;
            }

            _index = next;
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
