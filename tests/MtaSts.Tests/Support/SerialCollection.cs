namespace MtaSts.Tests;

/// <summary>For the tests that measure what the whole process does, such as its memory or its metrics: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(SerialCollection), DisableParallelization = true)]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "A collection of tests, as xunit calls it.")]
public static class SerialCollection;
