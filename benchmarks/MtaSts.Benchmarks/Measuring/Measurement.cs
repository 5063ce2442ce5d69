namespace MtaSts.Benchmarks;

/// <summary>What the rounds of a comparison showed.</summary>
/// <param name="Nanoseconds">The median time of the operation.</param>
/// <param name="BaselineNanoseconds">The median time of the baseline.</param>
/// <param name="Ratio">The operation's shortest time to the baseline's. What disturbs a round only ever makes it longer; so this is what gates compare.</param>
/// <param name="MedianRatio">The median of the rounds' ratios.</param>
internal sealed record Measurement(double Nanoseconds, double BaselineNanoseconds, double Ratio, double MedianRatio);
