using System.Globalization;

namespace MtaSts.Linting;

/// <summary>Represents a pattern that resembles an MX host but does not match it, and the reason.</summary>
/// <remarks>Found by <see cref="PolicyExtensions.Explain"/>. Immutable and safe for use by several threads.</remarks>
public sealed class NearMiss
{
    internal NearMiss(MxPattern pattern, NearMissReason reason, int distance)
    {
        Pattern = pattern;
        Reason = reason;
        Distance = distance;
    }

    /// <summary>The pattern.</summary>
    public MxPattern Pattern { get; }

    /// <summary>The reason why the pattern does not match.</summary>
    public NearMissReason Reason { get; }

    /// <summary>The number of differences between host and pattern, at least 1.</summary>
    /// <value>
    /// The labels too many (<see cref="NearMissReason.TooDeep"/>, <see cref="NearMissReason.BelowName"/>), the typing
    /// errors (<see cref="NearMissReason.Typo"/>), or the labels of host and pattern together that differ
    /// (<see cref="NearMissReason.TrailingPart"/>); otherwise, 1.
    /// </value>
    public int Distance { get; }

    /// <summary>Returns the reason as part of a sentence about the host.</summary>
    /// <returns>One line of printable ASCII.</returns>
    /// <example><c>it is one label too deep for "*.example.com"</c></example>
    public override string ToString() => Reason switch
    {
        NearMissReason.InvalidLabel =>
            $"its first label, in the place of the asterisk of \"{Pattern}\", "
                + "is empty or contains whitespace or a character outside printable ASCII",
        NearMissReason.Apex => $"\"{Pattern}\" matches the hosts of that domain, not the domain itself",
        NearMissReason.TooDeep => $"it is {Count("label")} too deep for \"{Pattern}\"",
        NearMissReason.BelowName => $"it is below \"{Pattern}\", which is not a wildcard",
        NearMissReason.Typo when Pattern.IsWildcard =>
            $"the part after its first label is {Count("typing error")} away from \"{Pattern}\"",
        NearMissReason.Typo => $"it is {Count("typing error")} away from \"{Pattern}\"",
        _ => $"only a trailing part is the same as in \"{Pattern}\"",
    };

    private string Count(string noun) => Distance switch
    {
        1 => $"one {noun}",
        2 => $"two {noun}s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Distance} {noun}s"),
    };
}
