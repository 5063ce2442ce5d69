using System.Text;
using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures parsing hostile policies of 64 KiB.</summary>
[MemoryDiagnoser]
public class WorstPolicyBenchmarks
{
    private string _text = "";
    private byte[] _utf8Text = [];

    public static IEnumerable<string> Inputs => WorstCaseInputs.Policies.Keys.Prepend("typical");

    [ParamsSource(nameof(Inputs))]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _text = Input == "typical" ? TypicalInputs.LargePolicy : WorstCaseInputs.Policies[Input];
        _utf8Text = Encoding.UTF8.GetBytes(_text);
    }

    [Benchmark(Baseline = true)]
    public bool Naive() => NaivePolicy.Parse(_utf8Text) is not null;

    [Benchmark]
    public bool TryParseChars() => Policy.TryParse(_text, out _);

    [Benchmark]
    public bool TryParseUtf8() => Policy.TryParse(_utf8Text, out _);
}
