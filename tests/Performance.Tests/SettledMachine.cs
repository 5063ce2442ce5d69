using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

/// <summary>All comparisons, with everything that they run compiled for good.</summary>
public sealed class SettledMachine
{
    // On a machine so busy that this does not do, the gates measure again and again anyway.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Comparison> _comparisons;

    public SettledMachine()
    {
        IReadOnlyList<Comparison> comparisons = Comparisons.All();
        Meter.Settle(comparisons, Limit);
        _comparisons = comparisons.ToDictionary(static comparison => comparison.Id, StringComparer.Ordinal);
    }

    internal Comparison this[string id] => _comparisons[id];
}
