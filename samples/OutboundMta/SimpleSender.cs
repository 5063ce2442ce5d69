namespace OutboundMta;

/// <summary>Sends one message to one domain under its policy, as the README shows it.</summary>
/// <remarks>
/// The least that a sender needs. <see cref="PolicyFinder"/> adds what to report and to alert, and the check before a
/// bounce. <see cref="OutboundDelivery"/> adds DANE, <c>TLS-Required: No</c> and the next host after a 4.x.x reply.
/// </remarks>
public sealed class SimpleSender(
    ICache cache, ITxtResolver resolver, PolicyFetcher fetcher, IMxNetwork network, TimeProvider clock)
{
    /// <summary>Finds the policy that applies to a delivery.</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host.</param>
    /// <returns>The policy; null if none applies.</returns>
    public async Task<Policy?> FindPolicyAsync(PolicyDomain domain)
    {
        TxtAnswer txt = await resolver.LookUpTxtAsync(domain.RecordName);
        RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(domain), txt, clock.GetUtcNow());
        Policy? policy = plan.Policy;
        if (plan.Action is not RefreshAction.Apply)
        {
            FetchResult fetch = await fetcher.FetchAsync(domain);
            await cache.UpdateAsync(domain, current =>
            {
                RefreshResult result = PolicyRefresh.Complete(plan, current, fetch);
                policy = result.Policy;
                return result.Entry;
            });
        }

        return policy;
    }

    /// <summary>Tries the MX hosts in their order.</summary>
    /// <param name="message">The message.</param>
    /// <param name="mxHosts">The MX hosts, the most preferred first.</param>
    /// <param name="policy">The policy; null if none applies.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The reply of the host that was sent the message; null if no host may have it: defer the message.</returns>
    public async Task<string?> DeliverAsync(
        OutboundMessage message, IReadOnlyList<string> mxHosts, Policy? policy, CancellationToken cancellationToken = default)
    {
        foreach (string mxHost in mxHosts)
        {
            if (Sts.Enforce(policy, mxHost).Verdict is Verdict.Deny)
            {
                continue; // The policy does not list the host.
            }

            await using IMxConnection? connection = await network.ConnectAsync(mxHost, TlsDemand.Opportunistic, cancellationToken);
            if (connection is not null && Sts.Enforce(policy, mxHost, connection.Tls).Verdict is not Verdict.Deny)
            {
                return await connection.SendAsync(message, cancellationToken);
            }
        }

        return null; // Defer the message.
    }
}
