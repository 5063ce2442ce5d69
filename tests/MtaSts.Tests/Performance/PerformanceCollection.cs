using System.Diagnostics.CodeAnalysis;

namespace MtaSts.Tests;

/// <summary>Tests that measure: none runs beside another.</summary>
[CollectionDefinition(nameof(PerformanceTests), DisableParallelization = true)]
[SuppressMessage("Naming", "CA1711", Justification = "The runner's word for it.")]
public sealed class PerformanceCollection;
