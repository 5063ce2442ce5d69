using System.Globalization;

namespace MtaSts;

/// <summary>A pattern of a policy that does not match an MX host but comes near it, and why it does not.</summary>
/// <remarks>Found by <see cref="Policy.Explain"/>. Immutable, and safe for use by several threads.</remarks>
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

    /// <summary>Why it does not match.</summary>
    public NearMissReason Reason { get; }

    /// <summary>
    /// How far off, at least 1: the labels too many (<see cref="NearMissReason.TooDeep"/>, <see cref="NearMissReason.BelowName"/>), the typing errors
    /// (<see cref="NearMissReason.Typo"/>), or the labels of host and pattern together that do not agree
    /// (<see cref="NearMissReason.TrailingPart"/>); otherwise 1.
    /// </summary>
    public int Distance { get; }

    /// <summary>The reason as part of a sentence about the host, such as <c>it is one label too deep for "*.example.com"</c>; printable ASCII.</summary>
    public override string ToString() => Reason switch
    {
        NearMissReason.InvalidLabel => $"its first label, which the asterisk of \"{Pattern}\" stands for, is empty, or holds a blank or something other than printable ASCII",
        NearMissReason.Apex => $"\"{Pattern}\" matches the hosts of that domain, not the domain itself",
        NearMissReason.TooDeep => $"it is {Count(Distance, "label")} too deep for \"{Pattern}\"",
        NearMissReason.BelowName => $"it is below \"{Pattern}\", which is no wildcard",
        NearMissReason.Typo when Pattern.IsWildcard => $"what follows its first label is {Count(Distance, "typing error")} away from \"{Pattern}\"",
        NearMissReason.Typo => $"it is {Count(Distance, "typing error")} away from \"{Pattern}\"",
        _ => $"only a trailing part agrees with \"{Pattern}\"",
    };

    private static string Count(int number, string what) => number switch
    {
        1 => $"one {what}",
        2 => $"two {what}s",
        _ => string.Create(CultureInfo.InvariantCulture, $"{number} {what}s"),
    };
}
