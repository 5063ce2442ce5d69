using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>
/// Measures whether two threads slow down each other's lookups. The time is that of one lookup of one thread.
/// </summary>
[MemoryDiagnoser]
public class CacheThreadsBenchmarks
{
    private const int Domains = 100_000;
    private const int Lookups = 1_000_000;

    private InMemoryCache? _cache;
    private NaiveCache? _naive;
    private string[] _domains = [];

    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Indicates whether all threads look up the same domain.</summary>
    [Params(true, false)]
    public bool SameDomain { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _domains = TypicalInputs.Domains(Domains);
        _cache = Caches.Of(_domains);
        _naive = Caches.NaiveOf(_domains);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public void Naive() => Run(domain =>
    {
        for (int i = 0; i < Lookups; i++)
        {
            _naive!.TryGet(domain, out _);
        }
    });

    [Benchmark(OperationsPerInvoke = Lookups)]
    public void TryGet() => Run(domain =>
    {
        for (int i = 0; i < Lookups; i++)
        {
            _cache!.TryGet(domain, out _);
        }
    });

    private void Run(Action<string> read)
    {
        Thread[] others = [.. Enumerable.Range(1, Threads - 1).Select(i => new Thread(() => read(_domains[SameDomain ? 0 : i])))];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        read(_domains[0]);
        foreach (Thread thread in others)
        {
            thread.Join();
        }
    }
}
