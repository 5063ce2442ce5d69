namespace OutboundMta;

/// <summary>
/// The demand of a host's TLSA records: none, unless DNSSEC authenticated its address (RFC 7672, Section 2.2.2).
/// </summary>
/// <remarks>There is no way to make one without saying whether the address was secure.</remarks>
public sealed record TlsaAnswer
{
    private TlsaAnswer(TlsaStatus status) => Status = status;

    /// <summary>
    /// The answer for a host whose address records are not secure. Its TLSA records are not looked up.
    /// </summary>
    public static TlsaAnswer ForInsecureAddress { get; } = new(TlsaStatus.None);

    /// <summary>The result of the lookup, as far as it counts.</summary>
    public TlsaStatus Status { get; }

    /// <summary>
    /// The answer for a host with address records that DNSSEC authenticated, each CNAME on the way included.
    /// </summary>
    /// <param name="status">The result of the lookup of its TLSA records.</param>
    /// <returns>The answer.</returns>
    public static TlsaAnswer ForSecureAddress(TlsaStatus status) => new(status);
}
