namespace MtaSts.Benchmarks;

/// <summary>The verdict on one row of BUDGETS.md, from its ratios in several copies of the library.</summary>
/// <remarks>
/// The median, because chance makes the operation slow in one copy and the baseline in another. Neither copy decides alone.
/// </remarks>
internal sealed class Gate(string id, double budget)
{
    /// <summary>The number of copies that every row is measured in.</summary>
    public const int Copies = 3;

    /// <summary>The number of copies that a row is measured in which is over its budget.</summary>
    public const int MostCopies = 5;

    private readonly List<double> _ratios = [];

    public string Id { get; } = id;

    public double Budget { get; } = budget;

    /// <summary>The ratio in each copy, in order.</summary>
    public IReadOnlyList<double> Ratios => _ratios;

    /// <summary>The median of the copies' ratios; of an even number, the larger one in the middle.</summary>
    public double Ratio => _ratios.Order().ElementAt(_ratios.Count / 2);

    public bool IsOver => Ratio > Budget;

    /// <summary>Whether another copy could change the verdict, or must confirm it.</summary>
    public bool WantsAnotherCopy => _ratios.Count < Copies || (_ratios.Count < MostCopies && IsOver);

    public void Add(double ratio) => _ratios.Add(ratio);
}
