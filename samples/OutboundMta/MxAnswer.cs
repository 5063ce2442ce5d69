namespace OutboundMta;

/// <summary>The answer to the MX lookup for the domain that a message goes to.</summary>
/// <param name="Hosts">
/// The hosts in the order in which they are tried; the domain itself where it has no MX record.
/// </param>
/// <param name="IsSecure">
/// True if DNSSEC authenticated the whole answer, each CNAME on the way included (the AD bit of a trusted resolver).
/// Only then do TLSA records count: an attacker who forges an MX answer can name hosts that have TLSA records (RFC
/// 7672, Section 2.2.1).
/// </param>
public sealed record MxAnswer(IEnumerable<string> Hosts, bool IsSecure);
