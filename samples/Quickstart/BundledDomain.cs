namespace Quickstart;

/// <summary>A domain as a sender finds it: what it publishes of MTA-STS, and its MX hosts, the most preferred first.</summary>
internal sealed record BundledDomain(string Name, Publication Published, IReadOnlyList<string> MxHosts);
