using System.Globalization;

namespace MtaSts.Linting;

/// <summary>Represents the faults of a change of policy and the safe order of its steps.</summary>
/// <remarks>Created by <see cref="PolicyRollover"/>. Immutable and safe for use by several threads.</remarks>
public sealed class RolloverReport
{
    internal RolloverReport(IReadOnlyList<Finding> findings, IReadOnlyList<string> steps)
    {
        Findings = findings;
        Steps = steps;
    }

    /// <summary>The faults of the change if it is made all at once; empty if it has no fault.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>
    /// The safe order of steps, each one or two English sentences; empty if the policy does not change.
    /// </summary>
    public IReadOnlyList<string> Steps { get; }

    /// <summary>Returns the number of findings and steps for a log.</summary>
    /// <returns>One line of printable ASCII.</returns>
    /// <example><c>findings: 1, steps: 3</c></example>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"findings: {Findings.Count}, steps: {Steps.Count}");
}
