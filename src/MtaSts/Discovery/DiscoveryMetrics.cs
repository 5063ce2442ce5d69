using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace MtaSts;

/// <summary>Measures lookups, fetches and discoveries.</summary>
internal sealed class DiscoveryMetrics
{
    // By the values of the enumerations.
    private static readonly string[] LookupStatuses = NamesOf<TxtStatus>();
    private static readonly string[] FetchStatuses = NamesOf<FetchStatus>();
    private static readonly string[] Modes = NamesOf<PolicyMode>();

    private readonly Counter<long> _lookups;
    private readonly Counter<long> _fetches;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _discoveries;

    public DiscoveryMetrics(Meter meter)
    {
        _lookups = meter.CreateCounter<long>("mtasts.lookups", "{lookup}", "TXT lookups.");
        _fetches = meter.CreateCounter<long>("mtasts.fetches", "{fetch}", "Fetches that ended.");
        _duration = meter.CreateHistogram("mtasts.fetch.duration", "s", "Duration of fetches.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        });
        _active = meter.CreateUpDownCounter<long>("mtasts.fetch.active", "{fetch}", "Fetches in progress.");
        _discoveries = meter.CreateCounter<long>("mtasts.discoveries", "{discovery}", "Discoveries for deliveries.");
    }

    public void LookedUp(TxtAnswer answer) => _lookups.Add(1, Tag("status", LookupStatuses[(int)answer.Status]));

    public void Discovered(Policy? policy) => _discoveries.Add(1, Tag("mode", policy is null ? "no_policy" : Modes[(int)policy.Mode]));

    public Activity? BeginFetch(PolicyDomain domain)
    {
        _active.Add(1);
        Activity? activity = Telemetry.Activities.StartActivity("mtasts.fetch", ActivityKind.Client);
        return activity?.SetTag("mtasts.domain", domain.Name);
    }

    /// <summary>Ends a fetch.</summary>
    /// <param name="activity">The activity of the fetch, if any.</param>
    /// <param name="result">The result; null if the discovery was disposed.</param>
    /// <param name="duration">The duration.</param>
    public void EndFetch(Activity? activity, FetchResult? result, TimeSpan duration)
    {
        _active.Add(-1);
        if (result is not null)
        {
            KeyValuePair<string, object?> status = Tag("status", FetchStatuses[(int)result.Status]);
            _fetches.Add(1, status);
            _duration.Record(duration.TotalSeconds, status);
            activity?.SetTag(status.Key, status.Value).SetStatus(result.IsOk ? ActivityStatusCode.Ok : ActivityStatusCode.Error, result.ToString());
        }

        activity?.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);

    private static string[] NamesOf<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];
}
