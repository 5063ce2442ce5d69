namespace MtaSts;

/// <summary>
/// The deviations of a policy file from the grammar of RFC 8461 section 3.2 that <see cref="Policy"/> accepts.
/// </summary>
/// <remarks>
/// All of these occur in published files. They do not make the file ambiguous. Any other deviation rejects the whole
/// file. A caller that needs a strict verdict compares with <see cref="None"/>.
/// </remarks>
[Flags]
public enum Deviations
{
    /// <summary>The file follows the grammar.</summary>
    None = 0,

    /// <summary>The file begins with one byte order mark, U+FEFF.</summary>
    ByteOrderMark = 1 << 0,

    /// <summary>A line is empty or contains only spaces and tabs.</summary>
    BlankLine = 1 << 1,

    /// <summary>Spaces or tabs precede a field name, or separate it from its colon.</summary>
    Whitespace = 1 << 2,

    /// <summary>A line is a comment: its first character after spaces and tabs is <c>#</c>.</summary>
    Comment = 1 << 3,

    /// <summary>An <c>mx</c> value ends with a dot, which is removed.</summary>
    TrailingDot = 1 << 4,

    /// <summary>The <c>max_age</c> is over 31557600 seconds and is lowered to 31557600.</summary>
    MaxAgeCapped = 1 << 5,
}
