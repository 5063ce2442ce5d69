using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>What can a hostile policy or host cost a decision?</summary>
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
            "long scan" => (Hostile.LongScan, Hostile.LongScanHost),
            "long host" => (Usual.ThousandPatterns, Hostile.LongHost),
            "long host, wildcards" => (Hostile.Wildcards, Hostile.WildcardsHost),
            "long dotted host" => (Usual.ThousandPatterns, Hostile.LongDottedHost),
            _ => (Usual.ThousandPatterns, Hostile.InternationalHost),
        };
        _policy = Policy.Parse(text);
        _naivePolicy = NaivePolicy.Parse(text);
    }

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveSts.Enforce(_naivePolicy, _mxHost).Verdict is Verdict.Allow;

    [Benchmark]
    public bool Enforce() => Sts.Enforce(_policy, _mxHost).Verdict is Verdict.Allow;
}
