using System.Reflection;
using System.Runtime.Loader;

namespace MtaSts.Benchmarks;

/// <summary>Measures comparisons in a copy of the library, which is loaded and compiled for it alone.</summary>
/// <remarks>
/// About once in thirty times that everything is compiled, one operation or another is slower by a third or more in every round. Only
/// another copy of the code shows whether that was chance. In an assembly load context of its own, the library and what measures it are
/// loaded and compiled again; the framework is not.
/// </remarks>
internal static class Bench
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(1);

    /// <summary>The library that is measured.</summary>
    public static Assembly Library => typeof(Sts).Assembly;

    /// <summary>Loads a copy and runs the comparisons there until they are compiled.</summary>
    /// <param name="ids">The comparisons.</param>
    /// <param name="isTwice">Whether each operation is done twice as often, at the same baseline.</param>
    /// <returns>Measures the ratio of a comparison in so many rounds.</returns>
    public static Func<string, int, double> OpenCopy(IReadOnlyList<string> ids, bool isTwice) =>
        (Func<string, int, double>)LoadCopy().GetMethod(nameof(Open))!.Invoke(null, [ids, isTwice])!;

    /// <summary>This type in a new copy of this assembly, which works with a copy of the library.</summary>
    public static Type LoadCopy()
    {
        AssemblyLoadContext context = new(name: null);

        // First: what the context does not hold when it is needed comes from the default one, as the framework does.
        context.LoadFromAssemblyPath(Library.Location);
        return context.LoadFromAssemblyPath(typeof(Bench).Assembly.Location).GetType(typeof(Bench).FullName!, throwOnError: true)!;
    }

    /// <summary>As <see cref="OpenCopy"/>, with the library of this assembly. Only types of the framework pass from one copy to the other.</summary>
    public static Func<string, int, double> Open(IReadOnlyList<string> ids, bool isTwice)
    {
        Dictionary<string, Comparison> comparisons = Comparisons.All()
            .Where(comparison => ids.Contains(comparison.Id, StringComparer.Ordinal))
            .Select(comparison => isTwice ? DoneTwice(comparison) : comparison)
            .ToDictionary(static comparison => comparison.Id, StringComparer.Ordinal);
        if (!Meter.Settle([.. comparisons.Values], SettleLimit))
        {
            Console.WriteLine("NOT SETTLED: methods of this copy were still being compiled.");
        }

        return (id, rounds) => Meter.Compare(comparisons[id], rounds).Ratio;
    }

    private static Comparison DoneTwice(Comparison comparison)
    {
        Repeated once = comparison.Operation;
        return comparison with { Operation = times => once(2 * times) };
    }
}
