namespace MtaSts;

/// <summary>How an <see cref="InMemoryCache"/> is set up.</summary>
/// <remarks>Read once, by the cache's constructor. Not to be changed by one thread while another reads it.</remarks>
public sealed class InMemoryCacheOptions
{
    /// <summary>The number of policy domains that are kept; at least 1.</summary>
    /// <value>100,000 by default, which takes some 40 MB with policies of three MX patterns. The largest policy takes 0.8 MB, if it is made of nothing but
    /// extensions; an attacker needs a domain and a policy host per entry.</value>
    public int Capacity { get; set; } = 100_000;

    /// <summary>The clock that tells which entries are expired when some have to go.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
