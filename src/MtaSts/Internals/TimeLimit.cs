namespace MtaSts;

/// <summary>Limits the time that a caller waits for a task.</summary>
internal static class TimeLimit
{
    /// <summary>Waits for a task, at most until the limit or the cancellation of either token. The task goes on.</summary>
    /// <exception cref="TimeoutException">The limit has passed.</exception>
    /// <exception cref="OperationCanceledException">A token was canceled.</exception>
    public static ValueTask<T> WaitAsync<T>(
        ValueTask<T> task, TimeSpan limit, TimeProvider clock, CancellationToken first, CancellationToken second = default) =>
        task.IsCompletedSuccessfully ? task : WaitAsync(task.AsTask(), limit, clock, first, second);

    /// <summary>Marks a later exception of a task as observed, because nothing waits for the task.</summary>
    public static void Observe(Task task) => _ = task.ContinueWith(
        static faulted => faulted.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    private static async ValueTask<T> WaitAsync<T>(
        Task<T> task, TimeSpan limit, TimeProvider clock, CancellationToken first, CancellationToken second)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(first, second);
        try
        {
            return await task.WaitAsync(limit, clock, end.Token).ConfigureAwait(false);
        }
        finally
        {
            Observe(task);
        }
    }
}
