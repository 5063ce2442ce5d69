namespace MtaSts;

/// <summary>What a policy file does that the grammar of RFC 8461, Section 3.2, does not allow, and that <see cref="Policy"/> tolerates.</summary>
/// <remarks>
/// Each of these stands in files that domains publish, and none of them leaves the meaning of the file in doubt. Whatever else departs
/// from the grammar refuses the whole file. A caller that wants the strict verdict tests for <see cref="None"/>.
/// </remarks>
[Flags]
public enum Deviations
{
    /// <summary>The file is exactly what the grammar allows.</summary>
    None = 0,

    /// <summary>One byte order mark, U+FEFF, stands at the very start.</summary>
    ByteOrderMark = 1 << 0,

    /// <summary>A line is empty or holds only spaces and tabs.</summary>
    BlankLine = 1 << 1,

    /// <summary>Spaces or tabs stand before a key, or between a key and its colon.</summary>
    Whitespace = 1 << 2,

    /// <summary>A line is a comment: its first character that is no space or tab is <c>#</c>.</summary>
    Comment = 1 << 3,

    /// <summary>An <c>mx</c> value ends with a dot, which is dropped.</summary>
    TrailingDot = 1 << 4,

    /// <summary>The <c>max_age</c> is over 31557600 seconds, and counts as 31557600.</summary>
    MaxAgeCapped = 1 << 5,
}
