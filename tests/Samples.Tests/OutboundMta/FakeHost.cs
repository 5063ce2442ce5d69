using MtaSts;
using OutboundMta;

namespace Samples.Tests;

/// <summary>Represents an MX host of a <see cref="FakeNetwork"/>; by default a reachable one with a trusted certificate.</summary>
internal sealed record FakeHost
{
    public bool Unreachable { get; init; }

    public TlsaAnswer Tlsa { get; init; } = TlsaAnswer.ForSecureAddress(TlsaStatus.None);

    public TlsOutcome Tls { get; init; } = TlsOutcome.Verified;

    public TlsOutcome DaneTls { get; init; } = TlsOutcome.Verified;

    public string Reply { get; init; } = "2.0.0";
}
