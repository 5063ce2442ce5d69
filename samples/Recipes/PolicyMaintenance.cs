using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Recipes;

/// <summary>Refreshes the policies that are due every five minutes, and keeps the cache in a file.</summary>
/// <remarks>
/// Add it before the services that deliver mail. The host starts services in the order of their registration, so the
/// cache is loaded before the first delivery. It stops them in the reverse order.
/// </remarks>
/// <param name="cache">The cache of the process.</param>
/// <param name="discovery">The discovery of the process.</param>
/// <param name="clock">The clock.</param>
/// <param name="options">The options.</param>
/// <param name="log">The log.</param>
public sealed partial class PolicyMaintenance(
    InMemoryCache cache,
    PolicyDiscovery discovery,
    TimeProvider clock,
    IOptions<PolicyMaintenanceOptions> options,
    ILogger<PolicyMaintenance> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Loads the cache, then begins the rounds.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync("load", LoadAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Ends the rounds, then saves the cache.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync("save", SaveAsync, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync("refresh", discovery.RefreshDueAsync, stoppingToken);
            await TryAsync("save", SaveAsync, stoppingToken);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(options.Value.SnapshotPath))
        {
            await using FileStream file = File.OpenRead(options.Value.SnapshotPath);
            Loaded(await cache.LoadAsync(file, cancellationToken));
        }
    }

    // Into a file of its own, then renamed: a crash leaves the old snapshot or the new one, never half of one.
    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        string path = options.Value.SnapshotPath;
        string next = path + ".next";
        await using (FileStream file = File.Create(next))
        {
            await cache.SaveAsync(file, cancellationToken);
            await file.FlushAsync(cancellationToken);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        File.Move(next, path, overwrite: true);
    }

    // A step that fails must not end the service: the next round tries again.
    private async Task TryAsync(string step, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(step, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "MTA-STS: loaded the cache, {Result}")]
    private partial void Loaded(CacheLoadResult result);

    [LoggerMessage(LogLevel.Error, "MTA-STS: the step \"{Step}\" failed.")]
    private partial void Failed(string step, Exception exception);
}
