using MtaSts;

namespace Quickstart;

/// <summary>
/// Represents a domain as a sender sees it: its record and policy, and its MX hosts, the most preferred first.
/// </summary>
internal sealed record BundledDomain(PolicyDomain Domain, SenderView Published, IReadOnlyList<string> MxHosts);
