namespace MtaSts;

/// <summary>Represents a failed attempt to fetch a policy.</summary>
/// <param name="Id">The id of the TXT record; null without a usable record.</param>
/// <param name="At">The time of the attempt, in UTC.</param>
internal readonly record struct FailedAttempt(string? Id, DateTimeOffset At)
{
    // RFC 8461 section 3.3.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(5);

    /// <summary>The earliest time of another attempt with the same id: five minutes after this one.</summary>
    public DateTimeOffset RetryAt => At < DateTimeOffset.MaxValue - RetryInterval ? At + RetryInterval : DateTimeOffset.MaxValue;

    /// <summary>Determines whether the attempt was made less than five minutes ago.</summary>
    /// <remarks>
    /// In either direction: an attempt that a wrong clock dated in the far future must not be recent until then.
    /// </remarks>
    public bool IsRecent(DateTimeOffset now) => (now - At).Duration() < RetryInterval;
}
