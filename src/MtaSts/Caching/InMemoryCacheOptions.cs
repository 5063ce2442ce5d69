using System.Diagnostics.Metrics;

namespace MtaSts;

/// <summary>Represents the options of an <see cref="InMemoryCache"/>.</summary>
/// <remarks>
/// The constructor of the cache reads them once. Do not change them on one thread while another reads them.
/// </remarks>
public sealed class InMemoryCacheOptions
{
    /// <summary>The number of policy domains that the cache keeps; at least 1.</summary>
    /// <value>
    /// 100,000 by default: some 35 MB with policies of three MX patterns. The largest policy takes 0.8 MB, if it
    /// consists of extensions. An attacker needs a domain and a policy host per entry.
    /// </value>
    public int Capacity { get; set; } = 100_000;

    /// <summary>
    /// The clock that determines which entries have expired when the cache is full, and which loaded entries are dated
    /// in the future.
    /// </summary>
    /// <value>The clock of the system by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The factory of the meter that measures this cache, together with the factory's other caches.</summary>
    /// <value>Null by default: one meter of the library then measures all such caches of the process together.</value>
    public IMeterFactory? MeterFactory { get; set; }
}
