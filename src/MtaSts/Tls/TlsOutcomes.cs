using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MtaSts;

/// <summary>Reads a <see cref="TlsOutcome"/> off what .NET tells about a certificate.</summary>
/// <remarks>Pure functions, safe for use by several threads with chains of their own.</remarks>
public static class TlsOutcomes
{
    // Section 4.2: the certificate MAY be checked for revocation; not to know is no failure.
    private const X509ChainStatusFlags Tolerated = X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    /// <summary>Judges a certificate by what a <see cref="RemoteCertificateValidationCallback"/> was given.</summary>
    /// <param name="errors">What the framework found. The target host of the handshake is the MX host in canonical form, as for
    /// <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char}, TlsOutcome)"/>.</param>
    /// <param name="chain">The chain that the framework built.</param>
    /// <returns>
    /// <see cref="TlsOutcome.Verified"/>, or what failed; of several failures the first in the order of <see cref="TlsFailure"/>: the name, the dates, the trust.
    /// </returns>
    /// <remarks>
    /// <para>RFC 8461, Section 4.2. Builds no chain and checks no revocation: what the framework did counts. That the status of revocation is
    /// unknown is no failure; a certificate that is known to be revoked is <see cref="TlsOutcome.NotTrusted"/>.</para>
    /// <para>The framework accepts a host name in the certificate's common name; the RFC asks for a DNS name in the SAN. So a certificate without
    /// one that can be read is a <see cref="TlsOutcome.HostMismatch"/>, as far as the chain is given. A status in the chain counts even if the
    /// caller had the framework tolerate it.</para>
    /// <para>The framework matches no certificate to a host name with an underscore. The outcome for such a host is
    /// <see cref="TlsOutcome.HostMismatch"/>.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// RemoteCertificateValidationCallback callback = (_, _, chain, errors) =>
    /// {
    ///     outcome = TlsOutcomes.From(errors, chain);
    ///     return true; // What to do with the outcome is decided after the handshake, by Sts.Enforce.
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

        X509ChainStatusFlags faults = X509ChainStatusFlags.NoError;
        foreach (X509ChainStatus status in chain?.ChainStatus ?? [])
        {
            faults |= status.Status;
        }

        // Chain errors without a status to explain them count as the worst of them.
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
                && !leaf.Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames()).Any();
        }
        catch (CryptographicException)
        {
            // Names that cannot be read are none. The framework falls back to the common name for them, too.
            return true;
        }
    }
}
