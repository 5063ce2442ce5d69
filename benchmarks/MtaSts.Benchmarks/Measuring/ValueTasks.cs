namespace MtaSts.Benchmarks;

/// <summary>Reads the result of an operation that needs no waiting.</summary>
internal static class ValueTasks
{
    /// <summary>Returns the result of a task that has completed.</summary>
    /// <exception cref="InvalidOperationException">The task has not completed.</exception>
    public static T ResultNow<T>(this ValueTask<T> task) =>
        task.IsCompletedSuccessfully ? task.Result : throw new InvalidOperationException("The operation did not complete at once.");
}
