namespace Quickstart;

/// <summary>A moment of the simulated week: what happens, which is made up, and what the sender decides, which is not.</summary>
internal sealed record WeekStep(DateTimeOffset Now, string WhatHappens, IReadOnlyList<SenderDecision> Decisions);
