using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the instruments that <see cref="InMemoryCache"/> documents.</summary>
/// <remarks>The instruments count for the whole process, so no other test runs at the same time.</remarks>
[Collection(nameof(SerialCollection))]
public class CacheMetricsTests
{
    private const string Hits = "mtasts.cache.hits";
    private const string Misses = "mtasts.cache.misses";
    private const string Evictions = "mtasts.cache.evictions";
    private const string Entries = "mtasts.cache.entries";

    [Fact]
    public void Instruments_HaveTheNamesAndUnitsDocumented()
    {
        _ = new InMemoryCache();
        List<Instrument> instruments = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter is { Name: "MtaSts", Scope: null }
                    && instrument.Name.StartsWith("mtasts.cache.", StringComparison.Ordinal))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();

        instruments.Select(static instrument => (instrument.Name, instrument.Unit, instrument.GetType())).Should().BeEquivalentTo(
        [
            (Hits, "{lookup}", typeof(Counter<long>)),
            (Misses, "{lookup}", typeof(Counter<long>)),
            (Evictions, "{entry}", typeof(Counter<long>)),
            (Entries, "{entry}", typeof(ObservableUpDownCounter<long>)),
        ]);
        instruments.Should().OnlyContain(static instrument => instrument.Description!.EndsWith('.') && instrument.Meter.Version != null);
    }

    [Fact]
    public async Task Lookups_AreHitsOrMisses()
    {
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());
        using Recorder recorder = new();

        cache.TryGet("example.com", out _);
        await cache.GetAsync(PolicyDomain.Parse("EXAMPLE.com."));
        cache.TryGet("example.org", out _);
        cache.TryGet("no domain", out _);
        await cache.GetAsync(PolicyDomain.Parse("example.net"));
        await cache.UpdateAsync(PolicyDomain.Parse("example.net"), static _ => null);
        cache.TryGet("", out _);
        cache.Set("example.com", MakeEntry());
        cache.Remove("example.com");
        cache.Remove("example.com");

        recorder[Hits].Should().Be(2);
        recorder[Misses].Should().Be(4, "an update is not a lookup");
        recorder[Evictions].Should().Be(0, "a removal is not an eviction");
    }

    [Fact]
    public void Hits_OfExpiredEntries_AreHits()
    {
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry(maxAge: 0));
        using Recorder recorder = new();
        cache.TryGet("example.com", out _);
        (recorder[Hits], recorder[Misses]).Should().Be((1, 0));
    }

    [Fact]
    public void Evictions_AreTheEntriesRemovedForOthers()
    {
        InMemoryCache small = new(new() { Capacity = 2 });
        InMemoryCache large = new(new() { Capacity = 128 });
        using Recorder recorder = new();
        for (int i = 0; i < 10; i++)
        {
            small.Set($"domain{i}.example", MakeEntry());
        }

        recorder[Evictions].Should().Be(8);
        for (int i = 0; i < 129; i++)
        {
            large.Set($"domain{i}.example", MakeEntry());
        }

        recorder[Evictions].Should().Be(8 + 1 + (128 / 64), "entries are evicted in batches");
        large.Count.Should().Be(129 - 3);
    }

    [Fact]
    public void Entries_AreThoseOfAllCachesInUse()
    {
        using Recorder recorder = new();
        long before = Observe(recorder); // entries of other tests' caches that the garbage collector has not yet collected

        InMemoryCache one = new();
        InMemoryCache other = new();
        one.Set("a.example", MakeEntry());
        other.Set("a.example", MakeEntry());
        other.Set("b.example", MakeEntry(maxAge: 0));
        FillAndForget();
        (Observe(recorder) - before).Should().Be(3, "the instrument does not keep a cache alive");

        one.Remove("a.example");
        (Observe(recorder) - before).Should().Be(2);
        GC.KeepAlive(one);
        GC.KeepAlive(other);
    }

    [Fact]
    public void MeterFactory_OfEachCache_MeasuresThatCacheAlone()
    {
        using OwnFactory one = new();
        using OwnFactory other = new();
        using Recorder ofLibrary = new();
        using Recorder ofOne = new(one);
        using Recorder ofOther = new(other);
        long before = Observe(ofLibrary);
        InMemoryCache first = new(new() { MeterFactory = one, Capacity = 2 });
        InMemoryCache second = new(new() { MeterFactory = other });

        for (int i = 0; i < 5; i++)
        {
            first.Set($"domain{i}.example", MakeEntry());
        }

        second.Set("a.example", MakeEntry());
        first.TryGet("domain4.example", out _);
        second.TryGet("b.example", out _);
        second.TryGet("c.example", out _);

        (ofOne[Hits], ofOne[Misses], ofOne[Evictions], ofOne.Observe(Entries)).Should().Be((1, 0, 3, 2));
        (ofOther[Hits], ofOther[Misses], ofOther[Evictions], ofOther.Observe(Entries)).Should().Be((0, 2, 0, 1));
        (ofLibrary[Hits], ofLibrary[Misses], ofLibrary[Evictions], Observe(ofLibrary) - before).Should().Be((0, 0, 0, 0));
        one.Meter!.Version.Should().Be(LibraryVersion());
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    // A second instrument of one name would replace the first one's value in an exporter.
    [Fact]
    public void MeterFactory_OfSeveralCaches_HasOneMeasurementOfTheirEntries()
    {
        using OwnFactory factory = new();
        using Recorder recorder = new(factory);
        InMemoryCache first = new(new() { MeterFactory = factory });
        InMemoryCache second = new(new() { MeterFactory = factory });
        first.Set("a.example", MakeEntry());
        first.Set("b.example", MakeEntry());
        second.Set("a.example", MakeEntry());

        recorder.Observe(Entries).Should().Be(3);
        recorder.Published.Should().BeEquivalentTo(Hits, Misses, Evictions, Entries);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }

    [Fact]
    public void MeterFactory_OfAnUnusedCache_DoesNotKeepItAlive()
    {
        using OwnFactory factory = new();
        using Recorder recorder = new(factory);
        FillAndForget(factory);
        Observe(recorder).Should().Be(0);
    }

    [Fact]
    public void NoListener_NothingIsMeasuredOrAllocated()
    {
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());
        Recorder recorder = new();
        int hits = CountHits(cache); // warm-up
        recorder[Hits].Should().Be(100);
        recorder.Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();

        hits += CountHits(cache);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        hits.Should().Be(200);
        recorder[Hits].Should().Be(100);
        recorder[Misses].Should().Be(100);
    }

    [Fact]
    public void Listener_LookupsAllocateNothing()
    {
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry());
        using Recorder recorder = new();
        int hits = CountHits(cache); // warm-up
        long before = GC.GetAllocatedBytesForCurrentThread();

        hits += CountHits(cache);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        recorder[Hits].Should().Be(hits);
    }

    private static int CountHits(InMemoryCache cache)
    {
        int hits = 0;
        for (int i = 0; i < 100; i++)
        {
            hits += cache.TryGet("example.com", out _) ? 1 : 0;
            hits += cache.TryGet("example.org", out _) ? 1 : 0;
        }

        return hits;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FillAndForget(OwnFactory? factory = null)
    {
        InMemoryCache cache = new(new() { MeterFactory = factory });
        for (int i = 0; i < 100; i++)
        {
            cache.Set($"domain{i}.example", MakeEntry());
        }
    }

    private static long Observe(Recorder recorder)
    {
        for (int i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return recorder.Observe(Entries);
    }

    private static string? LibraryVersion() => typeof(InMemoryCache).Assembly.GetName().Version?.ToString(3);

    /// <summary>Adds up the measurements of the library's own meter, or of the meters of a factory.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal)
        {
            [Hits] = 0,
            [Misses] = 0,
            [Evictions] = 0,
            [Entries] = 0,
        };

        public Recorder(OwnFactory? factory = null)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MtaSts" && instrument.Meter.Scope == factory)
                {
                    Published.Add(instrument.Name);
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, measurement, _, _) => _sums[instrument.Name] += measurement);
            _listener.Start();
        }

        public List<string> Published { get; } = [];

        public long this[string name] => _sums[name];

        public long Observe(string name)
        {
            _sums[name] = 0;
            _listener.RecordObservableInstruments();
            return _sums[name];
        }

        public void Dispose() => _listener.Dispose();
    }
}
