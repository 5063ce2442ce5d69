namespace Quickstart;

/// <summary>Represents a decision of a sender, in a word or two, and its reason.</summary>
internal sealed record SenderDecision(string What, string Why);
