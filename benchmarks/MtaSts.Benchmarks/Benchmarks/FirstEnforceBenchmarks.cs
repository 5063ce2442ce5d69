using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures parsing and the first decision, which builds the index of a long list.</summary>
[MemoryDiagnoser]
public class FirstEnforceBenchmarks
{
    private string _text = "";

    [Params("3 patterns", "1,727 patterns", "most patterns")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _text = Input switch
    {
        "3 patterns" => TypicalInputs.Policy,
        "1,727 patterns" => TypicalInputs.LargePolicy,
        _ => WorstCaseInputs.MostPatterns,
    };

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveSts.Enforce(NaivePolicy.Parse(_text), TypicalInputs.NoHost).Verdict is Verdict.Allow;

    [Benchmark]
    public bool ParseAndEnforce() => Sts.Enforce(Policy.Parse(_text), TypicalInputs.NoHost).Verdict is Verdict.Allow;
}
