namespace MtaSts.Tests.Samples;

/// <summary>A message to deliver.</summary>
/// <param name="Content">Header and body.</param>
/// <param name="TlsRequired">False for a message with <c>TLS-Required: No</c>, whose sender prefers delivery to security (RFC 8689).</param>
public sealed record OutboundMessage(string Content, bool TlsRequired = true);

/// <summary>How an attempt to deliver ended.</summary>
public enum DeliveryStatus
{
    /// <summary>An MX host took the message.</summary>
    Delivered,

    /// <summary>Keep the message and try again later.</summary>
    Deferred,

    /// <summary>An MX host refused the message for good.</summary>
    Rejected,
}

/// <summary>The end of an attempt to deliver.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="StatusCode">The enhanced status code: of the host's reply, or what the message is deferred with.</param>
/// <param name="Reports">What to report to the domain (RFC 8460): the MX host and what failed.</param>
public sealed record DeliveryResult(DeliveryStatus Status, string StatusCode, IReadOnlyList<(string MxHost, TlsFailure Failure)> Reports);

/// <summary>The MX loop of an outbound MTA: one attempt to deliver a message to a domain (RFC 8461, Sections 5.1 and 8.4).</summary>
public sealed class OutboundDelivery(IMxNetwork network)
{
    private const string NoHostAnswered = "4.4.1"; // RFC 3463, Section 3.5
    private const string TlsNotVerified = "4.7.5"; // by DANE, as MTA-STS says it

    public async Task<DeliveryResult> DeliverAsync(
        OutboundMessage message, IEnumerable<string> mxHosts, Policy? policy, CancellationToken cancellationToken = default)
    {
        List<(string MxHost, TlsFailure Failure)> reports = [];
        string obstacle = NoHostAnswered;
        string? denial = null;

        // In MX order, and never filtered first (Section 8.4): a host that is denied is one that could not be reached.
        foreach (string mxHost in mxHosts)
        {
            // TLS-Required: No sets aside whatever the domain asks for, by TLSA records or by a policy.
            TlsaAnswer tlsa = message.TlsRequired ? await network.LookUpTlsaAsync(mxHost, cancellationToken) : TlsaAnswer.None;
            if (tlsa is TlsaAnswer.LookupFailed)
            {
                denial = TlsNotVerified; // RFC 7672, Section 2.1.2: such a host is not used, and no policy overrides that.
                continue;
            }

            // DANE first (Section 2): where there are TLSA records, they decide, and MTA-STS is not asked.
            bool usesDane = tlsa is TlsaAnswer.Usable;
            Policy? applied = usesDane || !message.TlsRequired ? null : policy;

            Decision decision = Sts.Enforce(applied, mxHost);
            if (decision.Verdict is Verdict.Deny)
            {
                reports.Add((mxHost, decision.Failure));
                denial = decision.StatusCode;
                continue;
            }

            TlsDemand demand = usesDane ? TlsDemand.Dane
                : decision.RequiresTls ? TlsDemand.TrustedCertificate
                : TlsDemand.Opportunistic;
            await using IMxConnection? connection = await network.ConnectAsync(mxHost, demand, cancellationToken);
            if (connection is null)
            {
                continue;
            }

            if (usesDane && connection.Tls is not TlsOutcome.Verified)
            {
                denial = TlsNotVerified;
                continue;
            }

            decision = Sts.Enforce(applied, mxHost, connection.Tls);
            if (decision.Failure is not TlsFailure.None)
            {
                reports.Add((mxHost, decision.Failure)); // In testing, too, where the message goes out all the same.
            }

            if (decision.Verdict is Verdict.Deny)
            {
                denial = decision.StatusCode;
                continue;
            }

            string reply = await connection.SendAsync(message, cancellationToken);
            switch (reply[0])
            {
                case '2':
                    return new(DeliveryStatus.Delivered, reply, reports);
                case '5':
                    return new(DeliveryStatus.Rejected, reply, reports);
                default:
                    obstacle = reply;
                    break;
            }
        }

        // Never a bounce: Section 5 forbids to fail for good before the TXT record was looked up again. When the message has been in the queue for
        // too long, PolicyRefresh.MayFailPermanently tells.
        return new(DeliveryStatus.Deferred, denial ?? obstacle, reports);
    }
}
