namespace MtaSts;

/// <summary>Represents the fetch of a domain that is in progress and that deliveries share.</summary>
/// <param name="id">The id of the policy that is fetched.</param>
internal sealed class Flight(string? id)
{
    // Asynchronous: a delivery that blocks its thread must not hold up the others.
    private readonly TaskCompletionSource<FlightResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _told;

    /// <summary>Ends when the result is stored. Canceled if the discovery is disposed before.</summary>
    public Task<FlightResult> Result => _result.Task;

    /// <summary>
    /// Determines whether a result answers a delivery: if it is of the same id, if the delivery found no record, or if
    /// the fetch began after the lookup of the delivery. Such a fetch is as new as the record that the delivery found.
    /// </summary>
    public bool Answers(DomainState state, FlightResult result) =>
        state.Id is null || state.Id == id || result.Number > state.FetchCount;

    /// <summary>Determines whether the failure is told for the first time.</summary>
    public bool TryTell() => Interlocked.Exchange(ref _told, 1) == 0;

    /// <summary>Ends the flight with the outcome of a task that has ended.</summary>
    public void Land(Task<FlightResult> outcome)
    {
        _result.SetFromTask(outcome);
        _ = _result.Task.Exception; // Marks it as observed, because there may be no delivery that waits.
    }
}
