using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>
/// Measures whether threads slow down each other's discoveries of cached policies. The time is that of one discovery of
/// one thread.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The cleanup of BenchmarkDotNet disposes of them.")]
public class DiscoveryThreadsBenchmarks
{
    private const int Discoveries = 1_000_000;

    private readonly PolicyDomain[] _domains = [.. TypicalInputs.Domains(4).Select(static domain => PolicyDomain.Parse(domain))];

    private NaiveDiscovery? _naive;
    private PolicyDiscovery? _discovery;

    [Params(1, 2, 4)]
    public int Threads { get; set; }

    /// <summary>Indicates whether all threads deliver to the same domain.</summary>
    [Params(true, false)]
    public bool SameDomain { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        InMemoryCache cache = Caches.FreshOf(_domains);
        _naive = new(cache, new InstantSource());
        _discovery = new(cache, new InstantSource());
    }

    [GlobalCleanup]
    public async Task CleanupAsync() => await _discovery!.DisposeAsync().ConfigureAwait(false);

    [Benchmark(Baseline = true, OperationsPerInvoke = Discoveries)]
    public void Naive() => Run(domain =>
    {
        for (int i = 0; i < Discoveries; i++)
        {
            _naive!.DiscoverAsync(domain).ResultNow();
        }
    });

    [Benchmark(OperationsPerInvoke = Discoveries)]
    public void Cached() => Run(domain =>
    {
        for (int i = 0; i < Discoveries; i++)
        {
            _discovery!.DiscoverAsync(domain).ResultNow();
        }
    });

    private void Run(Action<PolicyDomain> discover)
    {
        Thread[] others = [.. Enumerable.Range(1, Threads - 1).Select(i => new Thread(() => discover(_domains[SameDomain ? 0 : i])))];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        discover(_domains[0]);
        foreach (Thread thread in others)
        {
            thread.Join();
        }
    }
}
