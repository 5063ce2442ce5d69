namespace MtaSts.Tests;

/// <summary>Represents a delivery of a schedule, or a question before a bounce, with what the oracle expects of it.</summary>
/// <param name="Owner">Its number.</param>
/// <param name="Cancellation">The source of its token.</param>
/// <param name="Expected">What the oracle expects.</param>
/// <param name="Found">Its task; null if this is a question before a bounce.</param>
/// <param name="Bounce">The task of the question; null if this is a delivery.</param>
internal sealed record RunningDelivery(
    int Owner, CancellationTokenSource Cancellation, ExpectedDelivery Expected, Task<DiscoveredPolicy>? Found, Task<bool>? Bounce)
{
    public Task First => (Task?)Found ?? Bounce!;

    /// <summary>The result of the delivery; null if it has none.</summary>
    public DiscoveredPolicy? Result => Found is { IsCompletedSuccessfully: true } ? Found.Result : null;

    /// <summary>Indicates whether the schedule has compared the result.</summary>
    public bool IsFirstVerified { get; set; }

    /// <summary>Indicates whether all that the oracle expects by now has happened.</summary>
    public bool IsUpToDate =>
        (Expected.First is null || First.IsCompleted) && (Expected.Refresh is null || Result?.Refresh is null or { IsCompleted: true });
}
