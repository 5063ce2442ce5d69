using System.Reflection;
using System.Runtime.Loader;

namespace MtaSts.Benchmarks;

/// <summary>Measures comparisons in a separate copy of the library.</summary>
/// <remarks>
/// About once in thirty compilations, one operation is slower by a third or more in every round. Only another copy of
/// the code shows whether that was chance. A separate assembly load context loads and compiles the library and its
/// benchmarks again, but not the framework.
/// </remarks>
internal static class Bench
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(1);

    /// <summary>The measured library.</summary>
    public static Assembly Library => typeof(Sts).Assembly;

    /// <summary>Loads a copy and runs the comparisons there until they are compiled.</summary>
    /// <param name="ids">The ids of the comparisons.</param>
    /// <param name="isTwice">
    /// If <see langword="true"/>, each operation is done twice as often, with the same baseline.
    /// </param>
    /// <returns>A function that measures a comparison's ratio in a number of rounds.</returns>
    public static Func<string, int, double> OpenCopy(IReadOnlyList<string> ids, bool isTwice) =>
        (Func<string, int, double>)LoadCopy().GetMethod(nameof(Open))!.Invoke(null, [ids, isTwice])!;

    /// <summary>Loads this type in a new copy of this assembly and of the library.</summary>
    public static Type LoadCopy()
    {
        AssemblyLoadContext context = new(name: null);

        // Before this assembly: a context that lacks an assembly takes it from the default context, as it does for the
        // framework.
        context.LoadFromAssemblyPath(Library.Location);
        Assembly copy = context.LoadFromAssemblyPath(typeof(Bench).Assembly.Location);
        return copy.GetType(typeof(Bench).FullName!, throwOnError: true)!;
    }

    /// <summary>
    /// Does the same with the library of this copy. Only types of the framework can be passed between copies.
    /// </summary>
    public static Func<string, int, double> Open(IReadOnlyList<string> ids, bool isTwice)
    {
        Dictionary<string, Comparison> comparisons = Comparisons.All()
            .Where(comparison => ids.Contains(comparison.Id, StringComparer.Ordinal))
            .Select(comparison => isTwice ? DoneTwice(comparison) : comparison)
            .ToDictionary(static comparison => comparison.Id, StringComparer.Ordinal);
        if (!Meter.Settle([.. comparisons.Values], SettleLimit))
        {
            Console.WriteLine("NOT SETTLED: the compiler was still working on this copy.");
        }

        return (id, rounds) => Meter.Compare(comparisons[id], rounds).Ratio;
    }

    private static Comparison DoneTwice(Comparison comparison)
    {
        Repeated once = comparison.Operation;
        return comparison with { Operation = times => once(2 * times) };
    }
}
