namespace MtaSts.Linting;

/// <summary>Specifies the kind of a <see cref="Finding"/>. The sections are those of RFC 8461.</summary>
/// <remarks>The name and the number of a member never change. New members are added at the end.</remarks>
public enum FindingCode
{
    /// <summary>Note: the TXT lookup did not complete, so the record is unknown.</summary>
    RecordLookupFailed = 0,

    /// <summary>
    /// Error: the domain has no MTA-STS record, so senders do not look for a policy (RFC 8461 section 3.1).
    /// </summary>
    NoRecord,

    /// <summary>
    /// Error: the domain has several MTA-STS records, and senders ignore all of them (RFC 8461 section 3.1).
    /// </summary>
    MultipleRecords,

    /// <summary>
    /// Error: senders ignore the invalid TXT record (RFC 8461 section 3.1). <see cref="Finding.ParseErrorCode"/> is the
    /// broken rule.
    /// </summary>
    InvalidRecord,

    /// <summary>Error: the connection to the policy host failed.</summary>
    ConnectionFailed,

    /// <summary>
    /// Error: the policy host answers with a redirect, which senders do not follow (RFC 8461 section 3.3).
    /// </summary>
    Redirected,

    /// <summary>Error: the policy host does not have the file (status 404).</summary>
    NotFound,

    /// <summary>Error: the policy host answers with a status other than 200 (RFC 8461 section 3.3).</summary>
    UnexpectedStatus,

    /// <summary>Error: the media type of the policy file is not <c>text/plain</c> (RFC 8461 section 3.2).</summary>
    WrongMediaType,

    /// <summary>Error: the policy file is over <see cref="Policy.MaxSize"/> bytes (RFC 8461 section 3.3).</summary>
    TooLarge,

    /// <summary>
    /// Error: the policy file is not valid (RFC 8461 section 3.2). <see cref="Finding.ParseErrorCode"/> is the broken
    /// rule.
    /// </summary>
    InvalidPolicy,

    /// <summary>Error: the policy host did not answer in time (RFC 8461 section 3.3).</summary>
    TimedOut,

    /// <summary>Error: the certificate of the policy host is not valid (RFC 8461 section 3.3).</summary>
    CertificateInvalid,

    /// <summary>Warning: <see cref="Deviations.ByteOrderMark"/>.</summary>
    ByteOrderMark,

    /// <summary>Warning: <see cref="Deviations.BlankLine"/>.</summary>
    BlankLine,

    /// <summary>Warning: <see cref="Deviations.Whitespace"/>.</summary>
    Whitespace,

    /// <summary>Warning: <see cref="Deviations.Comment"/>.</summary>
    Comment,

    /// <summary>Warning: <see cref="Deviations.TrailingDot"/>.</summary>
    TrailingDot,

    /// <summary>Warning: <see cref="Deviations.MaxAgeCapped"/>.</summary>
    MaxAgeCapped,

    /// <summary>
    /// Warning: a second <c>version</c>, <c>mode</c> or <c>max_age</c>, which senders ignore (RFC 8461 section 3.2).
    /// </summary>
    DuplicateField,

    /// <summary>Warning: an unknown field, which senders ignore, whose name resembles a known one.</summary>
    MisspelledField,

    /// <summary>Note: the mode is <c>none</c>, so the policy requires nothing of senders.</summary>
    ModeNone,

    /// <summary>Note: the mode is <c>testing</c>, so senders report failures but deliver the mail.</summary>
    ModeTesting,

    /// <summary>Warning: the <c>max_age</c> is a day or less, in mode <c>enforce</c> or <c>testing</c>.</summary>
    MaxAgeUnderDay,

    /// <summary>Warning: the <c>max_age</c> is over a day but under a week, in mode <c>enforce</c>.</summary>
    MaxAgeUnderWeek,

    /// <summary>Note: the policy lists a pattern again.</summary>
    DuplicatePattern,

    /// <summary>Note: a wildcard of the policy covers a pattern.</summary>
    RedundantPattern,

    /// <summary>
    /// Warning: a wildcard allows every host of the policy domain as an MX host (RFC 8461 section 10.4).
    /// </summary>
    WildcardOverPolicyDomain,

    /// <summary>
    /// Warning: the last label of a pattern is all digits, as in an IP address and never in a host name.
    /// </summary>
    NumericLastLabel,

    /// <summary>
    /// Error in mode <c>enforce</c>, warning in mode <c>testing</c>: no pattern matches an MX host of the domain.
    /// </summary>
    UncoveredMxHost,

    /// <summary>Note: a pattern matches no MX host of the domain.</summary>
    UnusedPattern,

    /// <summary>
    /// Error: the policy changes but the id of the record does not, so senders do not fetch the new policy (Section
    /// 3.1).
    /// </summary>
    IdNotChanged,

    /// <summary>Note: the id of the record changes but the policy does not.</summary>
    IdChangedNeedlessly,

    /// <summary>
    /// Error in mode <c>enforce</c>, warning in mode <c>testing</c>: the next policy does not allow an MX host that the
    /// current one allows and that is still in the DNS.
    /// </summary>
    RemovedMxHost,

    /// <summary>
    /// Error: the policy is removed without a policy of mode <c>none</c> in between (RFC 8461 section 8.3).
    /// </summary>
    PolicyDeleted,

    /// <summary>Warning: the record remains although the policy is removed.</summary>
    RecordWithoutPolicy,

    /// <summary>Note: the next <c>max_age</c> is smaller, which does not shorten the life of cached policies.</summary>
    MaxAgeShrunk,

    /// <summary>
    /// Error: a TXT record resembles an MTA-STS record, but senders discard it and find no other (RFC 8461 section
    /// 3.1).
    /// </summary>
    DiscardedRecord,

    /// <summary>
    /// Warning: the TXT record has whitespace before its first semicolon, so some senders discard it (RFC 8461 section
    /// 3.1, erratum 6285).
    /// </summary>
    WhitespaceBeforeSemicolon,

    /// <summary>Error: a line of an invalid file has more than one field (RFC 8461 section 3.2).</summary>
    SeveralFieldsOnLine,

    /// <summary>
    /// Error: a wildcard directly under a top-level domain, which allows every domain under it as an MX host.
    /// </summary>
    WildcardOverTopLevelDomain,

    /// <summary>
    /// Error in mode <c>enforce</c>, warning in mode <c>testing</c>: no pattern matches a name in the MX records, and
    /// no <c>mx</c> line can hold the name. It is not a valid host name, has an underscore, or is not in A-labels
    /// (RFC 8461 section 3.2).
    /// </summary>
    InvalidMxHost,

    /// <summary>
    /// Warning: the domain has a null MX and so accepts no mail, but a policy of mode <c>enforce</c> or <c>testing</c>
    /// (RFC 7505).
    /// </summary>
    NullMx,

    /// <summary>
    /// Error in mode <c>enforce</c>, warning in mode <c>testing</c>: an MX host is already in the DNS, but the current
    /// policy does not allow it (RFC 8461 section 8.1).
    /// </summary>
    MxHostNotYetAllowed,
}
