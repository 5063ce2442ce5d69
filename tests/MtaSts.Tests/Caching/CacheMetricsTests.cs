using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>The instruments that <see cref="InMemoryCache"/> documents. They count for the whole process, so nothing else runs beside these tests.</summary>
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
                if (instrument.Meter.Name == "MtaSts")
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
        await cache.GetAsync("EXAMPLE.com.");
        cache.TryGet("example.org", out _);
        await cache.GetAsync("no domain");
        cache.TryGet("", out _);
        cache.Set("example.com", MakeEntry());
        cache.Remove("example.com");
        cache.Remove("example.com");

        recorder[Hits].Should().Be(2);
        recorder[Misses].Should().Be(3);
        recorder[Evictions].Should().Be(0, "a removal is none");
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
    public void Evictions_AreTheEntriesThatHadToGo()
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

        recorder[Evictions].Should().Be(8 + 1 + (128 / 64), "they go by the batch");
        large.Count.Should().Be(129 - 3);
    }

    [Fact]
    public void Entries_AreThoseOfAllCachesThatAreInUse()
    {
        using Recorder recorder = new();
        long before = Observe(recorder); // caches that other tests have left to the garbage collector

        InMemoryCache one = new();
        InMemoryCache other = new();
        one.Set("a.example", MakeEntry());
        other.Set("a.example", MakeEntry());
        other.Set("b.example", MakeEntry(maxAge: 0));
        FillAndForget();
        (Observe(recorder) - before).Should().Be(3, "to be counted does not keep a cache alive");

        one.Remove("a.example");
        (Observe(recorder) - before).Should().Be(2);
        GC.KeepAlive(one);
        GC.KeepAlive(other);
    }

    [Fact]
    public void NobodyListens_NothingIsMeasuredOrAllocated()
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
    public void SomebodyListens_ALookupAllocatesNothingEither()
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
    private static void FillAndForget()
    {
        InMemoryCache cache = new();
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

    /// <summary>Sums up what is measured as long as it listens.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal) { [Hits] = 0, [Misses] = 0, [Evictions] = 0, [Entries] = 0 };

        public Recorder()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MtaSts")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, measurement, _, _) => _sums[instrument.Name] += measurement);
            _listener.Start();
        }

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
