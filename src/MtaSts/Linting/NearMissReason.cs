namespace MtaSts;

/// <summary>Why a pattern that comes near an MX host does not match it (RFC 8461, Section 4.1), the nearest first.</summary>
public enum NearMissReason
{
    /// <summary>The label in the place of the asterisk is empty, or holds a blank or something other than printable ASCII.</summary>
    InvalidLabel = 0,

    /// <summary>The host is the wildcard's own domain: <c>example.com</c> for <c>*.example.com</c>.</summary>
    Apex,

    /// <summary>The host is one or more labels too deep under a wildcard: <c>a.b.example.com</c> for <c>*.example.com</c>.</summary>
    TooDeep,

    /// <summary>The host is below the name in the pattern, which is no wildcard: <c>mx.example.com</c> for <c>example.com</c>.</summary>
    BelowName,

    /// <summary>
    /// One or two typing errors away: <c>mx.exmaple.com</c> for <c>mx.example.com</c>, or for <c>*.example.com</c>, where only what follows the
    /// first label is compared.
    /// </summary>
    Typo,

    /// <summary>Only a trailing part of two labels or more agrees: <c>mx.example.com</c> for <c>mail.example.com</c>.</summary>
    TrailingPart,
}
