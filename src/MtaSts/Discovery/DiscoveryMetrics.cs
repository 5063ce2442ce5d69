using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MtaSts;

/// <summary>
/// Measures lookups, fetches and discoveries. docs/metrics.md lists the instruments and the activity.
/// </summary>
/// <remarks>
/// Each measurement is a call of its own: a listener that throws loses that one, and neither mail nor the fetch stops.
/// </remarks>
internal sealed class DiscoveryMetrics(Meter meter)
{
    private static readonly KeyValuePair<string, object?>[] LookupStatuses = Telemetry.TagsOf<TxtStatus>("status");
    private static readonly KeyValuePair<string, object?>[] FetchStatuses = Telemetry.TagsOf<FetchStatus>("status");
    private static readonly KeyValuePair<string, object?>[] Modes = Telemetry.TagsOf<PolicyMode>("mode");
    private static readonly KeyValuePair<string, object?> NoPolicy = new("mode", "no_policy");

    // The defaults of exporters are for milliseconds.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [.01, .03, .1, .3, 1, 3, 10, 30, 60] };

    private readonly Counter<long> _lookups = meter.CreateCounter<long>("mtasts.lookups", "{lookup}", "TXT lookups that ended.");
    private readonly Counter<long> _fetches = meter.CreateCounter<long>("mtasts.fetches", "{fetch}", "Fetches that ended.");
    private readonly UpDownCounter<long> _active = meter.CreateUpDownCounter<long>("mtasts.fetch.active", "{fetch}", "Active fetches.");
    private readonly Histogram<double> _duration =
        meter.CreateHistogram("mtasts.fetch.duration", "s", "Duration of fetches.", tags: null, Seconds);
    private readonly Counter<long> _discoveries = meter.CreateCounter<long>("mtasts.discoveries", "{discovery}", "Discoveries that ended.");

    public void LookedUp(TxtAnswer answer) =>
        Telemetry.Tell((_lookups, answer.Status), static x => x._lookups.Add(1, LookupStatuses[(int)x.Status]));

    public void Discovered(Policy? policy) =>
        Telemetry.Tell((_discoveries, policy), static x => x._discoveries.Add(1, x.policy is null ? NoPolicy : Modes[(int)x.policy.Mode]));

    public Activity? BeginFetch(PolicyDomain domain)
    {
        Activity? activity = null;
        Telemetry.Tell(_active, static active => active.Add(1));
        Telemetry.Tell(domain.Name, name => activity = Telemetry.Activities.StartActivity("mtasts.fetch")?.SetTag("mtasts.domain", name));
        return activity;
    }

    /// <summary>Ends a fetch.</summary>
    /// <param name="activity">The activity of the fetch, if any.</param>
    /// <param name="result">The result; null if the discovery was disposed.</param>
    /// <param name="duration">The duration.</param>
    public void EndFetch(Activity? activity, FetchResult? result, TimeSpan duration)
    {
        Telemetry.Tell(_active, static active => active.Add(-1));
        if (result is not null)
        {
            KeyValuePair<string, object?> status = FetchStatuses[(int)result.Status];
            Telemetry.Tell(_fetches, fetches => fetches.Add(1, status));
            Telemetry.Tell(_duration, histogram => histogram.Record(duration.TotalSeconds, status));
            activity?.SetTag("mtasts.fetch.status", status.Value)
                .SetTag("error.type", result.IsOk ? null : status.Value)
                .SetStatus(result.IsOk ? ActivityStatusCode.Unset : ActivityStatusCode.Error, $"{result}");
        }

        Telemetry.Tell(activity, static fetch => fetch?.Dispose());
    }
}
