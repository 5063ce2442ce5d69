namespace MtaSts.Benchmarks;

/// <summary>Represents the measured times of a comparison.</summary>
/// <param name="Nanoseconds">The median time of the operation.</param>
/// <param name="BaselineNanoseconds">The median time of the baseline.</param>
/// <param name="Ratio">
/// The operation's shortest time divided by the baseline's. A disturbance only makes a round longer, so the gates use
/// this ratio.
/// </param>
/// <param name="MedianRatio">The median of the rounds' ratios.</param>
internal sealed record Measurement(double Nanoseconds, double BaselineNanoseconds, double Ratio, double MedianRatio);
