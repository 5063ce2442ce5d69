using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>What does it take to read a TXT record, or to find that it is none?</summary>
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
