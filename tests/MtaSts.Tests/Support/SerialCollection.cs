namespace MtaSts.Tests;

/// <summary>The tests that measure the whole process, such as its memory or metrics. No other test runs at the same time.</summary>
[CollectionDefinition(nameof(SerialCollection), DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "A collection of tests, as xunit calls it.")]
public static class SerialCollection;
