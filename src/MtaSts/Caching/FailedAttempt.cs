namespace MtaSts;

/// <summary>An attempt to fetch a policy that failed.</summary>
/// <param name="Id">The id of the TXT record; null if there was no usable record.</param>
/// <param name="At">When, in UTC.</param>
internal readonly record struct FailedAttempt(string? Id, DateTimeOffset At);
