namespace MtaSts.Benchmarks;

/// <summary>Represents the measured cells of a row in BUDGETS.md.</summary>
internal readonly record struct MeasuredCells(string Median, string Baseline, string Ratio, string Bytes);
