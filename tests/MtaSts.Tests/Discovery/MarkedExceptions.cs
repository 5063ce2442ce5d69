using System.Collections.Concurrent;

namespace MtaSts.Tests;

/// <summary>Collects each <see cref="MarkedException"/> of a task that nobody observed.</summary>
internal sealed class MarkedExceptions : IDisposable
{
    private readonly ConcurrentQueue<Exception> _unobserved = new();

    public MarkedExceptions() => TaskScheduler.UnobservedTaskException += Collect;

    /// <summary>Collects the garbage, whose finalizers find the exceptions.</summary>
    public IReadOnlyCollection<Exception> Find()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return _unobserved;
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Collect;

    private void Collect(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        foreach (Exception exception in e.Exception.Flatten().InnerExceptions.OfType<MarkedException>())
        {
            _unobserved.Enqueue(exception);
        }
    }
}
