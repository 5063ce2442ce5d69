using System.Diagnostics.Metrics;
using DnsClient;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OutboundMta;

namespace Recipes;

/// <summary>Registers the cache, the network and the discovery in a container.</summary>
public static class PolicyServices
{
    /// <summary>Adds one <see cref="PolicyDiscovery"/> for the process, and the services that it needs.</summary>
    /// <remarks>
    /// The container disposes the discovery with <see cref="IAsyncDisposable"/>: dispose the provider with
    /// <see cref="ServiceProvider.DisposeAsync"/>, as a host does.
    /// </remarks>
    /// <param name="services">The services of the process.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMtaSts(this IServiceCollection services)
    {
        services.AddMetrics(); // the IMeterFactory
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddOptions<InMemoryCacheOptions>().Configure<TimeProvider, IMeterFactory>(static (options, clock, meters) =>
        {
            options.TimeProvider = clock;
            options.MeterFactory = meters;
        });
        services.AddOptions<PolicyDiscoveryOptions>().Configure<TimeProvider, IMeterFactory, ILogger<PolicyDiscovery>>(
            static (options, clock, meters, log) =>
            {
                options.TimeProvider = clock;
                options.MeterFactory = meters;
                options.OnEvent = told => DiscoveryLog.Write(log, told);
            });

        // By factories. AddSingleton<InMemoryCache>() would call the constructor without parameters, because the container
        // knows IOptions<InMemoryCacheOptions> and no InMemoryCacheOptions. What was configured would be ignored.
        services.AddSingleton(static provider => new InMemoryCache(provider.GetRequiredService<IOptions<InMemoryCacheOptions>>().Value));
        services.AddSingleton<ICache>(static provider => provider.GetRequiredService<InMemoryCache>());
        services.AddSingleton(static provider => new PolicyDiscovery(
            provider.GetRequiredService<ICache>(),
            provider.GetRequiredService<IPolicySource>(),
            provider.GetRequiredService<IOptions<PolicyDiscoveryOptions>>().Value));

        services.AddSingleton<IDnsQuery>(static _ => new LookupClient(DnsClientResolver.CreateOptions()));
        services.AddSingleton<DnsClientResolver>();
        services.AddSingleton(static _ => new PolicyFetcher(PolicyFetcher.CreateHandler(new PolicyConnector())));
        services.AddSingleton<IPolicySource>(static provider => new NetworkPolicySource(
            provider.GetRequiredService<DnsClientResolver>().LookUpRecordAsync, provider.GetRequiredService<PolicyFetcher>()));
        return services;
    }
}
