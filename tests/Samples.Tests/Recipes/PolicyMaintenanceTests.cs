using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MtaSts;
using Recipes;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the hosted service in a real host, with a simulated clock and network.</summary>
public sealed class PolicyMaintenanceTests : IDisposable
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _clock = new(Noon + TimeSpan.FromDays(2)); // An entry of noon is due.
    private readonly ListLogger _log = new();
    private readonly FakeSource _source = new() { Answer = Found(Id), Result = Task.FromResult(Fetched(MakePolicy())) };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mta-sts-");

    private string Snapshot => Path.Combine(_folder.FullName, "cache.json");

    public void Dispose()
    {
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Round_EveryFiveMinutes_RefreshesWhatIsDueAndSavesTheCache()
    {
        using IHost host = CreateHost();
        InMemoryCache cache = host.Services.GetRequiredService<InMemoryCache>();
        cache.Set(Domain.Name, MakeEntry());
        await host.StartAsync();
        _source.Fetched.Should().BeEmpty("the first round is five minutes after the start");

        await AdvanceUntilAsync(() => File.Exists(Snapshot));

        _source.Fetched.Should().NotBeEmpty().And.OnlyContain(static domain => domain.Equals(Domain));
        CachedPolicy? saved = await ReadSnapshotAsync();
        saved!.FetchedAt.Should().BeAfter(Noon + TimeSpan.FromDays(2));
        _log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Warning);
        await StopAsync(host);
    }

    [Fact]
    public async Task Start_AfterAStop_HasTheCacheOfTheEarlierProcess()
    {
        IHost first = CreateHost();
        first.Services.GetRequiredService<InMemoryCache>().Set(Domain.Name, MakeEntry());
        await first.StartAsync();
        await StopAsync(first);

        IHost second = CreateHost();
        await second.StartAsync();

        second.Services.GetRequiredService<InMemoryCache>().TryGet(Domain.Name, out CachedPolicy? entry).Should().BeTrue();
        entry!.FetchedAt.Should().Be(Noon);
        _log.Lines.Should().ContainSingle(static line => line.Text.StartsWith("MTA-STS: loaded the cache", StringComparison.Ordinal));
        _folder.GetFiles().Should().ContainSingle("the new file has replaced the old one");
        await StopAsync(second);
    }

    // The fetch of the round never ends by itself.
    [Fact]
    public async Task Stop_DuringARound_DoesNotWaitForTheFetchAndSavesTheCache()
    {
        _source.Result = new TaskCompletionSource<FetchResult>().Task;
        IHost host = CreateHost();
        host.Services.GetRequiredService<InMemoryCache>().Set(Domain.Name, MakeEntry());
        await host.StartAsync();
        await AdvanceUntilAsync(() => !_source.Fetched.IsEmpty);

        await StopAsync(host);

        (await ReadSnapshotAsync())!.FetchedAt.Should().Be(Noon);
        _log.Lines.Should().NotContain(static line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Round_CacheThrows_IsLoggedAndTheNextOneRuns()
    {
        FaultyCache faulty = new();
        IHost host = CreateHost(services => services.AddSingleton<ICache>(faulty));
        await host.StartAsync();

        await AdvanceUntilAsync(() => faulty.Rounds >= 2);

        (LogLevel level, string text, Exception? exception) = _log.Lines.First(static line => line.Level >= LogLevel.Warning);
        (level, text).Should().Be((LogLevel.Error, "MTA-STS: the step \"refresh\" failed."));
        exception.Should().BeOfType<IOException>();
        await StopAsync(host);
        File.Exists(Snapshot).Should().BeTrue("the snapshot does not depend on the refresh");
    }

    [Fact]
    public async Task Round_SnapshotFails_IsLoggedAndTheNextOneSaves()
    {
        string path = Path.Combine(_folder.FullName, "later", "cache.json");
        IHost host = CreateHost(services => services.Configure<PolicyMaintenanceOptions>(options => options.SnapshotPath = path));
        await host.StartAsync();
        await AdvanceUntilAsync(() => _log.Lines.Any(static line => line.Text == "MTA-STS: the step \"save\" failed."));

        _folder.CreateSubdirectory("later");

        await AdvanceUntilAsync(() => File.Exists(path));
        await StopAsync(host);
    }

    private static async Task StopAsync(IHost host)
    {
        await host.StopAsync().WaitAsync(Patience);
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().WaitAsync(Patience);
    }

    private IHost CreateHost(Action<IServiceCollection>? change = null)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddMtaSts();
        builder.Services.AddHostedService<PolicyMaintenance>();
        builder.Services.Configure<PolicyMaintenanceOptions>(options => options.SnapshotPath = Snapshot);
        builder.Services.AddSingleton<TimeProvider>(_clock);
        builder.Services.Configure<PolicyDiscoveryOptions>(static options => options.FetchTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.AddSingleton<IPolicySource>(_source);
        builder.Logging.AddProvider(_log).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.None);
        change?.Invoke(builder.Services);
        return builder.Build();
    }

    // Again and again: the service creates its timer on another thread. A slow machine may advance the clock by days, so
    // fetches have no limit here.
    private async Task AdvanceUntilAsync(Func<bool> isDone)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!isDone())
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            await Task.Delay(10, limit.Token);
        }
    }

    private async Task<CachedPolicy?> ReadSnapshotAsync()
    {
        InMemoryCache cache = new();
        await using FileStream file = File.OpenRead(Snapshot);
        await cache.LoadAsync(file);
        return await cache.GetAsync(Domain);
    }

    /// <summary>Represents a cache that cannot list what is due, the first time.</summary>
    private sealed class FaultyCache : IRefreshableCache
    {
        private readonly InMemoryCache _cache = new();
        private volatile int _rounds;

        public int Rounds => _rounds;

        public async IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(
            DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            if (Interlocked.Increment(ref _rounds) == 1)
            {
                throw new IOException("The cache is down.");
            }

            await foreach (PolicyDomain domain in _cache.DueForRefreshAsync(now, cancellationToken))
            {
                yield return domain;
            }
        }

        public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
            _cache.GetAsync(domain, cancellationToken);

        public ValueTask<CachedPolicy?> UpdateAsync(
            PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default) =>
            _cache.UpdateAsync(domain, update, cancellationToken);

        public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default) =>
            _cache.SetAsync(domain, entry, cancellationToken);

        public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
            _cache.RemoveAsync(domain, cancellationToken);
    }
}
