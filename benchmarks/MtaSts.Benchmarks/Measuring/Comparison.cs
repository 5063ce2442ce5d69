namespace MtaSts.Benchmarks;

/// <summary>Represents an operation and the baseline of its ratio.</summary>
/// <param name="Id">The id of the row in BUDGETS.md.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Baseline">The baseline, which is measured alternately with the operation.</param>
internal sealed record Comparison(string Id, Repeated Operation, Repeated Baseline)
{
    /// <summary>Indicates whether a mail server meets such an input every day.</summary>
    public bool IsTypical { get; init; }

    /// <summary>The divisor of the operation's time: 1, or the size of its input to compare times per byte.</summary>
    public int OperationSize { get; init; } = 1;

    /// <summary>The divisor of the baseline's time.</summary>
    public int BaselineSize { get; init; } = 1;

    /// <summary>Creates a comparison of two operations.</summary>
    public static Comparison Of<TOperation, TBaseline>(string id, TOperation operation, TBaseline baseline)
        where TOperation : struct, IOperation
        where TBaseline : struct, IOperation => new(id, Repeat(operation), Repeat(baseline));

    private static Repeated Repeat<T>(T operation)
        where T : struct, IOperation => times =>
    {
        T local = operation; // Its fields can be kept in registers.
        int succeeded = 0;
        for (int i = 0; i < times; i++)
        {
            succeeded += local.Run(i) ? 1 : 0;
        }

        return succeeded;
    };
}
