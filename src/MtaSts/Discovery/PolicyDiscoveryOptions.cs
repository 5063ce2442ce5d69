using System.Diagnostics.Metrics;

namespace MtaSts;

/// <summary>Represents the options of a <see cref="PolicyDiscovery"/>.</summary>
/// <remarks>
/// The constructor of the discovery reads them once. Do not change them on one thread while another reads them.
/// </remarks>
/// <example>
/// <code>
/// await using PolicyDiscovery discovery = new(cache, source, new()
/// {
///     OnEvent = static discoveryEvent => Console.Error.WriteLine(discoveryEvent),
/// });
/// </code>
/// </example>
public sealed class PolicyDiscoveryOptions
{
    /// <summary>The clock, which also measures the time limits.</summary>
    /// <value>The clock of the system by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// The time limit of a TXT lookup and of each call of the cache. A later answer counts as failed. Positive and at
    /// most 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <remarks>Without a limit, a cache that hangs holds up deliveries and the disposal.</remarks>
    /// <value>10 seconds by default.</value>
    public TimeSpan LookupTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The time limit of a fetch, from its turn to the end of the response. Positive and at most 49 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    /// <value>60 seconds by default, which RFC 8461 section 3.3 suggests.</value>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The number of fetches that may run at once; at least 1. Others wait for their turn.</summary>
    /// <remarks>
    /// A policy host that hangs keeps its turn until <see cref="FetchTimeout"/>. While all turns are taken, a delivery
    /// waits only if no unexpired policy is cached for its domain.
    /// </remarks>
    /// <value>64 by default.</value>
    public int MaxConcurrentFetches { get; set; } = 64;

    /// <summary>
    /// Receives each event as it happens. Several threads may call it at once; deliveries wait for it. It must not wait
    /// for a call of the discovery. It must not throw: an exception is ignored.
    /// </summary>
    /// <value>Null by default.</value>
    public Action<DiscoveryEvent>? OnEvent { get; set; }

    /// <summary>The factory of the meter that measures this discovery.</summary>
    /// <value>Null by default: the meter of the library then measures all such discoveries together.</value>
    public IMeterFactory? MeterFactory { get; set; }
}
