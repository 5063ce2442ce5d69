using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

/// <summary>Checks the verdict on the ratios of several copies of the library.</summary>
public sealed class GateTests
{
    private const double Budget = 1.4;

    [Theory]
    [InlineData(new[] { 1.0, 1.0, 1.0 }, false, false)]
    [InlineData(new[] { 1.0, 1.5, 1.0 }, false, false)] // the operation was slow by chance
    [InlineData(new[] { 2.0, 1.3, 2.0 }, true, true)] // done twice, and the baseline was slow by chance
    [InlineData(new[] { 1.4, 1.4, 1.4 }, false, false)]
    [InlineData(new[] { 1.5, 1.5, 1.0 }, true, true)]
    [InlineData(new[] { 1.5, 1.5, 1.0, 1.0, 1.0 }, false, false)]
    [InlineData(new[] { 2.0, 1.3, 2.0, 1.3, 2.0 }, true, false)]
    [InlineData(new[] { 0.1, 0.1 }, false, true)] // fewer copies than required
    public void Add_RatiosOfCopies_MedianDecides(double[] ratios, bool isOver, bool wantsAnotherCopy)
    {
        Gate gate = new("a", Budget);
        foreach (double ratio in ratios)
        {
            gate.Add(ratio);
        }

        (gate.IsOver, gate.WantsAnotherCopy).Should().Be((isOver, wantsAnotherCopy));
    }

    [Fact]
    public void LoadCopy_OfTheBench_MeasuresACopyOfTheLibrary() =>
        Bench.LoadCopy().GetProperty(nameof(Bench.Library))!.GetValue(null).Should().NotBeSameAs(Bench.Library);
}
