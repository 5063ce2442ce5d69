namespace MtaSts;

/// <summary>What goes wrong when one policy replaces another, and the order of steps in which nothing does.</summary>
/// <remarks>Made by <see cref="PolicyRollover"/>. Immutable, and safe for use by several threads.</remarks>
public sealed class RolloverReport
{
    internal RolloverReport(IReadOnlyList<Finding> findings, IReadOnlyList<string> steps)
    {
        Findings = findings;
        Steps = steps;
    }

    /// <summary>What goes wrong if all is changed as given; empty if nothing does.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The safe order of steps, each an English sentence or two; empty if the policy does not change.</summary>
    public IReadOnlyList<string> Steps { get; }
}
