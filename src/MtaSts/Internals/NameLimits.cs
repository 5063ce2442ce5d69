namespace MtaSts;

/// <summary>The limits of domain names: RFC 1035 section 2.3.4.</summary>
internal static class NameLimits
{
    /// <summary>The largest length of a name as text, without the trailing dot of the root.</summary>
    public const int MaxLength = 253;

    /// <summary>The largest length of a label.</summary>
    public const int MaxLabelLength = 63;
}
