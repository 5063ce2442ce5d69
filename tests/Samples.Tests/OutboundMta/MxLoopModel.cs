using MtaSts;
using OutboundMta;

namespace Samples.Tests;

/// <summary>
/// Models the delivery to one host: the requirements of DANE, those of the policy, then both together.
/// </summary>
internal sealed class MxLoopModel
{
    // tlsa: null if the address of the host is not secure.
    public MxLoopModel(
        PolicyMode? mode, bool isListed, bool isMxSecure, TlsaStatus? tlsa, TlsOutcome tls, TlsOutcome daneTls, bool isTlsRequired)
    {
        // RFC 8689: the sender can opt out of both.
        bool policyApplies = isTlsRequired && mode is (PolicyMode.Testing or PolicyMode.Enforce);
        bool enforces = policyApplies && mode is PolicyMode.Enforce;
        bool daneApplies = isTlsRequired && isMxSecure && tlsa is not null;

        bool isDenied = enforces && !isListed;
        LooksUpTlsa = isTlsRequired && isMxSecure && !isDenied;
        bool authenticates = daneApplies && tlsa is TlsaStatus.Usable;
        bool isHidden = daneApplies && tlsa is TlsaStatus.LookupFailed;
        bool demandsTls = daneApplies && tlsa is TlsaStatus.Unusable;

        // The result of each after the handshake.
        bool hasTls = tls is not (TlsOutcome.NotOffered or TlsOutcome.HandshakeFailed);
        bool daneForbids = isHidden || (authenticates && daneTls is not TlsOutcome.Verified) || (demandsTls && !hasTls);
        bool policyMisses = policyApplies && (!isListed || (!authenticates && tls is not TlsOutcome.Verified));

        Sends = !daneForbids && !(enforces && policyMisses);
        Demand = isDenied || isHidden ? null
            : authenticates ? TlsDemand.Dane
            : enforces ? TlsDemand.TrustedCertificate
            : demandsTls ? TlsDemand.AnyCertificate
            : TlsDemand.Opportunistic;
        StatusCode = Sends ? "2.0.0" : isDenied ? "4.4.8" : "4.7.5";

        // A host without a connection has no TLS result to report.
        Reports = !policyMisses || (isHidden && !isDenied) ? []
            : [isListed ? FailureOf(tls) : TlsFailure.ValidationFailure];
    }

    public bool LooksUpTlsa { get; }

    /// <summary>The TLS that the connection requires; <see langword="null"/> for no connection.</summary>
    public TlsDemand? Demand { get; }

    public bool Sends { get; }

    public string StatusCode { get; }

    public TlsFailure[] Reports { get; }

    private static TlsFailure FailureOf(TlsOutcome tls) => tls switch
    {
        TlsOutcome.NotOffered => TlsFailure.StartTlsNotSupported,
        TlsOutcome.HostMismatch => TlsFailure.CertificateHostMismatch,
        TlsOutcome.Expired => TlsFailure.CertificateExpired,
        TlsOutcome.NotTrusted => TlsFailure.CertificateNotTrusted,
        TlsOutcome.HandshakeFailed => TlsFailure.ValidationFailure,
        _ => TlsFailure.None,
    };
}
