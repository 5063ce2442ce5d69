namespace MtaSts.Tests;

/// <summary>Represents an exception of the source or the cache of a test.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1032", Justification = "It has one text.")]
internal sealed class MarkedException() : Exception("the test threw this");
