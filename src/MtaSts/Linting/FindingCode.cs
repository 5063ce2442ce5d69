namespace MtaSts;

/// <summary>What a <see cref="Finding"/> is about.</summary>
/// <remarks>Name and number of a member stay what they are; new ones come last.</remarks>
public enum FindingCode
{
    /// <summary>Note: the look-up of the TXT record did not complete, so nothing is known of the record.</summary>
    RecordLookupFailed = 0,

    /// <summary>Error: there is no TXT record of MTA-STS, so senders do not look for the policy (Section 3.1).</summary>
    NoRecord,

    /// <summary>Error: there are several TXT records of MTA-STS, which counts as none (Section 3.1).</summary>
    MultipleRecords,

    /// <summary>Error: the TXT record is malformed, which counts as none (Section 3.1). <see cref="Finding.ParseErrorCode"/> says how.</summary>
    InvalidRecord,

    /// <summary>Error: the policy host could not be connected to.</summary>
    ConnectionFailed,

    /// <summary>Error: the policy host answers with a redirect, which senders do not follow (Section 3.3).</summary>
    Redirected,

    /// <summary>Error: the policy host does not have the file (404).</summary>
    NotFound,

    /// <summary>Error: the policy host answers with a status other than 200 (Section 3.3).</summary>
    UnexpectedStatus,

    /// <summary>Error: the media type of the policy file is not <c>text/plain</c> (Section 3.2).</summary>
    WrongMediaType,

    /// <summary>Error: the policy file is over <see cref="Policy.MaxSize"/> bytes (Section 3.3).</summary>
    TooLarge,

    /// <summary>Error: the policy file is no policy (Section 3.2). <see cref="Finding.ParseErrorCode"/> says why.</summary>
    InvalidPolicy,

    /// <summary>Error: the policy host did not answer in time (Section 3.3).</summary>
    TimedOut,

    /// <summary>Error: the policy host's certificate is not valid (Section 3.3).</summary>
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

    /// <summary>Warning: a second <c>version</c>, <c>mode</c> or <c>max_age</c>, which senders ignore (Section 3.2).</summary>
    DuplicateField,

    /// <summary>Warning: a field that senders ignore, and whose name looks like that of one which they know.</summary>
    MisspelledField,

    /// <summary>Note: the mode is none, so the policy asks for nothing.</summary>
    ModeNone,

    /// <summary>Note: the mode is testing, so failures are reported and mail is delivered all the same.</summary>
    ModeTesting,

    /// <summary>Warning: the <c>max_age</c> is a day or less, in mode enforce or testing.</summary>
    MaxAgeUnderDay,

    /// <summary>Warning: the <c>max_age</c> is over a day but under a week, in mode enforce.</summary>
    MaxAgeUnderWeek,

    /// <summary>Note: a pattern stands there a second time.</summary>
    DuplicatePattern,

    /// <summary>Note: a pattern names a host that a wildcard of the policy matches already.</summary>
    RedundantPattern,

    /// <summary>Warning: a wildcard lets any host of the policy domain be its MX host (Section 10.4).</summary>
    WildcardOverPolicyDomain,

    /// <summary>Warning: the last label of a pattern is all digits, as in an address, which no host name is.</summary>
    NumericLastLabel,

    /// <summary>Error in mode enforce, warning in mode testing: no pattern matches an MX host of the domain.</summary>
    UncoveredMxHost,

    /// <summary>Note: a pattern matches no MX host of the domain.</summary>
    UnusedPattern,

    /// <summary>Error: the policy changes, but the id of the record does not, so senders do not fetch the new one (Section 3.1).</summary>
    IdNotChanged,

    /// <summary>Note: the id of the record changes although the policy does not.</summary>
    IdChangedNeedlessly,

    /// <summary>Error in mode enforce, warning in mode testing: the policy drops an MX host that still is in the DNS.</summary>
    RemovedMxHost,

    /// <summary>Error: the policy goes away without one of mode none before it (Section 8.3).</summary>
    PolicyDeleted,

    /// <summary>Warning: the record stays although the policy goes away.</summary>
    RecordWithoutPolicy,

    /// <summary>Note: the <c>max_age</c> shrinks, which does not shorten what senders have in their caches.</summary>
    MaxAgeShrunk,

    /// <summary>Error: there is no TXT record of MTA-STS, but one that looks like it, which senders discard (Section 3.1).</summary>
    DiscardedRecord,

    /// <summary>
    /// Warning: the TXT record has whitespace before its first semicolon, so that some senders discard it (Section 3.1, erratum 6285).
    /// </summary>
    BlankBeforeSemicolon,

    /// <summary>Error: a line of a file that is no policy holds more than one field (Section 3.2).</summary>
    SeveralFieldsOnLine,

    /// <summary>Error: a wildcard right under a top-level domain, which lets any domain under it be an MX host.</summary>
    WildcardOverTopLevelDomain,

    /// <summary>
    /// Error in mode enforce, warning in mode testing: no pattern matches a name in the MX records, and no <c>mx</c> line can hold it as it
    /// is. It is not a valid host name, or has an underscore, or is not written in A-labels (Section 3.2).
    /// </summary>
    InvalidMxHost,

    /// <summary>Warning: the domain has a null MX, by which it takes no mail, and a policy of mode enforce or testing (RFC 7505).</summary>
    NullMx,

    /// <summary>
    /// Error in mode enforce, warning in mode testing: an MX host is in the DNS already that the current policy does not allow (Section
    /// 8.1).
    /// </summary>
    MxHostNotYetAllowed,
}
