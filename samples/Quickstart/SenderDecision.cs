namespace Quickstart;

/// <summary>Something that a sender has decided, in a word or two, and what it had before it when it did.</summary>
internal sealed record SenderDecision(string What, string Why);
