namespace Samples.Tests;

/// <summary>Represents the reply of a <see cref="LoopbackDnsServer"/> to each query.</summary>
/// <param name="ResponseCode">The RCODE: 2 is SERVFAIL, 3 is NXDOMAIN (RFC 1035 section 4.1.1).</param>
/// <param name="Txt">The TXT records, each as its character-strings.</param>
internal sealed record DnsReply(int ResponseCode, params string[][] Txt)
{
    /// <summary>The name that a CNAME leads to, if any. It then owns the TXT records.</summary>
    public string? Alias { get; init; }

    /// <summary>Indicates whether the server never replies.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Indicates whether the reply over UDP has no records, only the bit that asks for TCP.</summary>
    public bool IsTruncated { get; init; }
}
