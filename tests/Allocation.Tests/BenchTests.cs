namespace MtaSts.Allocation.Tests;

public sealed class BenchesTests
{
    [Fact]
    public void LoadCopy_OfTheBench_MeasuresACopyOfTheLibrary()
    {
        Type copy = Benches.LoadCopy();

        copy.GetProperty(nameof(Bench.Library))!.GetValue(null).Should().NotBeSameAs(Bench.Library);
    }
}
