using System.Reflection;
using System.Runtime.Loader;

namespace MtaSts.Performance.Tests;

/// <summary>A bench, and two copies of it, each made when something is over its budget on those before.</summary>
/// <remarks>
/// Once in some thirty times that everything is compiled, one operation or another is slower by a third or more in round after round, mostly for as long as
/// that code is there. In an assembly load context of its own, the library and what measures it are loaded and compiled anew; the framework is not.
/// What is slower by itself is so in each of them; unless the baseline is slow there by chance, which lets a slowdown pass now and then, but not run after run.
/// </remarks>
public sealed class Benches
{
    private const int Rounds = 100;
    private const int Attempts = 5;

    private readonly Lazy<object>[] _benches = [new(static () => new Bench()), new(NewCopy), new(NewCopy)];

    internal Bench First => (Bench)_benches[0].Value;

    /// <summary>Measures until the ratio is within the budget, with more rounds each time and then on the next bench, because all rounds may be disturbed on a busy machine.</summary>
    /// <param name="measure">The name of the method of <see cref="Bench"/> that measures.</param>
    /// <param name="id">What is measured.</param>
    /// <param name="budget">The ratio that is small enough.</param>
    /// <returns>The least ratio.</returns>
    internal double LeastRatio(string measure, string id, double budget)
    {
        double least = double.MaxValue;
        foreach (Lazy<object> bench in _benches)
        {
            Func<string, int, double> ratio = bench.Value.GetType().GetMethod(measure)!.CreateDelegate<Func<string, int, double>>(bench.Value);
            for (int i = 0; i < Attempts; i++)
            {
                least = Math.Min(least, ratio(id, Rounds << i));
                if (least <= budget)
                {
                    return least;
                }
            }
        }

        return least;
    }

    /// <summary>The type <see cref="Bench"/> of a copy of this assembly, which works with a copy of the library.</summary>
    internal static Type LoadCopy()
    {
        AssemblyLoadContext context = new(name: null);

        // First, because what the context does not hold when it is needed is taken from the default one, as the framework is.
        context.LoadFromAssemblyPath(typeof(Sts).Assembly.Location);
        Assembly copy = context.LoadFromAssemblyPath(typeof(Bench).Assembly.Location);
        return copy.GetType(typeof(Bench).FullName!, throwOnError: true)!;
    }

    private static object NewCopy() => Activator.CreateInstance(LoadCopy())!;
}
