namespace MtaSts.Benchmarks;

/// <summary>An operation of the library, and what its speed is a ratio to.</summary>
/// <param name="Id">The name of the row in BUDGETS.md.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Baseline">What it is compared with, measured in turns with it.</param>
internal sealed record Comparison(string Id, Repeated Operation, Repeated Baseline)
{
    /// <summary>Whether the input is such as a mail server meets day by day.</summary>
    public bool IsUsual { get; init; }

    /// <summary>What the operation's time is divided by: 1, or the size of its input where times per byte are compared.</summary>
    public int OperationSize { get; init; } = 1;

    /// <summary>What the baseline's time is divided by.</summary>
    public int BaselineSize { get; init; } = 1;
}
