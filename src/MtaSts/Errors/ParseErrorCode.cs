namespace MtaSts;

/// <summary>The rule of RFC 8461 that a TXT record, a policy file, an MX pattern or a policy domain breaks.</summary>
/// <remarks>
/// <para>There is one member for each case that callers may treat differently. <see cref="ParseError.ToString"/> has a
/// text for each.</para>
/// <para>If a text breaks several rules, the code is that of the first one. A character that no field may hold
/// (<see cref="ControlCharacter"/>, <see cref="InvalidEncoding"/>) takes precedence over other errors of its line,
/// because it is usually their cause.</para>
/// </remarks>
public enum ParseErrorCode
{
    /// <summary>There is no error.</summary>
    None = 0,

    /// <summary>
    /// The policy file is over 65,536 bytes (RFC 8461 section 3.3). It is rejected before it is parsed, because a
    /// truncated file could lack an MX host.
    /// </summary>
    TooLarge,

    /// <summary>
    /// The bytes are not UTF-8, or the characters hold half of a surrogate pair. A file saved as UTF-16 has this error.
    /// </summary>
    InvalidEncoding,

    /// <summary>
    /// A control character is not allowed here, such as NUL, a CR without LF, or a tab within the value of an
    /// extension.
    /// </summary>
    ControlCharacter,

    /// <summary>
    /// The TXT record does not begin with <c>v=STSv1</c> and a semicolon: it is another record (RFC 8461 section 3.1).
    /// </summary>
    NotAnStsRecord,

    /// <summary>A field of the record is empty, as in <c>;;</c> (RFC 8461 section 3.1).</summary>
    EmptyField,

    /// <summary>A field of the record has no <c>=</c>, or a line of the policy has no <c>:</c>.</summary>
    MissingSeparator,

    /// <summary>
    /// The name of a field is not a letter or digit followed by at most 31 letters, digits, <c>_</c>, <c>-</c> or
    /// <c>.</c>.
    /// </summary>
    InvalidFieldName,

    /// <summary>The value of a field is empty or holds a character that is not allowed.</summary>
    InvalidFieldValue,

    /// <summary>
    /// The value of the first <c>id</c> is not 1 to 32 ASCII letters and digits (RFC 8461 section 3.1).
    /// </summary>
    InvalidId,

    /// <summary>The record has no <c>id</c> (RFC 8461 section 3.1).</summary>
    MissingId,

    /// <summary>The value of the first <c>version</c> is not <c>STSv1</c> (RFC 8461 section 3.2).</summary>
    UnsupportedVersion,

    /// <summary>
    /// The value of the first <c>mode</c> is not <c>enforce</c>, <c>testing</c> or <c>none</c> in lower case
    /// (RFC 8461 section 3.2).
    /// </summary>
    InvalidMode,

    /// <summary>
    /// The value of the first <c>max_age</c> is not 1 to 10 ASCII digits (RFC 8461 section 3.2, erratum 7282).
    /// </summary>
    InvalidMaxAge,

    /// <summary>The policy has no <c>version</c> (RFC 8461 section 3.2).</summary>
    MissingVersion,

    /// <summary>The policy has no <c>mode</c> (RFC 8461 section 3.2).</summary>
    MissingMode,

    /// <summary>The policy has no <c>max_age</c> (RFC 8461 section 3.2).</summary>
    MissingMaxAge,

    /// <summary>The policy has no <c>mx</c> although its mode is not <c>none</c> (RFC 8461 section 3.2).</summary>
    MissingMx,

    /// <summary>The MX pattern or domain is empty, or nothing follows the <c>*.</c> of the pattern.</summary>
    EmptyName,

    /// <summary>An asterisk is not the whole first label of an MX pattern (RFC 8461 section 4.1).</summary>
    MisplacedWildcard,

    /// <summary>The MX pattern or domain is an address in brackets, not a name.</summary>
    AddressLiteral,

    /// <summary>
    /// The MX pattern has characters beyond ASCII (RFC 8461 section 3.2 requires A-labels, <c>xn--</c>), or a label of
    /// the domain has no A-label.
    /// </summary>
    NonAsciiName,

    /// <summary>
    /// The MX pattern or domain holds an ASCII character other than a letter, digit, hyphen or dot, such as an
    /// underscore.
    /// </summary>
    InvalidNameCharacter,

    /// <summary>The MX pattern or domain begins with a dot or has two dots in a row.</summary>
    EmptyLabel,

    /// <summary>
    /// The MX pattern ends with a dot, or the domain with two. A policy file may have one such dot
    /// (<see cref="Deviations.TrailingDot"/>).
    /// </summary>
    TrailingDot,

    /// <summary>A label of the MX pattern or domain begins or ends with a hyphen.</summary>
    MisplacedHyphen,

    /// <summary>A label of the MX pattern or domain is over 63 octets.</summary>
    LabelTooLong,

    /// <summary>The name in the MX pattern, without its <c>*.</c>, is over 253 octets.</summary>
    NameTooLong,

    /// <summary>
    /// The domain is over 244 octets as A-labels: the name of its TXT record would be over 253 (RFC 8461 section 3.1).
    /// </summary>
    DomainTooLong,
}
