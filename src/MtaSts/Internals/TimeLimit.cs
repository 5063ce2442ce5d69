namespace MtaSts;

/// <summary>Limits the time that a caller waits for a task.</summary>
internal static class TimeLimit
{
    /// <summary>Throws if a limit is not positive, or is longer than a timer of the framework can be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public static void ThrowIfInvalid(TimeSpan limit, string parameter)
    {
        if (limit != Timeout.InfiniteTimeSpan && limit is not { Ticks: > 0, TotalMilliseconds: < uint.MaxValue })
        {
            throw new ArgumentOutOfRangeException(parameter, "A timeout is not positive, or longer than 49 days.");
        }
    }

    /// <summary>
    /// Waits for a task, at most until the limit or the cancellation of one token. The task itself goes on.
    /// </summary>
    /// <exception cref="TimeoutException">The limit has passed.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static Task<T> WaitAsync<T>(Task<T> task, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Observe(task);
        return task.WaitAsync(limit, clock, cancellationToken);
    }

    /// <summary>
    /// Waits for a task, at most until the limit or the cancellation of a token. The task itself goes on.
    /// </summary>
    /// <exception cref="TimeoutException">The limit has passed.</exception>
    /// <exception cref="OperationCanceledException">A token was canceled.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> task, TimeSpan limit, TimeProvider clock, params CancellationToken[] tokens)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(tokens);
        try
        {
            return await task.WaitAsync(limit, clock, end.Token).ConfigureAwait(false);
        }
        finally
        {
            Observe(task);
        }
    }

    /// <summary>Marks a later exception of a task as observed, because nothing waits for the task.</summary>
    public static void Observe(Task task) => _ = task.ContinueWith(
        static faulted => faulted.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
