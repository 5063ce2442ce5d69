using System.Collections;

namespace MtaSts;

/// <summary>The MX patterns of a policy, in file order.</summary>
/// <remarks>
/// An immutable view of the policy, safe for use by several threads. Neither indexing nor <c>foreach</c> allocates.
/// <c>default</c> is the empty list. Two lists are equal if they hold equal patterns in the same order.
/// </remarks>
public readonly struct MxPatternList : IReadOnlyList<MxPattern>, IEquatable<MxPatternList>
{
    private readonly MxPatternSet _patterns;

    internal MxPatternList(MxPatternSet patterns) => _patterns = patterns;

    /// <summary>The number of patterns; 0 only in mode <see cref="PolicyMode.None"/>.</summary>
    public int Count => _patterns.Count;

    /// <summary>The pattern at a position.</summary>
    /// <param name="index">The position, from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="index"/> is negative or not less than <see cref="Count"/>.
    /// </exception>
    public MxPattern this[int index] => _patterns[index];

    /// <summary>Determines whether two lists hold equal patterns in the same order.</summary>
    public static bool operator ==(MxPatternList left, MxPatternList right) => left.Equals(right);

    /// <summary>Determines whether two lists differ in a pattern or in their order.</summary>
    public static bool operator !=(MxPatternList left, MxPatternList right) => !left.Equals(right);

    /// <summary>Returns an enumerator over the patterns, without allocating.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    public bool Equals(MxPatternList other) => _patterns.HasSamePatterns(other._patterns);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MxPatternList other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _patterns.HashPatterns();

    IEnumerator<MxPattern> IEnumerable<MxPattern>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Enumerates a list of patterns.</summary>
    public struct Enumerator : IEnumerator<MxPattern>
    {
        private readonly MxPatternList _list;
        private int _index;

        internal Enumerator(MxPatternList list) => (_list, _index) = (list, -1);

        /// <inheritdoc/>
        public readonly MxPattern Current => _list[_index];

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => _index < _list.Count && ++_index < _list.Count;

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
