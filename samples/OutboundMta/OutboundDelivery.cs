namespace OutboundMta;

/// <summary>A message to deliver.</summary>
/// <param name="Content">Header and body.</param>
/// <param name="TlsRequired">
/// False for a message with <c>TLS-Required: No</c>, whose sender prefers delivery to security (RFC 8689).
/// </param>
public sealed record OutboundMessage(string Content, bool TlsRequired = true);

/// <summary>The outcome of an attempt to deliver.</summary>
public enum DeliveryStatus
{
    /// <summary>An MX host accepted the message.</summary>
    Delivered,

    /// <summary>Keep the message and try again later.</summary>
    Deferred,

    /// <summary>An MX host rejected the message permanently, or its time in the queue is over. Return it.</summary>
    Rejected,
}

/// <summary>The end of an attempt to deliver.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="StatusCode">
/// The enhanced status code: of the host's reply, or what the message is deferred with.
/// </param>
/// <param name="Reports">What to report to the domain (RFC 8460): the MX host and what failed.</param>
/// <param name="IsDeniedByPolicy">
/// Whether the policy denied a host, so that a bounce needs another lookup first (RFC 8461, Section 5).
/// </param>
public sealed record DeliveryResult(
    DeliveryStatus Status, string StatusCode, IReadOnlyList<(string MxHost, TlsFailure Failure)> Reports, bool IsDeniedByPolicy = false)
{
    /// <summary>
    /// The failure to find or fetch the policy, to report as well; <see cref="TlsFailure.None"/> if nothing failed.
    /// </summary>
    public TlsFailure PolicyFailure { get; init; }
}

/// <summary>
/// The MX loop of an outbound MTA: one attempt to deliver a message to a domain (RFC 8461, Sections 5.1 and 8.4).
/// </summary>
public sealed class OutboundDelivery(IMxNetwork network)
{
    private const string NoHostAnswered = "4.4.1"; // RFC 3463, Section 3.5
    private const string TlsNotVerified = "4.7.5"; // by DANE, as MTA-STS says it

    public async Task<DeliveryResult> DeliverAsync(
        OutboundMessage message, MxAnswer mx, Policy? policy, CancellationToken cancellationToken = default)
    {
        List<(string MxHost, TlsFailure Failure)> reports = [];
        string? deferral = null;
        string? denial = null;
        bool isDeniedByPolicy = false;

        // TLS-Required: No overrides what the domain asks for, by TLSA records or by a policy.
        Policy? applied = message.TlsRequired ? policy : null;
        bool mayUseDane = message.TlsRequired && mx.IsSecure;

        // In MX order, and never filtered first (Section 8.4): a denied host counts as unreachable.
        foreach (string mxHost in mx.Hosts)
        {
            // The policy is asked about every host. TLSA records do not put a host on its mx list.
            Decision decision = Sts.Enforce(applied, mxHost);
            if (decision.Verdict is Verdict.Deny)
            {
                reports.Add((mxHost, decision.Failure));
                denial = decision.EnhancedStatusCode;
                isDeniedByPolicy = true;
                continue;
            }

            TlsaStatus tlsa = mayUseDane ? (await network.LookUpTlsaAsync(mxHost, cancellationToken)).Status : TlsaStatus.None;
            if (tlsa is TlsaStatus.LookupFailed)
            {
                denial = TlsNotVerified; // RFC 7672, Section 2.1.2: such a host is not used, and no policy overrides that.
                continue;
            }

            TlsDemand demand = tlsa is TlsaStatus.Usable ? TlsDemand.Dane
                : decision.RequiresTls ? TlsDemand.TrustedCertificate
                : tlsa is TlsaStatus.Unusable ? TlsDemand.AnyCertificate
                : TlsDemand.Opportunistic;
            await using IMxConnection? connection = await network.ConnectAsync(mxHost, demand, cancellationToken);
            if (connection is null)
            {
                continue;
            }

            // DANE replaces the certificate check of the policy, and no policy overrides DANE that fails (Section 2).
            bool daneFails = tlsa switch
            {
                TlsaStatus.Usable => connection.Tls is not TlsOutcome.Verified,
                TlsaStatus.Unusable => connection.Tls is TlsOutcome.NotOffered or TlsOutcome.HandshakeFailed,
                _ => false,
            };
            decision = Sts.Enforce(applied, mxHost, demand is TlsDemand.Dane ? TlsOutcome.Verified : connection.Tls);
            if (decision.Failure is not TlsFailure.None)
            {
                reports.Add((mxHost, decision.Failure)); // In testing as well, where the message is still sent.
            }

            if (daneFails || decision.Verdict is Verdict.Deny)
            {
                denial = decision.EnhancedStatusCode ?? TlsNotVerified;
                isDeniedByPolicy |= decision.Verdict is Verdict.Deny;
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
                    deferral = reply;
                    break;
            }
        }

        // A reply of a host is more useful than a denial, and a denial more than no answer.
        // Never a bounce: Section 5 requires another lookup first, which QueuedDelivery makes.
        return new(DeliveryStatus.Deferred, deferral ?? denial ?? NoHostAnswered, reports, isDeniedByPolicy);
    }
}
