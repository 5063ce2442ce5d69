using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures a decision by a policy of three patterns.</summary>
[MemoryDiagnoser]
public class EnforceBenchmarks
{
    private static readonly Policy Policy = Policy.Parse(TypicalInputs.Policy);
    private static readonly NaivePolicy NaivePolicy = NaivePolicy.Parse(TypicalInputs.Policy)!;

    [Params(TypicalInputs.FirstHost, TypicalInputs.LastHost, TypicalInputs.NoHost)]
    public string MxHost { get; set; } = "";

    [Benchmark(Baseline = true)]
    public bool Naive() => NaiveSts.Enforce(NaivePolicy, MxHost).Verdict is Verdict.Allow;

    [Benchmark]
    public bool Enforce() => Sts.Enforce(Policy, MxHost).Verdict is Verdict.Allow;
}
