using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the instruments and the activity of <see cref="PolicyDiscovery"/>, as docs/metrics.md lists them.</summary>
/// <remarks>
/// The meter of the library and its activities are those of the whole process, so no other test runs at the same time.
/// </remarks>
[Collection(nameof(SerialCollection))]
public sealed class DiscoveryMetricsTests : IDisposable
{
    private const string Lookups = "mtasts.lookups";
    private const string Fetches = "mtasts.fetches";
    private const string Duration = "mtasts.fetch.duration";
    private const string Active = "mtasts.fetch.active";
    private const string Discoveries = "mtasts.discoveries";

    private static readonly string[] InstrumentNames = [Lookups, Fetches, Duration, Active, Discoveries];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    private readonly Clock _clock = new();
    private readonly OwnFactory _factory = new();
    private readonly InMemoryCache _cache = new();
    private readonly Source _source = new();

    private static string? LibraryVersion => typeof(PolicyDiscovery).Assembly.GetName().Version?.ToString(3);

    public static TheoryData<TxtStatus, string> LookupStatuses => new()
    {
        { TxtStatus.LookupFailed, "lookup_failed" },
        { TxtStatus.Found, "found" },
        { TxtStatus.NoRecord, "no_record" },
        { TxtStatus.MultipleRecords, "multiple_records" },
        { TxtStatus.InvalidRecord, "invalid_record" },
    };

    public static TheoryData<FetchStatus, string> FetchStatuses => new()
    {
        { FetchStatus.ConnectionFailed, "connection_failed" },
        { FetchStatus.Ok, "ok" },
        { FetchStatus.Redirected, "redirected" },
        { FetchStatus.NotFound, "not_found" },
        { FetchStatus.UnexpectedStatus, "unexpected_status" },
        { FetchStatus.WrongMediaType, "wrong_media_type" },
        { FetchStatus.TooLarge, "too_large" },
        { FetchStatus.InvalidPolicy, "invalid_policy" },
        { FetchStatus.TimedOut, "timed_out" },
        { FetchStatus.CertificateInvalid, "certificate_invalid" },
    };

    public static TheoryData<PolicyMode?, string> Modes => new()
    {
        { null, "no_policy" },
        { PolicyMode.None, "none" },
        { PolicyMode.Testing, "testing" },
        { PolicyMode.Enforce, "enforce" },
    };

    public static TheoryData<string> Instruments => [.. InstrumentNames];

    public void Dispose()
    {
        _factory.Dispose();
        _clock.Dispose();
    }

    [Theory]
    [MemberData(nameof(LookupStatuses))]
    public async Task Lookups_EachStatus_IsItsTag(TxtStatus status, string value)
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        _source.LookUp = _ => new(AnswerOf(status));

        await discovery.DiscoverAsync(Domain);

        recorder[Lookups].Should().Equal((1, $"status={value}"));
    }

    [Fact]
    public async Task Lookups_ThatThrowOrAreLate_AreFailed()
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);

        _source.LookUp = static _ => throw new InvalidOperationException();
        await discovery.DiscoverAsync(Domain);
        _source.LookUp = static _ => new(new TaskCompletionSource<TxtAnswer>().Task);
        Task<DiscoveredPolicy> late = discovery.DiscoverAsync(Domain).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await late.WaitAsync(Patience);

        recorder[Lookups].Should().Equal((1, "status=lookup_failed"), (1, "status=lookup_failed"));
    }

    // Such a lookup has no result.
    [Fact]
    public async Task Lookups_WhoseDeliveryGaveUp_AreNotCounted()
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        using CancellationTokenSource giveUp = new();
        _source.LookUp = static _ => new(new TaskCompletionSource<TxtAnswer>().Task);
        Task<DiscoveredPolicy> delivery = discovery.DiscoverAsync(Domain, giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.WaitAsync(Patience));
        recorder.Measurements.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Discoveries_EachMode_IsItsTag(PolicyMode? mode, string value)
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        if (mode is { } cached)
        {
            _cache.Set("example.com", MakeEntry(cached));
        }

        _source.LookUp = static _ => new(TxtAnswer.NoRecord);
        await discovery.DiscoverAsync(Domain);
        _source.LookUp = static async _ => await Later(TxtAnswer.NoRecord);
        await discovery.DiscoverAsync(Domain);

        recorder[Discoveries].Should().Equal((1, $"mode={value}"), (1, $"mode={value}"));
    }

    // A discovery is one of a delivery.
    [Fact]
    public async Task Discoveries_OtherCalls_AreNotCounted()
    {
        await using PolicyDiscovery discovery = Create();
        _cache.Set("example.com", MakeEntry());
        DiscoveredPolicy judged = await discovery.DiscoverAsync(Domain);
        using Recorder recorder = new(_factory);

        await discovery.MayFailPermanentlyAsync(judged);
        _clock.Advance(TimeSpan.FromDays(1));
        await discovery.RefreshDueAsync();

        recorder[Discoveries].Should().BeEmpty();
        recorder[Lookups].Should().HaveCount(2);
        recorder[Fetches].Should().Equal((1, "status=ok"));
    }

    [Theory]
    [MemberData(nameof(FetchStatuses))]
    public async Task Fetches_EachStatus_AreCountedAndMeasuredByTheClock(FetchStatus status, string value)
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        _source.Fetch = async _ =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1_250));
            return await Later(ResultOf(status));
        };

        await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);

        recorder[Fetches].Should().Equal((1, $"status={value}"));
        recorder[Duration].Should().Equal((1.25, $"status={value}"));
        recorder[Active].Should().Equal((1, ""), (-1, ""));
    }

    [Fact]
    public async Task Fetches_OfSeveralDeliveries_AreCountedOnce()
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Fetch = _ => new(fetch.Task);
        Task<DiscoveredPolicy>[] deliveries = [.. Enumerable.Range(0, 20).Select(_ => discovery.DiscoverAsync(Domain).AsTask())];

        fetch.SetResult(Fetched(MakePolicy()));
        await Task.WhenAll(deliveries).WaitAsync(Patience);

        recorder[Fetches].Should().Equal((1, "status=ok"));
        recorder[Lookups].Should().HaveCount(20);
        recorder[Discoveries].Should().HaveCount(20).And.OnlyContain(static discovered => discovered.Tags == "mode=enforce");
    }

    [Fact]
    public async Task Active_DuringAFetch_IsOneAndZeroAfterATimeout()
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        _source.Fetch = static _ => new(new TaskCompletionSource<FetchResult>().Task);
        Task<DiscoveredPolicy> delivery = discovery.DiscoverAsync(Domain).AsTask();
        await _clock.FetchWaits().WaitAsync(Patience);
        recorder.Sum(Active).Should().Be(1);

        _clock.Advance(TimeSpan.FromMinutes(1));
        await delivery.WaitAsync(Patience);

        recorder.Sum(Active).Should().Be(0);
        recorder[Fetches].Should().Equal((1, "status=timed_out"));
        recorder[Duration].Should().Equal((60, "status=timed_out"));
    }

    [Fact]
    public async Task Active_AfterAnException_IsZero()
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        _source.Fetch = static _ => throw new InvalidOperationException();

        await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);

        recorder[Active].Should().Equal((1, ""), (-1, ""));
        recorder[Fetches].Should().Equal((1, "status=connection_failed"));
    }

    // A fetch that the disposal ended has no result.
    [Fact]
    public async Task Active_AfterTheDisposal_IsZeroAndNoFetchIsCounted()
    {
        PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        _source.Fetch = static _ => new(new TaskCompletionSource<FetchResult>().Task);
        Task<DiscoveredPolicy> delivery = discovery.DiscoverAsync(Domain).AsTask();
        await _clock.FetchWaits().WaitAsync(Patience);

        await discovery.DisposeAsync().AsTask().WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.WaitAsync(Patience));
        recorder[Active].Should().Equal((1, ""), (-1, ""));
        recorder[Fetches].Should().BeEmpty();
        recorder[Duration].Should().BeEmpty();
    }

    // As long as it waits for its turn, it is not in progress.
    [Fact]
    public async Task Active_OfFetchesThatWaitForTheirTurn_IsTheNumberThatRuns()
    {
        await using PolicyDiscovery discovery = Create(static options => options.MaxConcurrentFetches = 1);
        using Recorder recorder = new(_factory);
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Fetch = _ => new(fetch.Task);
        Task<DiscoveredPolicy> first = discovery.DiscoverAsync(Domain).AsTask();
        await _clock.FetchWaits().WaitAsync(Patience);

        Task<DiscoveredPolicy> second = discovery.DiscoverAsync(PolicyDomain.Parse("example.net")).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(30));
        fetch.SetResult(Fetched(MakePolicy()));
        await Task.WhenAll(first, second).WaitAsync(Patience);

        recorder[Active].Select(static measured => measured.Value).Should().Equal(1, -1, 1, -1);
        recorder[Duration].Select(static measured => measured.Value).Should().Equal(30, 0);
    }

    [Fact]
    public async Task MeterFactory_None_TheMeterOfTheLibraryMeasures()
    {
        await using PolicyDiscovery own = Create();
        await using PolicyDiscovery discovery = Create(static options => options.MeterFactory = null);
        await using PolicyDiscovery another = Create(static options => options.MeterFactory = null);
        using Recorder ofFactory = new(_factory);
        using Recorder ofLibrary = new();

        await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);
        await another.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);

        ofFactory.Measurements.Should().BeEmpty();
        ofFactory.Published.Should().BeEquivalentTo(InstrumentNames);
        ofLibrary.Published.Where(static name => !name.StartsWith("mtasts.cache", StringComparison.Ordinal))
            .Should().BeEquivalentTo(InstrumentNames, "several discoveries share the instruments");

        // Another test may have left a fetch that ends now.
        ofLibrary[Fetches].Should().Contain((1, "status=ok"));
        ofLibrary[Lookups].Should().HaveCountGreaterThanOrEqualTo(2);
        ofLibrary[Discoveries].Where(static measured => measured == (1, "mode=enforce")).Should().HaveCountGreaterThanOrEqualTo(2);
        _factory.Meter!.Version.Should().Be(LibraryVersion);
    }

    // A fault of a listener must neither stop mail nor lose a policy, as with OnEvent.
    [Theory]
    [MemberData(nameof(Instruments))]
    public async Task Listener_ThatThrows_LosesItsMeasurementAlone(string instrument)
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory, throwing: instrument);

        DiscoveredPolicy found = await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);
        DiscoveredPolicy cached = await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);

        (found.Policy, cached.Policy).Should().Be((MakePolicy(), MakePolicy()));
        recorder.Measurements.Select(static measured => measured.Name).Distinct(StringComparer.Ordinal)
            .Should().BeEquivalentTo(InstrumentNames.Where(name => name != instrument));
    }

    [Theory]
    [InlineData("sample")]
    [InlineData("start")]
    [InlineData("stop")]
    public async Task ActivityListener_ThatThrows_DoesNotStopTheFetch(string when)
    {
        await using PolicyDiscovery discovery = Create();
        using Recorder recorder = new(_factory);
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "MtaSts",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Throw("sample"),
            ActivityStarted = _ => Throw("start"),
            ActivityStopped = _ => Throw("stop"),
        };
        ActivitySource.AddActivityListener(listener);

        DiscoveredPolicy found = await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);

        found.Policy.Should().Be(MakePolicy());
        recorder.Sum(Active).Should().Be(0);
        Activity.Current.Should().BeNull();

        ActivitySamplingResult Throw(string now) =>
            now == when ? throw new InvalidOperationException() : ActivitySamplingResult.AllData;
    }

    [Theory]
    [MemberData(nameof(FetchStatuses))]
    public async Task Activity_OfAFetch_HasItsStatusAndTags(FetchStatus status, string value)
    {
        using Activities activities = new();
        await using PolicyDiscovery discovery = Create();
        _source.Fetch = _ => new(ResultOf(status));

        await discovery.DiscoverAsync(Domain).AsTask().WaitAsync(Patience);

        Activity activity = activities.Ended.Should().ContainSingle().Subject;
        (activity.OperationName, activity.Kind).Should().Be(("mtasts.fetch", ActivityKind.Internal));
        activity.Source.Version.Should().Be(LibraryVersion);
        Dictionary<string, object?> tags = new(StringComparer.Ordinal)
        {
            ["mtasts.domain"] = "example.com",
            ["mtasts.fetch.status"] = value,
        };
        if (status is FetchStatus.Ok)
        {
            (activity.Status, activity.StatusDescription).Should().Be((ActivityStatusCode.Unset, null));
        }
        else
        {
            (activity.Status, activity.StatusDescription).Should().Be((ActivityStatusCode.Error, $"{ResultOf(status)}"));
            tags["error.type"] = value;
        }

        activity.TagObjects.Should().BeEquivalentTo(tags);
    }

    [Fact]
    public async Task Activity_OfASharedFetch_IsPartOfTheDeliveryThatBeganIt()
    {
        using Activities activities = new();
        await using PolicyDiscovery discovery = Create();
        TaskCompletionSource<FetchResult> fetch = new();
        Activity? duringFetch = null;
        _source.Fetch = _ =>
        {
            duringFetch = Activity.Current;
            return new(fetch.Task);
        };
        using Activity first = new("first delivery");
        using Activity second = new("second delivery");

        first.Start();
        Task<DiscoveredPolicy> one = discovery.DiscoverAsync(Domain).AsTask();
        Activity.Current.Should().BeSameAs(first);
        await _clock.FetchWaits().WaitAsync(Patience);
        Activity.Current = null;
        second.Start();
        Task<DiscoveredPolicy> other = discovery.DiscoverAsync(Domain).AsTask();
        fetch.SetResult(Fetched(MakePolicy()));
        await Task.WhenAll(one, other).WaitAsync(Patience);

        Activity activity = activities.Ended.Should().ContainSingle().Subject;
        activity.ParentId.Should().Be(first.Id);
        duringFetch.Should().BeSameAs(activity, "the request of the caller's client is a part of it");
        Activity.Current.Should().BeSameAs(second);
    }

    [Fact]
    public async Task Activity_OfAFetchThatTheDisposalEnds_EndsWithoutAStatus()
    {
        using Activities activities = new();
        PolicyDiscovery discovery = Create();
        _source.Fetch = static _ => new(new TaskCompletionSource<FetchResult>().Task);
        Task<DiscoveredPolicy> delivery = discovery.DiscoverAsync(Domain).AsTask();
        await _clock.FetchWaits().WaitAsync(Patience);

        await discovery.DisposeAsync().AsTask().WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.WaitAsync(Patience));
        Activity activity = activities.Ended.Should().ContainSingle().Subject;
        activity.Status.Should().Be(ActivityStatusCode.Unset);
        activity.TagObjects.Select(static tag => tag.Key).Should().Equal("mtasts.domain");
    }

    [Fact]
    public async Task NoFetch_HasNoActivity()
    {
        using Activities activities = new();
        await using PolicyDiscovery discovery = Create();
        _cache.Set("example.com", MakeEntry());
        await discovery.DiscoverAsync(Domain);
        activities.Ended.Should().BeEmpty();
    }

    // Measured on one thread: nothing in this path waits.
    [Fact]
    public void Listener_OfTheQuickPath_AllocatesNothingMore()
    {
        PolicyDiscovery discovery = Create();
        _cache.Set("example.com", MakeEntry());
        TxtAnswer answer = Found(Id);
        _source.LookUp = _ => new(answer);
        Discover(discovery); // warm-up
        long without = Allocated(discovery);

        long heard = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Scope == _factory)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => heard++);
        listener.Start();
        Discover(discovery); // warm-up
        heard = 0;

        Allocated(discovery).Should().Be(without);
        heard.Should().Be(200, "each discovery is one lookup and one discovery");
    }

    private static long Allocated(PolicyDiscovery discovery)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Discover(discovery);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Discover(PolicyDiscovery discovery)
    {
        for (int i = 0; i < 100; i++)
        {
            ValueTask<DiscoveredPolicy> discovered = discovery.DiscoverAsync(Domain);
            discovered.IsCompletedSuccessfully.Should().BeTrue();
        }
    }

    private static TxtAnswer AnswerOf(TxtStatus status) => status switch
    {
        TxtStatus.Found => Found(Id),
        TxtStatus.NoRecord => TxtAnswer.NoRecord,
        TxtStatus.MultipleRecords => TxtAnswer.FromRecords(["v=STSv1; id=1", "v=STSv1; id=2"]),
        TxtStatus.InvalidRecord => TxtAnswer.FromRecords(["v=STSv1; id=-"]),
        _ => TxtAnswer.LookupFailed,
    };

    private static FetchResult ResultOf(FetchStatus status) =>
        status is FetchStatus.Ok ? Fetched(MakePolicy()) : FetchResult.Failed(status);

    private static async Task<T> Later<T>(T value)
    {
        await Task.Yield();
        return value;
    }

    private PolicyDiscovery Create(Action<PolicyDiscoveryOptions>? change = null)
    {
        PolicyDiscoveryOptions options = new() { TimeProvider = _clock, MeterFactory = _factory };
        change?.Invoke(options);
        return new(_cache, _source, options);
    }

    /// <summary>Finds the record and the policy, unless a test changes that.</summary>
    private sealed class Source : IPolicySource
    {
        public Func<PolicyDomain, ValueTask<TxtAnswer>> LookUp { get; set; } = static _ => new(Found(Id));

        public Func<PolicyDomain, ValueTask<FetchResult>> Fetch { get; set; } = static _ => new(Fetched(MakePolicy()));

        public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) => LookUp(domain);

        public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken) => Fetch(domain);
    }

    /// <summary>Shows when a fetch waits for its time limit. An earlier advance of the clock would not end it.</summary>
    private sealed class Clock() : FakeTimeProvider(Noon), IDisposable
    {
        private readonly SemaphoreSlim _waits = new(0);

        public Task FetchWaits() => _waits.WaitAsync();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == TimeSpan.FromMinutes(1))
            {
                _waits.Release();
            }

            return timer;
        }

        public void Dispose() => _waits.Dispose();
    }

    /// <summary>Records the measurements of the library's own meter, or of the meter of a factory.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measurements = new();

        public Recorder(OwnFactory? factory = null, string? throwing = null)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MtaSts" && instrument.Meter.Scope == factory)
                {
                    Published.Add(instrument.Name);
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
            _listener.Start();

            void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
            {
                if (instrument.Name == throwing)
                {
                    throw new InvalidOperationException();
                }

                _measurements.Enqueue((
                    instrument.Name, value, string.Join(", ", tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))));
            }
        }

        public List<string> Published { get; } = [];

        public IEnumerable<(string Name, double Value, string Tags)> Measurements => _measurements;

        public IEnumerable<(double Value, string Tags)> this[string name] =>
            Measurements.Where(measured => measured.Name == name).Select(static measured => (measured.Value, measured.Tags));

        public double Sum(string name) => this[name].Sum(static measured => measured.Value);

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Records the activities of the library.</summary>
    private sealed class Activities : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly ConcurrentQueue<Activity> _ended = new();

        public Activities()
        {
            _listener = new()
            {
                ShouldListenTo = static source => source.Name == "MtaSts",
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IEnumerable<Activity> Ended => _ended;

        public void Dispose() => _listener.Dispose();
    }
}
