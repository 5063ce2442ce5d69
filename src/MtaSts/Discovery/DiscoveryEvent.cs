namespace MtaSts;

/// <summary>Represents one event of a <see cref="PolicyDiscovery"/>, for logs and alerts.</summary>
/// <remarks>
/// Each fetch, each failed lookup and each failure of the cache is one event, also if no delivery waits for it. A
/// missing TXT record is not an event. Immutable and safe for use by several threads.
/// </remarks>
public sealed class DiscoveryEvent
{
    internal DiscoveryEvent(DiscoveryEventKind kind, PolicyDomain domain)
    {
        Kind = kind;
        Domain = domain;
    }

    /// <summary>The event.</summary>
    public DiscoveryEventKind Kind { get; }

    /// <summary>The policy domain.</summary>
    public PolicyDomain Domain { get; }

    /// <summary>
    /// The exception of the source or the cache; a <see cref="TimeoutException"/> if it was too late; null if nothing
    /// was thrown.
    /// </summary>
    public Exception? Exception { get; internal init; }

    /// <summary>
    /// The result if the event is <see cref="DiscoveryEventKind.Fetched"/> or
    /// <see cref="DiscoveryEventKind.FetchFailed"/>; otherwise, null.
    /// </summary>
    public FetchResult? Fetch { get; internal init; }

    /// <summary>
    /// Indicates whether to alert an administrator (RFC 8461 section 3.3): an unexpired policy could not be refreshed
    /// and its mode is not <c>none</c>.
    /// </summary>
    /// <remarks>
    /// If the TXT record of such a policy is missing or unreachable, only
    /// <see cref="DiscoveredPolicy.ShouldAlert"/> is true.
    /// </remarks>
    public bool ShouldAlert { get; internal init; }

    /// <summary>
    /// Returns the event as one line of printable ASCII for a log, such as
    /// <c>FetchFailed, example.com, NotFound, 404, alert</c>.
    /// </summary>
    public override string ToString() => Escaping.Join(
        $"{Kind}",
        Domain.Name,
        Fetch?.ToString(),
        Exception is null ? null : $"{Escaping.Escape(Exception.GetType().Name, maxLength: 100)}: {Escaping.Quote(Exception.Message)}",
        ShouldAlert ? "alert" : null);
}
