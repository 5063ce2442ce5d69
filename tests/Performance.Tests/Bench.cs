using System.Reflection;
using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

/// <summary>All comparisons, with everything that they run compiled for good.</summary>
public sealed class Bench
{
    // On a machine so busy that this does not do, the gates measure again and again anyway.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Comparison> _comparisons;

    public Bench()
    {
        IReadOnlyList<Comparison> comparisons = Comparisons.All();
        Meter.Settle(comparisons, Limit);
        _comparisons = comparisons.ToDictionary(static comparison => comparison.Id, StringComparer.Ordinal);
    }

    /// <summary>The library that is measured.</summary>
    public static Assembly Library => typeof(Sts).Assembly;

    /// <summary>The ratio of the operation to its baseline.</summary>
    public double Ratio(string id, int rounds) => Meter.Compare(_comparisons[id], rounds).Ratio;

    /// <summary>The ratio of the operation, done twice as often, to itself.</summary>
    public double RatioOfTwice(string id, int rounds)
    {
        Repeated once = _comparisons[id].Operation;
        return Meter.Compare(new(id, times => once(2 * times), once), rounds).Ratio;
    }

    /// <summary>The bytes that the operation allocates.</summary>
    public long Allocated(string id) => Meter.Allocated(_comparisons[id].Operation);
}
