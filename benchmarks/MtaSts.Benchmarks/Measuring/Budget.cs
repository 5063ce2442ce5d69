namespace MtaSts.Benchmarks;

/// <summary>Represents a row of BUDGETS.md.</summary>
/// <param name="Id">The id of a <see cref="Comparison"/>, or <see cref="CachedDomain"/>.</param>
/// <param name="Ratio">The maximum ratio to the baseline, or <see langword="null"/> if there is no limit.</param>
/// <param name="Bytes">
/// The bytes that one operation may allocate, or <see langword="null"/> if there is no limit.
/// </param>
internal sealed record Budget(string Id, double? Ratio, long? Bytes)
{
    /// <summary>The id of the row with the memory of a cached domain.</summary>
    public const string CachedDomain = "cached-domain";
}
