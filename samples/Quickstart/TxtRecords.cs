namespace Quickstart;

/// <summary>
/// Represents the TXT records at <c>_mta-sts</c> of a domain, each as one text, and their source for messages.
/// </summary>
internal sealed record TxtRecords(string Name, IReadOnlyList<string> Texts);
