namespace MtaSts.Benchmarks;

/// <summary>
/// Determines whether a row of BUDGETS.md is over its budget, from its ratios in several copies of the library.
/// </summary>
/// <remarks>The median decides: by chance, the operation is slow in one copy and the baseline in another.</remarks>
internal sealed class Gate(string id, double budget)
{
    /// <summary>The number of copies for every row.</summary>
    public const int Copies = 3;

    /// <summary>The number of copies for a row that is over its budget.</summary>
    public const int MostCopies = 5;

    private readonly List<double> _ratios = [];

    public string Id { get; } = id;

    public double Budget { get; } = budget;

    /// <summary>The ratio of each copy, in the order of measurement.</summary>
    public IReadOnlyList<double> Ratios => _ratios;

    /// <summary>The median of the ratios; for an even number, the larger of the middle two.</summary>
    public double Ratio => _ratios.Order().ElementAt(_ratios.Count / 2);

    public bool IsOver => Ratio > Budget;

    /// <summary>Indicates whether another copy must be measured.</summary>
    public bool WantsAnotherCopy => _ratios.Count < Copies || (_ratios.Count < MostCopies && IsOver);

    public void Add(double ratio) => _ratios.Add(ratio);
}
