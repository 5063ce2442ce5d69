namespace MtaSts.Linting;

/// <summary>
/// Specifies why a pattern that resembles an MX host does not match it, the most similar first (RFC 8461, Section 4.1).
/// </summary>
public enum NearMissReason
{
    /// <summary>
    /// The label in the place of the asterisk is empty, or contains whitespace or a character outside printable ASCII.
    /// </summary>
    InvalidLabel = 0,

    /// <summary>The host is the wildcard's own domain: <c>example.com</c> for <c>*.example.com</c>.</summary>
    Apex,

    /// <summary>
    /// The host is one or more labels too deep under a wildcard: <c>a.b.example.com</c> for <c>*.example.com</c>.
    /// </summary>
    TooDeep,

    /// <summary>
    /// The host is below the name in the pattern, which is not a wildcard: <c>mx.example.com</c> for
    /// <c>example.com</c>.
    /// </summary>
    BelowName,

    /// <summary>
    /// One or two typing errors: <c>mx.exmaple.com</c> for <c>mx.example.com</c>, or for <c>*.example.com</c>, where
    /// only the part after the first label is compared.
    /// </summary>
    Typo,

    /// <summary>
    /// Only a trailing part of two labels or more is the same: <c>mx.example.com</c> for <c>mail.example.com</c>.
    /// </summary>
    TrailingPart,
}
