namespace MtaSts;

/// <summary>The rule of RFC 8461 that a TXT record, a policy file or an MX pattern breaks.</summary>
/// <remarks>
/// <para>One member for each thing that a caller would do or say differently. <see cref="ParseError.ToString"/> has a sentence for each.</para>
/// <para>Where a text breaks several rules, the first one in reading order is given. A character that no field may hold
/// (<see cref="ControlCharacter"/>, <see cref="InvalidEncoding"/>) goes before the other errors of its line, because it is usually
/// their cause.</para>
/// </remarks>
public enum ParseErrorCode
{
    /// <summary>There is no error.</summary>
    None = 0,

    /// <summary>The policy file is over 65,536 bytes (Section 3.3). It is refused unread: a file cut short could lack an MX host.</summary>
    TooLarge,

    /// <summary>The bytes are not UTF-8, or the characters hold half of a surrogate pair. A file saved as UTF-16 gives this error, too.</summary>
    InvalidEncoding,

    /// <summary>A control character stands where none may: NUL, a carriage return without a line feed, and so on; or a tab within the value of an extension.</summary>
    ControlCharacter,

    /// <summary>The TXT record does not begin with <c>v=STSv1</c> and a semicolon: it is some other record (Section 3.1).</summary>
    NotAnStsRecord,

    /// <summary>A field of the record is empty, as in <c>;;</c> (Section 3.1).</summary>
    EmptyField,

    /// <summary>A field of the record has no <c>=</c>, or a line of the policy has no <c>:</c>.</summary>
    MissingSeparator,

    /// <summary>A field's name is not a letter or digit followed by at most 31 letters, digits, <c>_</c>, <c>-</c> or <c>.</c>.</summary>
    InvalidFieldName,

    /// <summary>A field's value is empty or holds a character that it may not hold.</summary>
    InvalidFieldValue,

    /// <summary>The value of the first <c>id</c> is not 1 to 32 ASCII letters and digits (Section 3.1).</summary>
    InvalidId,

    /// <summary>The record has no <c>id</c> (Section 3.1).</summary>
    MissingId,

    /// <summary>The value of the first <c>version</c> is not <c>STSv1</c> (Section 3.2).</summary>
    UnsupportedVersion,

    /// <summary>The value of the first <c>mode</c> is not <c>enforce</c>, <c>testing</c> or <c>none</c>, in lower case (Section 3.2).</summary>
    InvalidMode,

    /// <summary>The value of the first <c>max_age</c> is not 1 to 10 ASCII digits (Section 3.2, erratum 7282).</summary>
    InvalidMaxAge,

    /// <summary>The policy has no <c>version</c> (Section 3.2).</summary>
    MissingVersion,

    /// <summary>The policy has no <c>mode</c> (Section 3.2).</summary>
    MissingMode,

    /// <summary>The policy has no <c>max_age</c> (Section 3.2).</summary>
    MissingMaxAge,

    /// <summary>The policy has no <c>mx</c> although its mode is not <c>none</c> (Section 3.2).</summary>
    MissingMx,

    /// <summary>The MX pattern is empty, or nothing follows its <c>*.</c>.</summary>
    EmptyName,

    /// <summary>An asterisk stands elsewhere than as the whole left-most label (Section 4.1).</summary>
    MisplacedWildcard,

    /// <summary>The MX pattern is an address in brackets: a policy names hosts.</summary>
    AddressLiteral,

    /// <summary>The MX pattern holds characters beyond ASCII: Section 3.2 asks for the A-label (<c>xn--</c>).</summary>
    NonAsciiName,

    /// <summary>The MX pattern holds an ASCII character other than a letter, a digit, a hyphen or a dot, such as an underscore.</summary>
    InvalidNameCharacter,

    /// <summary>Two dots of the MX pattern stand together, or one stands at its start.</summary>
    EmptyLabel,

    /// <summary>The MX pattern ends with a dot. (In a policy file one is tolerated: <see cref="Deviations.TrailingDot"/>.)</summary>
    TrailingDot,

    /// <summary>A label of the MX pattern begins or ends with a hyphen.</summary>
    MisplacedHyphen,

    /// <summary>A label of the MX pattern is over 63 octets.</summary>
    LabelTooLong,

    /// <summary>The name in the MX pattern, without its <c>*.</c>, is over 253 octets.</summary>
    NameTooLong,

    /// <summary>The domain is over 244 octets as A-labels: the name of its TXT record would be over 253 (Section 3.1).</summary>
    DomainTooLong,
}
