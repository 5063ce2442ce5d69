namespace MtaSts;

/// <summary>Represents the options of a <see cref="TieredCache"/>.</summary>
/// <remarks>
/// The constructor of the cache reads them once. Do not change them on one thread while another reads them.
/// </remarks>
public sealed class TieredCacheOptions
{
    /// <summary>
    /// The time for which an entry of the near cache is used without asking the far cache: zero or more. Policies that
    /// other processes store are seen at most so much later.
    /// </summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan TrustFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time limit of each read and each update of the far cache. Positive and at most 49 days, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. A far cache that is too late counts as one that throws a
    /// <see cref="TimeoutException"/>. Keep it below <see cref="PolicyDiscoveryOptions.LookupTimeout"/>: after that, a
    /// delivery no longer waits for what is near.
    /// </summary>
    /// <value>2 seconds by default.</value>
    public TimeSpan FarTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock, which also measures the time limits and the trust.</summary>
    /// <value>The clock of the system by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Receives each exception of the far cache that does not go to the caller, with the policy domain; null while
    /// domains are listed. Several threads may call it at once; deliveries wait for it. It must not throw: an exception
    /// is ignored.
    /// </summary>
    /// <value>Null by default.</value>
    public Action<PolicyDomain?, Exception>? OnFarError { get; set; }
}
