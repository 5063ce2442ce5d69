using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using MtaSts;

namespace Consumer;

/// <summary>Calls the discovery of policies over a network that answers at once.</summary>
internal static class Discovering
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    public static async Task RunAsync()
    {
        Options();
        await FindingAsync();
        await RefreshingAsync();
        await FailingAsync();
        await MeasuringAsync();
    }

    private static void Options()
    {
        PolicyDiscoveryOptions options = new();
        Check.That(
            "the default options of a discovery",
            options is { MaxConcurrentFetches: 64, OnEvent: null, MeterFactory: null } && options.TimeProvider == TimeProvider.System
                && options.LookupTimeout == TimeSpan.FromSeconds(10) && options.FetchTimeout == TimeSpan.FromSeconds(60));
        options.FetchTimeout = TimeSpan.Zero;
        Check.Throws<ArgumentOutOfRangeException>(
            "a time limit of zero", () => _ = new PolicyDiscovery(new InMemoryCache(), new Network(), options));
    }

    private static async Task FindingAsync()
    {
        Network network = new();
        await using PolicyDiscovery discovery = new(new InMemoryCache(), network);
        DiscoveredPolicy found = await discovery.DiscoverAsync(Domain);
        Check.That(
            "a policy is discovered",
            found is { Failure: TlsFailure.None, ShouldAlert: false, IsUncertain: false, Refresh: null, Entry.Id: "1" }
                && found.Domain == Domain && found.Policy == Policies.Enforcing);
        Check.That("a host is allowed", found.Enforce("mail.example.com").Verdict is Verdict.Allow);
        Check.That("a handshake is judged", found.Enforce("mail.example.com", TlsOutcome.Expired).Verdict is Verdict.Deny);
        Interfaces.CheckText(found, "example.com, mode enforce, 2 mx, max_age 604800");
        await discovery.DiscoverAsync(Domain);
        Check.That("a cached policy is not fetched again", network.Fetches == 1);
        Check.That("a bounce after a lookup", await discovery.MayFailPermanentlyAsync(found));
        await discovery.DisposeAsync();
        Check.Throws<ObjectDisposedException>("a call after the disposal", () => _ = discovery.RefreshDueAsync());
    }

    private static async Task RefreshingAsync()
    {
        InMemoryCache cache = new();
        DateTimeOffset yesterday = TimeProvider.System.GetUtcNow().AddDays(-1.5);
        cache.Set("example.com", new("0", Policies.Testing, yesterday));
        cache.Set("example.net", new("1", Policies.Enforcing, yesterday));
        Network network = new();
        await using PolicyDiscovery discovery = new(cache, network, new() { MaxConcurrentFetches = 1 });
        DiscoveredPolicy meanwhile = await discovery.DiscoverAsync(Domain);
        Check.That("the old policy applies meanwhile", meanwhile is { Policy.Mode: PolicyMode.Testing, Refresh: not null });
        Check.That("the refresh brings the new one", await meanwhile.Refresh! is { Policy.Mode: PolicyMode.Enforce, Refresh: null });
        await discovery.RefreshDueAsync();
        Check.That("what is due is fetched", network.Fetches == 2 && cache.TryGet("example.net", out CachedPolicy? entry)
            && entry.FetchedAt > yesterday);
    }

    private static async Task FailingAsync()
    {
        ConcurrentQueue<DiscoveryEvent> events = new();
        await using PolicyDiscovery discovery = new(
            new InMemoryCache(), new Network { Fails = true }, new() { OnEvent = events.Enqueue, FetchTimeout = Timeout.InfiniteTimeSpan });
        DiscoveredPolicy found = await discovery.DiscoverAsync(Domain);
        Check.That("a failed fetch", found is { Policy: null, Entry: null, Failure: TlsFailure.StsPolicyFetchError });
        DiscoveryEvent told = events.Single();
        Check.That(
            "its event",
            told is { Kind: DiscoveryEventKind.FetchFailed, Fetch.Status: FetchStatus.ConnectionFailed }
                && told is { Exception: IOException, ShouldAlert: false } && told.Domain == Domain);
        Interfaces.CheckText(told, "FetchFailed, example.com, ConnectionFailed, IOException: \"The network is down.\"");
    }

    private static async Task MeasuringAsync()
    {
        ConcurrentDictionary<string, string> measured = new(StringComparer.Ordinal);
        Activity? ended = null;
        using MeterListener meters = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MtaSts")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        meters.Start();
        using ActivityListener activities = new()
        {
            ShouldListenTo = static source => source.Name == "MtaSts",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => ended = activity,
        };
        ActivitySource.AddActivityListener(activities);
        await using PolicyDiscovery discovery = new(new InMemoryCache(), new Network());
        await discovery.DiscoverAsync(Domain);

        Check.That(
            "the metrics of a discovery",
            measured["mtasts.lookups"] == "status=found" && measured["mtasts.discoveries"] == "mode=enforce"
                && measured["mtasts.fetches"] == "status=ok" && measured["mtasts.fetch.duration"] == "status=ok");
        Check.That(
            "the activity of a fetch",
            ended is { OperationName: "mtasts.fetch", Status: ActivityStatusCode.Unset }
                && ended.GetTagItem("mtasts.domain") is "example.com" && ended.GetTagItem("mtasts.fetch.status") is "ok");

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured[instrument.Name] = tags is [var tag] ? $"{tag.Key}={tag.Value}" : "";
    }

    private sealed class Network : IPolicySource
    {
        private int _fetches;

        public bool Fails { get; init; }

        public int Fetches => _fetches;

        public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
            ValueTask.FromResult(TxtAnswer.FromRecords(["v=STSv1; id=1"]));

        public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _fetches);
            return Fails
                ? throw new IOException("The network is down.")
                : ValueTask.FromResult(FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes($"{Policies.Enforcing}")));
        }
    }
}
