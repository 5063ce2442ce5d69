using System.Text;
using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures parsing valid and invalid policies, as characters and as bytes.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private string _text = "";
    private byte[] _utf8Text = [];

    [Params("policy", "bad policy", "web page", "64 KiB", "bad 64 KiB")]
    public string Input { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _text = Input switch
        {
            "policy" => TypicalInputs.Policy,
            "bad policy" => TypicalInputs.BadPolicy,
            "web page" => TypicalInputs.WebPage,
            "64 KiB" => TypicalInputs.LargePolicy,
            _ => TypicalInputs.LargeBadPolicy,
        };
        _utf8Text = Encoding.UTF8.GetBytes(_text);
    }

    [Benchmark(Baseline = true)]
    public bool NaiveChars() => NaivePolicy.Parse(_text) is not null;

    [Benchmark]
    public bool NaiveUtf8() => NaivePolicy.Parse(_utf8Text) is not null;

    [Benchmark]
    public bool TryParseChars() => Policy.TryParse(_text, out _);

    [Benchmark]
    public bool TryParseUtf8() => Policy.TryParse(_utf8Text, out _);
}
