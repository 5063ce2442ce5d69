namespace MtaSts.Tests;

/// <summary>Collects the tests that measure the whole process, such as its memory or metrics.</summary>
/// <remarks>No other test runs at the same time.</remarks>
[CollectionDefinition(nameof(SerialCollection), DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "xunit calls this a collection.")]
public static class SerialCollection;
