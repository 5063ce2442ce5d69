using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures the match of a host and a pattern, both as text.</summary>
[MemoryDiagnoser]
public class MxMatchesBenchmarks
{
    private string _mxHost = "";
    private string _pattern = "";

    [Params("literal", "wildcard", "miss", "no pattern")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup() => (_mxHost, _pattern) = Input switch
    {
        "literal" => (TypicalInputs.FirstHost, TypicalInputs.FirstHost),
        "wildcard" => (TypicalInputs.WildcardHost, TypicalInputs.Wildcard),
        "miss" => (TypicalInputs.TooDeepHost, TypicalInputs.Wildcard),
        _ => (TypicalInputs.FirstHost, "mail*.example.com"),
    };

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveSts.MxMatches(_mxHost, _pattern);

    [Benchmark]
    public bool MxMatches() => Sts.MxMatches(_mxHost, _pattern);
}
