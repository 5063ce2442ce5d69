using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures how a decision grows with the number of patterns. From 17 on, it must not grow.</summary>
[MemoryDiagnoser]
public class EnforcePatternsBenchmarks
{
    private const int Hosts = 16;

    private Policy? _policy;
    private NaivePolicy? _naivePolicy;
    private string[] _mxHosts = [];

    // Lists of up to 16 patterns are scanned; longer ones have an index.
    [Params(1, 4, 16, 17, 64, 256, 1_024, 4_096)]
    public int Patterns { get; set; }

    [Params("last", "none")]
    public string Match { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string text = TypicalInputs.ShortNamePolicyOf(Patterns);
        _policy = Policy.Parse(text);
        _naivePolicy = NaivePolicy.Parse(text);
        _mxHosts = Match == "last"
            ? [.. Enumerable.Repeat(TypicalInputs.ShortNameLastHost(Patterns), Hosts)]
            : TypicalInputs.ShortNameNoHosts;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Hosts)]
    public int Naive()
    {
        int allowed = 0;
        foreach (string mxHost in _mxHosts)
        {
            allowed += NaiveSts.Enforce(_naivePolicy, mxHost).Verdict is Verdict.Allow ? 1 : 0;
        }

        return allowed;
    }

    [Benchmark(OperationsPerInvoke = Hosts)]
    public int Enforce()
    {
        int allowed = 0;
        foreach (string mxHost in _mxHosts)
        {
            allowed += Sts.Enforce(_policy, mxHost).Verdict is Verdict.Allow ? 1 : 0;
        }

        return allowed;
    }
}
