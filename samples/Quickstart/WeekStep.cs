namespace Quickstart;

/// <summary>Represents a moment of the simulated week: the invented event and the decisions of the sender.</summary>
internal sealed record WeekStep(DateTimeOffset Now, string WhatHappens, IReadOnlyList<SenderDecision> Decisions);
