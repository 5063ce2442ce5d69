using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures decisions by hostile policies and about hostile hosts.</summary>
[MemoryDiagnoser]
public class WorstEnforceBenchmarks
{
    private Policy? _policy;
    private NaivePolicy? _naivePolicy;
    private string _mxHost = "";

    [Params("long scan", "long host", "long host, wildcards", "long dotted host", "international host")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        (string text, _mxHost) = Input switch
        {
            "long scan" => (WorstCaseInputs.LongScan, WorstCaseInputs.LongScanHost),
            "long host" => (TypicalInputs.ThousandPatterns, WorstCaseInputs.LongHost),
            "long host, wildcards" => (WorstCaseInputs.Wildcards, WorstCaseInputs.WildcardsHost),
            "long dotted host" => (TypicalInputs.ThousandPatterns, WorstCaseInputs.LongDottedHost),
            _ => (TypicalInputs.ThousandPatterns, WorstCaseInputs.InternationalHost),
        };
        _policy = Policy.Parse(text);
        _naivePolicy = NaivePolicy.Parse(text);
    }

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveSts.Enforce(_naivePolicy, _mxHost).Verdict is Verdict.Allow;

    [Benchmark]
    public bool Enforce() => Sts.Enforce(_policy, _mxHost).Verdict is Verdict.Allow;
}
