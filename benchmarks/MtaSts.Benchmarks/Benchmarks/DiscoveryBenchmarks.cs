using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;

namespace MtaSts.Benchmarks;

/// <summary>Measures discoveries, without and with listeners for all instruments and activities.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The cleanup of BenchmarkDotNet disposes of them.")]
public class DiscoveryBenchmarks
{
    private const int Deliveries = 100;

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    private readonly InstantSource _source = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities = new()
    {
        ShouldListenTo = static source => source.Name == "MtaSts",
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    };

    private InMemoryCache _cache = new();
    private PolicyDiscovery? _discovery;
    private NaiveDiscovery? _naive;

    [Params(false, true)]
    public bool Listeners { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _cache = Caches.FreshOf(Domain);
        _discovery = new(_cache, _source);
        _naive = new(_cache, _source);
        if (Listeners)
        {
            _meters.InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            _meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
            _meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
            _meters.Start();
            ActivitySource.AddActivityListener(_activities);
        }
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _meters.Dispose();
        _activities.Dispose();
        await _discovery!.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Reads the cache alone.</summary>
    [Benchmark(Baseline = true)]
    public CachedPolicy? GetAsync() => _cache.GetAsync(Domain).ResultNow();

    /// <summary>Does the least that a caller does by hand.</summary>
    [Benchmark]
    public Policy? Naive() => _naive!.DiscoverAsync(Domain).ResultNow();

    /// <summary>Discovers a cached policy that is not due.</summary>
    [Benchmark]
    public DiscoveredPolicy Cached() => _discovery!.DiscoverAsync(Domain).ResultNow();

    /// <summary>Discovers an unknown policy, whose fetch ends at once.</summary>
    [Benchmark]
    public async Task<DiscoveredPolicy> Cold()
    {
        _cache.Remove(Domain.Name);
        return await _discovery!.DiscoverAsync(Domain).ConfigureAwait(false);
    }

    /// <summary>Discovers an unknown policy for deliveries that share one fetch. The time is that of one of them.</summary>
    [Benchmark(OperationsPerInvoke = Deliveries)]
    public async Task Joined()
    {
        _cache.Remove(Domain.Name);
        TaskCompletionSource<FetchResult> fetch = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _source.Fetch = fetch.Task;
        Task[] deliveries = new Task[Deliveries];
        for (int i = 0; i < deliveries.Length; i++)
        {
            deliveries[i] = _discovery!.DiscoverAsync(Domain).AsTask();
        }

        fetch.SetResult(InstantSource.Fetched);
        await Task.WhenAll(deliveries).ConfigureAwait(false);
        _source.Fetch = null;
    }
}
