using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using MtaSts.Benchmarks;

namespace MtaSts.Tests;

/// <summary>Holds docs/metrics.md to the instruments, the tags and the activity that the library publishes.</summary>
/// <remarks>A listener of activities hears those of the whole process, so no other test runs at the same time.</remarks>
[Collection(nameof(SerialCollection))]
public partial class MetricsPageTests
{
    private static readonly string Page = SourceTree.Read("docs/metrics.md").ReplaceLineEndings("\n");

    private static readonly string[][] Rows =
    [
        .. Page.Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray()),
    ];

    // By the number of columns.
    private static readonly string[][] Instruments = [.. Rows.Where(static row => row.Length == 5)];
    private static readonly string[][] Tags = [.. Rows.Where(static row => row.Length == 3)];
    private static readonly string[][] ActivityTags = [.. Rows.Where(static row => row.Length == 2)];

    [Fact]
    public void Instruments_OfThePage_AreThePublishedOnes()
    {
        using OwnFactory factory = new();
        Publish(factory);
        List<string> published = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == factory)
                {
                    string kind = instrument.GetType().Name.Split('`')[0];
                    published.Add($"`{instrument.Name}`, {kind}, `{instrument.Unit}`, {instrument.Description}");
                }
            },
        };
        listener.Start();

        Instruments.Select(static row => $"{row[0]}, {row[1]}, {row[2]}, {row[4]}").Should().BeEquivalentTo(published);
    }

    [Fact]
    public void Tags_OfThePage_AreThoseOfTheEnumerations()
    {
        Tags.Should().SatisfyRespectively(
            static row => row.Should().Equal("`mtasts.lookups`", "`status`", List(Enum.GetNames<TxtStatus>())),
            static row => row.Should().Equal("`mtasts.fetches`, `mtasts.fetch.duration`", "`status`", List(Enum.GetNames<FetchStatus>())),
            static row => row.Should().Equal("`mtasts.discoveries`", "`mode`", List(["NoPolicy", .. Enum.GetNames<PolicyMode>()])));
        Instruments.Where(static row => row[3] != "–").Select(static row => $"{row[0]} {row[3]}").Should().BeEquivalentTo(
            Tags.SelectMany(static row => row[0].Split(", ").Select(name => $"{name} {row[1]}")));
    }

    // One discovery with a fetch measures all instruments of the discovery.
    [Fact]
    public async Task Tags_OfTheMeasurements_AreThoseOfThePage()
    {
        using OwnFactory factory = new();
        Dictionary<string, string> measured = new(StringComparer.Ordinal);
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Scope == factory)
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        await using PolicyDiscovery discovery = Publish(factory);
        await discovery.DiscoverAsync(PolicyDomain.Parse("example.com"));
        await discovery.DiscoverAsync(PolicyDomain.Parse("example.com"));
        listener.RecordObservableInstruments();

        measured.Select(static pair => $"{pair.Key} {pair.Value}").Should().BeEquivalentTo(
            Instruments.Where(static row => row[0] != "`mtasts.cache.evictions`").Select(static row => $"{row[0]} {row[3]}"));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (measured)
            {
                measured[$"`{instrument.Name}`"] = tags is [var tag] ? $"`{tag.Key}`" : "–";
            }
        }
    }

    [Fact]
    public async Task Activity_OfAFailedFetch_HasTheTagsOfThePage()
    {
        Activity? ended = null;
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "MtaSts",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => ended = activity,
        };
        ActivitySource.AddActivityListener(listener);
        using OwnFactory factory = new();
        await using PolicyDiscovery discovery = Publish(factory, Task.FromResult(FetchResult.Failed(FetchStatus.NotFound)));

        await discovery.DiscoverAsync(PolicyDomain.Parse("example.com"));

        Page.Should().Contain($"`{ended!.OperationName}`");
        ended.TagObjects.Select(static tag => $"`{tag.Key}`").Should().BeEquivalentTo(ActivityTags.Select(static row => row[0]));
    }

    private static PolicyDiscovery Publish(OwnFactory factory, Task<FetchResult>? fetch = null) => new(
        new InMemoryCache(new() { MeterFactory = factory }), new InstantSource { Fetch = fetch }, new() { MeterFactory = factory });

    private static string List(string[] names) =>
        string.Join(", ", names.Select(static name => $"`{Capital().Replace(name, "_$0").ToLowerInvariant()}`"));

    [GeneratedRegex("(?<!^)[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Capital();
}
