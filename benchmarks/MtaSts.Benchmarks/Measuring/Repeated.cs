namespace MtaSts.Benchmarks;

/// <summary>Does an operation a number of times, in a loop of its own, so that no call through a delegate is measured with it.</summary>
/// <param name="times">How often.</param>
/// <returns>How often it succeeded: the file was accepted, the host allowed. That keeps the work from being optimized away, and shows what is measured.</returns>
internal delegate int Repeated(int times);
