namespace Quickstart;

/// <summary>The TXT records at <c>_mta-sts</c> of a domain, each as one text, and where they come from, for messages.</summary>
internal sealed record TxtRecords(string Name, IReadOnlyList<string> Texts);
