namespace MtaSts.Benchmarks;

/// <summary>
/// Does an operation a number of times in its own loop, so that no delegate call is measured with it.
/// </summary>
/// <param name="times">The number of times.</param>
/// <returns>The number of times it succeeded, which keeps the compiler from removing the work.</returns>
internal delegate int Repeated(int times);
