using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures parsing hostile records of 64 KiB.</summary>
[MemoryDiagnoser]
public class WorstRecordBenchmarks
{
    private string _text = "";

    public static IEnumerable<string> Inputs => WorstCaseInputs.Records.Keys;

    [ParamsSource(nameof(Inputs))]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _text = WorstCaseInputs.Records[Input];

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveRecord.Parse(_text) is not null;

    [Benchmark]
    public bool TryParse() => StsRecord.TryParse(_text, out _);
}
