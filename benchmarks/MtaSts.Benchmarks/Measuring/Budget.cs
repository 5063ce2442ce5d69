namespace MtaSts.Benchmarks;

/// <summary>A row of BUDGETS.md.</summary>
/// <param name="Id">What is measured: a <see cref="Comparison"/>, or <see cref="CachedDomain"/>.</param>
/// <param name="Ratio">What the ratio to the baseline may be at most.</param>
/// <param name="Bytes">What one operation may allocate at most, in bytes; null where that says nothing.</param>
internal sealed record Budget(string Id, double? Ratio, long? Bytes)
{
    /// <summary>The row for the memory that a cached domain takes.</summary>
    public const string CachedDomain = "cached-domain";
}
