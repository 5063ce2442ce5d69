namespace MtaSts.Benchmarks;

/// <summary>Represents an operation that is measured. A struct, so that the compiler makes a loop for each.</summary>
internal interface IOperation
{
    /// <summary>Does the operation.</summary>
    /// <param name="i">The number of operations before it in the same loop.</param>
    /// <returns>
    /// <see langword="true"/> if the text was accepted or the host allowed; otherwise, <see langword="false"/>.
    /// </returns>
    bool Run(int i);
}
