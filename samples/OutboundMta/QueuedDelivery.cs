namespace OutboundMta;

/// <summary>A message in the queue.</summary>
/// <param name="Message">The message.</param>
/// <param name="Domain">
/// The policy domain: that of the recipients, or the smart host. Null for an address literal, which has no policy.
/// </param>
/// <param name="ReturnAfter">
/// The time after which the sender's rules ask for a bounce of a message that could not be delivered.
/// </param>
/// <param name="ExpiresAt">The end of its lifetime in the queue, when it is returned in any case.</param>
public sealed record QueuedMessage(OutboundMessage Message, PolicyDomain? Domain, DateTimeOffset ReturnAfter, DateTimeOffset ExpiresAt);

/// <summary>
/// One attempt of the queue: finds the policy, delivers, and asks before a bounce (RFC 8461, Section 5).
/// </summary>
public sealed class QueuedDelivery(PolicyDiscovery discovery, OutboundDelivery delivery, TimeProvider clock)
{
    private const string LocalFailure = "4.3.0"; // RFC 3463, Section 3.4
    private const string DeliveryTimeExpired = "5.4.7"; // RFC 3463, Section 3.5

    public async Task<DeliveryResult> AttemptAsync(QueuedMessage queued, MxAnswer mx, CancellationToken cancellationToken = default)
    {
        DiscoveredPolicy? found = queued.Domain is null ? null : await discovery.DiscoverAsync(queued.Domain, cancellationToken);
        TlsFailure policyFailure = found?.Failure ?? TlsFailure.None;
        if (found is { IsUncertain: true } && queued.Message.TlsRequired)
        {
            // The cache that failed may have a policy, so a host must not have the message now.
            DeliveryResult deferred = new(DeliveryStatus.Deferred, LocalFailure, []) { PolicyFailure = policyFailure };
            return clock.GetUtcNow() < queued.ExpiresAt ? deferred : Return(deferred);
        }

        DeliveryResult result = await delivery.DeliverAsync(queued.Message, mx, found?.Policy, cancellationToken);
        if (result is { Status: DeliveryStatus.Deferred, IsDeniedByPolicy: true } && found?.Refresh is { } refresh)
        {
            // The policy that is being fetched may allow what this one denied. Its result replaces the first one, also
            // in the reports: the older policy has ended.
            DiscoveredPolicy refreshed = await refresh.WaitAsync(cancellationToken);
            if (!Equals(refreshed.Policy, found.Policy))
            {
                result = await delivery.DeliverAsync(queued.Message, mx, refreshed.Policy, cancellationToken);
            }

            // At most one of both results has a failure.
            policyFailure = policyFailure is TlsFailure.None ? refreshed.Failure : policyFailure;
            found = refreshed;
        }

        result = result with { PolicyFailure = policyFailure };
        DateTimeOffset now = clock.GetUtcNow();
        if (result.Status is not DeliveryStatus.Deferred || now < queued.ReturnAfter)
        {
            return result;
        }

        // A policy that changed may allow what this one denied. A lookup that always fails must not hold the message
        // beyond its lifetime.
        bool mayReturn = !result.IsDeniedByPolicy
            || now >= queued.ExpiresAt
            || await discovery.MayFailPermanentlyAsync(found!, cancellationToken);
        return mayReturn ? Return(result) : result;
    }

    private static DeliveryResult Return(DeliveryResult result) =>
        result with { Status = DeliveryStatus.Rejected, StatusCode = DeliveryTimeExpired };
}
