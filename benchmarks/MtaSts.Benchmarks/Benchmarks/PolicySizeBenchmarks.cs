using System.Text;
using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures how parsing grows with the size of a policy. It must be linear.</summary>
[MemoryDiagnoser]
public class PolicySizeBenchmarks
{
    private byte[] _utf8Text = [];

    [Params(100, 1_024, 4_096, 16_384, 65_536)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => _utf8Text = Encoding.UTF8.GetBytes(TypicalInputs.PolicyOfSize(Bytes));

    [Benchmark(Baseline = true)]
    public bool Naive() => NaivePolicy.Parse(_utf8Text) is not null;

    [Benchmark]
    public bool TryParse() => Policy.TryParse(_utf8Text, out _);
}
