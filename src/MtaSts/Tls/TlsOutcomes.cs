using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtaSts;

/// <summary>Converts the results of .NET's certificate validation to a <see cref="TlsOutcome"/>.</summary>
/// <remarks>Pure functions, safe for use by several threads, each with its own chain.</remarks>
public static class TlsOutcomes
{
    // RFC 8461 section 4.2: revocation MAY be checked, so an unknown revocation status is not a failure.
    private const X509ChainStatusFlags Tolerated = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    /// <summary>
    /// Converts the arguments of a <see cref="RemoteCertificateValidationCallback"/> to an outcome (RFC 8461
    /// section 4.2).
    /// </summary>
    /// <param name="errors">
    /// The errors that the framework found. The TargetHost of the handshake must be the MX host as described for
    /// <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char}, TlsOutcome)"/>.
    /// </param>
    /// <param name="chain">The chain that the framework built.</param>
    /// <returns>
    /// <see cref="TlsOutcome.Verified"/>, or the first failure in the order of <see cref="TlsFailure"/>: the name, the
    /// dates, the trust.
    /// </returns>
    /// <remarks>
    /// <para>Builds no chain and checks no revocation. An unknown revocation status is not a failure. A certificate
    /// that the framework found revoked is <see cref="TlsOutcome.NotTrusted"/>.</para>
    /// <para>The RFC requires a DNS name in the SAN, but the framework also accepts a host name in the common name. So
    /// a certificate without a readable DNS name in the SAN is a <see cref="TlsOutcome.HostMismatch"/> if the chain is
    /// given. A status in the chain counts even if the caller told the framework to ignore it.</para>
    /// <para>The framework matches no certificate to a host name with an underscore. The outcome for such a host is
    /// <see cref="TlsOutcome.HostMismatch"/>.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// RemoteCertificateValidationCallback callback = (_, _, chain, errors) =>
    /// {
    ///     outcome = TlsOutcomes.From(errors, chain);
    ///     return true; // Sts.Enforce decides after the handshake.
    /// };
    /// </code>
    /// </example>
    public static TlsOutcome From(SslPolicyErrors errors, X509Chain? chain)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return TlsOutcome.HandshakeFailed;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || LacksDnsName(chain))
        {
            return TlsOutcome.HostMismatch;
        }

        X509ChainStatusFlags faults = (chain?.ChainStatus ?? [])
            .Aggregate(X509ChainStatusFlags.NoError, static (all, status) => all | status.Status);

        // Errors that no status explains count as the most severe of them.
        bool unexplained = errors is not SslPolicyErrors.None && faults is X509ChainStatusFlags.NoError;
        return faults.HasFlag(X509ChainStatusFlags.NotTimeValid) ? TlsOutcome.Expired
            : unexplained || (faults & ~Tolerated) is not X509ChainStatusFlags.NoError ? TlsOutcome.NotTrusted
            : TlsOutcome.Verified;
    }

    private static bool LacksDnsName(X509Chain? chain)
    {
        try
        {
            return chain is { ChainElements: [var leaf, ..] }
                && !leaf.Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                    .Any(static names => names.EnumerateDnsNames().Any());
        }
        catch (CryptographicException)
        {
            // For names that it cannot read, the framework also uses the common name.
            return true;
        }
    }
}
