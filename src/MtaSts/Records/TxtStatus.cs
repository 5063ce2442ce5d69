namespace MtaSts;

/// <summary>The outcome of the TXT lookup at <c>_mta-sts</c> of a domain (RFC 8461 section 3.1).</summary>
/// <remarks>
/// Only <see cref="Found"/> announces a policy. No other outcome removes a cached policy: an attacker can cause each of
/// them (RFC 8461 section 10.2).
/// </remarks>
public enum TxtStatus
{
    /// <summary>The lookup did not complete (SERVFAIL, timeout): nothing is known.</summary>
    LookupFailed = 0,

    /// <summary>The answer has exactly one MTA-STS record, and it is valid.</summary>
    Found,

    /// <summary>The name does not exist or has no MTA-STS record.</summary>
    NoRecord,

    /// <summary>
    /// The answer has more than one MTA-STS record. The domain is treated as having no policy.
    /// </summary>
    MultipleRecords,

    /// <summary>
    /// The answer has one MTA-STS record, and it is invalid. The domain is treated as having no policy.
    /// </summary>
    InvalidRecord,
}
