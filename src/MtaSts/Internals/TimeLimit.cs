using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Calls code of the caller for a limited time.</summary>
internal static class TimeLimit
{
    /// <summary>Calls a function, and returns its result or its exception.</summary>
    /// <param name="call">The function. Its token is canceled when its result no longer counts.</param>
    /// <param name="state">The argument of the function.</param>
    /// <param name="limit">
    /// The time after which the exception is a <see cref="TimeoutException"/>, also where the function goes on.
    /// </param>
    /// <param name="clock">The clock that measures the time.</param>
    /// <param name="first">
    /// A token that ends the wait. An exception of the function then counts as the cancellation.
    /// </param>
    /// <param name="second">Another such token.</param>
    /// <exception cref="OperationCanceledException">A token was canceled.</exception>
    public static async ValueTask<(TResult? Value, Exception? Exception)> TryAsync<TState, TResult>(
        Func<TState, CancellationToken, ValueTask<TResult>> call,
        TState state,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken first,
        CancellationToken second)
    {
        first.ThrowIfCancellationRequested();
        second.ThrowIfCancellationRequested();
        CancellationTokenSource end = new();
        try
        {
            ValueTask<TResult> result = call(state, end.Token);
            return (result.IsCompletedSuccessfully
                ? result.Result
                : await WaitAsync(result.AsTask(), limit, clock, first, second).ConfigureAwait(false), null);
        }
        catch (Exception e)
        {
            Observe(end.CancelAsync());
            first.ThrowIfCancellationRequested();
            second.ThrowIfCancellationRequested();
            return (default, e);
        }
    }

    /// <summary>
    /// Waits for a task, at most until the limit or the cancellation of either token. The task itself goes on.
    /// </summary>
    /// <exception cref="TimeoutException">The limit has passed.</exception>
    /// <exception cref="OperationCanceledException">A token was canceled.</exception>
    public static async Task<T> WaitAsync<T>(
        Task<T> task, TimeSpan limit, TimeProvider clock, CancellationToken first, CancellationToken second = default)
    {
        // The exception of a single token names it.
        using CancellationTokenSource? end = second.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(first, second) : null;
        try
        {
            return await task.WaitAsync(limit, clock, end?.Token ?? first).ConfigureAwait(false);
        }
        finally
        {
            Observe(task);
        }
    }

    /// <summary>Enumerates a sequence. Each step ends at the limit or with the cancellation of either token.</summary>
    /// <exception cref="TimeoutException">The limit of a step has passed.</exception>
    public static async IAsyncEnumerable<T> EnumerateAsync<T>(
        IAsyncEnumerable<T> sequence,
        TimeSpan limit,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken first,
        CancellationToken second)
    {
        IAsyncEnumerator<T> items = sequence.GetAsyncEnumerator(first);
        bool isMoving = true; // An enumerator that still moves must not be disposed.
        try
        {
            while (true)
            {
                ValueTask<bool> move = items.MoveNextAsync();
                if (!(move.IsCompletedSuccessfully
                    ? move.Result
                    : await WaitAsync(move.AsTask(), limit, clock, first, second).ConfigureAwait(false)))
                {
                    isMoving = false;
                    yield break;
                }

                isMoving = false;
                yield return items.Current;
                isMoving = true;
            }
        }
        finally
        {
            if (!isMoving)
            {
                await items.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Throws if a limit is not positive, or is longer than a timer of the framework can be.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public static void ThrowIfInvalid(TimeSpan limit, string parameter)
    {
        if (limit != Timeout.InfiniteTimeSpan && limit is not { Ticks: > 0, TotalMilliseconds: < uint.MaxValue })
        {
            throw new ArgumentOutOfRangeException(parameter, "A timeout is not positive, or longer than 49 days.");
        }
    }

    // Marks a later exception as observed, because nothing waits for the task.
    private static void Observe(Task task) => _ = task.ContinueWith(
        static faulted => faulted.Exception,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
