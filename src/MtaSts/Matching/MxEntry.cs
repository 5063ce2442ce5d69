namespace MtaSts;

/// <summary>Where the text of an MX pattern stands in an array, and which kind of pattern it is, in 32 bits.</summary>
/// <remarks>
/// <code>
/// bits 31-9  where the text begins
/// bit  8     whether the pattern is a wildcard
/// bits 7-0   the length of the text: up to 253 for a name, 254 for a wildcard's parent with its dot
/// </code>
/// </remarks>
internal readonly struct MxEntry
{
    private const int StartShift = 9;
    private const uint WildcardBit = 1 << 8;

    private readonly uint _bits;

    private MxEntry(uint bits) => _bits = bits;

    public MxEntry(int start, bool isWildcard, int length)
        : this(((uint)start << StartShift) | (isWildcard ? WildcardBit : 0) | (uint)length)
    {
    }

    /// <summary>Whether this is <c>default</c>, which is no entry: no text has the length 0.</summary>
    public bool IsEmpty => _bits == 0;

    public int Start => (int)(_bits >> StartShift);

    public bool IsWildcard => (_bits & WildcardBit) != 0;

    public int Length => (byte)_bits;

    /// <summary>Whether a host of this length could match: one as long as the name, or longer than the parent of a wildcard, as a label goes before that.</summary>
    public bool CouldMatch(int hostLength) => IsWildcard ? hostLength > Length : hostLength == Length;

    /// <summary>The same entry for a text that stands further on by this much.</summary>
    public MxEntry Moved(int by) => new(_bits + ((uint)by << StartShift));
}
