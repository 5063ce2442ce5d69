namespace MtaSts;

/// <summary>What the look-up of the TXT records at <c>_mta-sts</c> of a domain gave (RFC 8461, Section 3.1).</summary>
/// <remarks>
/// Only <see cref="Found"/> tells of a policy. None of the others takes a cached policy away: an attacker can bring about each of them
/// (Section 10.2).
/// </remarks>
public enum TxtStatus
{
    /// <summary>The look-up did not complete (SERVFAIL, time-out): nothing is known.</summary>
    LookupFailed = 0,

    /// <summary>Exactly one record of MTA-STS, and it is well formed.</summary>
    Found,

    /// <summary>The name does not exist or has no record of MTA-STS.</summary>
    NoRecord,

    /// <summary>More than one record of MTA-STS: the domain counts as one without a policy.</summary>
    MultipleRecords,

    /// <summary>One record of MTA-STS, and it is malformed: the domain counts as one without a policy.</summary>
    InvalidRecord,
}
