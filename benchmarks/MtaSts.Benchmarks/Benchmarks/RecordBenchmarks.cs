using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures parsing valid and invalid TXT records.</summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    [Params(TypicalInputs.Record, TypicalInputs.BadRecord, TypicalInputs.OtherRecord)]
    public string Text { get; set; } = "";

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveRecord.Parse(Text) is not null;

    [Benchmark]
    public bool TryParse() => StsRecord.TryParse(Text, out _);
}
