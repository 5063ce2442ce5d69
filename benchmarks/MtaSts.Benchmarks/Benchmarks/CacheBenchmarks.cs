using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures a lookup in caches of different sizes.</summary>
/// <remarks>Lookups in random order wait for memory; their times vary a lot between runs.</remarks>
[MemoryDiagnoser]
public class CacheBenchmarks
{
    private const int Lookups = 1_000;

    private InMemoryCache? _cache;
    private NaiveCache? _naive;
    private string[] _wanted = [];

    [Params(1, 1_000, 100_000, 1_000_000)]
    public int Domains { get; set; }

    [Params("hot", "miss", "random")]
    public string Key { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string[] domains = TypicalInputs.Domains(Domains);
        _cache = Caches.Of(domains);
        _naive = Caches.NaiveOf(domains);
        Random random = new(8461);
        _wanted = Key switch
        {
            "hot" => [.. Enumerable.Repeat(domains[0], Lookups)],
            "miss" => [.. Enumerable.Repeat(TypicalInputs.NoHost, Lookups)],
            _ => random.GetItems(domains, Lookups * 100),
        };
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public int Naive()
    {
        int hits = 0;
        foreach (string domain in Next())
        {
            hits += _naive!.TryGet(domain, out _) ? 1 : 0;
        }

        return hits;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int TryGet()
    {
        int hits = 0;
        foreach (string domain in Next())
        {
            hits += _cache!.TryGet(domain, out _) ? 1 : 0;
        }

        return hits;
    }

    private int _next;

    // Other domains each time: those of one run would stay in the processor's cache.
    private ArraySegment<string> Next()
    {
        _next = (_next + Lookups) % _wanted.Length;
        return new(_wanted, _next, Lookups);
    }
}
