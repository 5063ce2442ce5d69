namespace MtaSts;

/// <summary>The position of an MX pattern's text in an array, and the kind of the pattern, in 32 bits.</summary>
/// <remarks>
/// <code>
/// bits 31-9  the start of the text
/// bit  8     1 for a wildcard
/// bits 7-0   the length of the text: up to 253 for a name, 254 for the parent of a wildcard with its dot
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

    /// <summary>
    /// Indicates whether this is <c>default</c>, which means no pattern: every text has a length over 0.
    /// </summary>
    public bool IsEmpty => _bits == 0;

    public int Start => (int)(_bits >> StartShift);

    public bool IsWildcard => (_bits & WildcardBit) != 0;

    public int Length => (byte)_bits;

    /// <summary>
    /// Returns whether a host of this length could match: as long as the name, or longer than the parent of a wildcard.
    /// </summary>
    public bool CouldMatch(int hostLength) => IsWildcard ? hostLength > Length : hostLength == Length;

    /// <summary>Returns the entry of the same text moved by an offset.</summary>
    public MxEntry Moved(int by) => new(_bits + ((uint)by << StartShift));
}
