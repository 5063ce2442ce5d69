using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>
/// Decides whether an MX host may be used under a policy, and names where a domain publishes its policy (RFC 8461).
/// </summary>
/// <remarks>
/// Pure functions, safe for use by several threads. Decisions do not allocate, with two exceptions. A host with
/// non-ASCII characters is converted. The first decision on a policy with more than 16 patterns builds an index.
/// </remarks>
/// <example>
/// <code>
/// Decision decision = Sts.Enforce(policy, mxHost);            // before connecting
/// if (decision.Verdict is not Verdict.Deny)
/// {
///     TlsOutcome tls = await ConnectAsync(mxHost);             // the caller's own
///     decision = Sts.Enforce(policy, mxHost, tls);             // after the handshake
/// }
/// </code>
/// </example>
public static class Sts
{
    /// <summary>
    /// Decides on an MX host before connecting to it. Checks only whether the policy lists the host (RFC 8461 section
    /// 4.1).
    /// </summary>
    /// <param name="policy">The unexpired policy of the recipient domain; null if it has no policy.</param>
    /// <param name="mxHost">
    /// The name from the MX record, in any letter case, in A-labels or U-labels, with or without a trailing dot. Use
    /// its canonical form (<see cref="TryNormalize"/>) as the TargetHost of the handshake. For a host that
    /// <see cref="TryNormalize"/> rejects, such as one with an underscore, use the name without the trailing dot:
    /// <c>SslStream</c> sends the TargetHost unchanged in SNI.
    /// </param>
    /// <returns>The decision. If it <see cref="Decision.RequiresTls"/>, decide again after the handshake.</returns>
    public static Decision Enforce(Policy? policy, ReadOnlySpan<char> mxHost) => Decide(policy, mxHost, TlsFailure.None);

    /// <summary>
    /// Decides on an MX host after the attempt to secure the connection. Checks both conditions of RFC 8461 section 4.
    /// </summary>
    /// <param name="policy">The unexpired policy of the recipient domain; null if it has no policy.</param>
    /// <param name="mxHost">
    /// <inheritdoc cref="Enforce(Policy?, ReadOnlySpan{char})" path="/param[@name='mxHost']"/>
    /// </param>
    /// <param name="tls">The outcome of the attempt.</param>
    /// <returns>The decision. Act on it before sending the message over the connection.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tls"/> is not a defined value.</exception>
    public static Decision Enforce(Policy? policy, ReadOnlySpan<char> mxHost, TlsOutcome tls) => Decide(policy, mxHost, FailureOf(tls));

    /// <summary>Determines whether an MX host matches a pattern, both given as text (RFC 8461 section 4.1).</summary>
    /// <param name="mxHost">
    /// The name from the MX record, in any letter case, in A-labels or U-labels, with or without a trailing dot.
    /// </param>
    /// <param name="pattern">
    /// The pattern, in any letter case. A text that is not a valid <see cref="MxPattern"/> matches no host.
    /// </param>
    /// <returns><see langword="true"/> if the host matches; otherwise, <see langword="false"/>.</returns>
    public static bool MxMatches(ReadOnlySpan<char> mxHost, ReadOnlySpan<char> pattern)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        return VectorNames.EqualsValidName(pattern, name) || MatchesSlow(name, pattern);
    }

    /// <summary>
    /// Returns the <see cref="PolicyDomain.PolicyUrl"/> of a domain, such as
    /// <c>https://mta-sts.example.com/.well-known/mta-sts.txt</c>.
    /// </summary>
    /// <param name="domain">
    /// The policy domain, in a form that <see cref="PolicyDomain.Parse(string)"/> accepts. Never use a parent of it.
    /// </param>
    /// <returns>The URL of the policy file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="domain"/> is not a domain that can have a policy.
    /// </exception>
    [SuppressMessage("Design", "CA1055", Justification = "Text, as the caller logs and compares it; new Uri(…) takes it.")]
    public static string PolicyUrl(string domain) => Parse(domain).PolicyUrl;

    /// <summary>
    /// Returns the <see cref="PolicyDomain.PolicyHost"/> of a domain, such as <c>mta-sts.example.com</c>.
    /// </summary>
    /// <param name="domain"><inheritdoc cref="PolicyUrl" path="/param"/></param>
    /// <returns>The host that serves the policy file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="domain"/> is not a domain that can have a policy.
    /// </exception>
    public static string PolicyHost(string domain) => Parse(domain).PolicyHost;

    /// <summary>
    /// Returns the <see cref="PolicyDomain.RecordName"/> of a domain, such as <c>_mta-sts.example.com</c>.
    /// </summary>
    /// <param name="domain"><inheritdoc cref="PolicyUrl" path="/param"/></param>
    /// <returns>The name of the TXT record.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="domain"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="domain"/> is not a domain that can have a policy.
    /// </exception>
    public static string RecordName(string domain) => Parse(domain).RecordName;

    /// <summary>
    /// Tries to convert a host name to canonical form: lower-case A-labels, no trailing dot. Never throws.
    /// </summary>
    /// <param name="domain">
    /// The name, in any letter case, in A-labels or U-labels, with or without a trailing dot.
    /// </param>
    /// <param name="name">The name in canonical form; null if <paramref name="domain"/> is not a host name.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="domain"/> is a host name: labels of 1 to 63 letters, digits and inner
    /// hyphens, at most 253 octets in all. Otherwise, such as for an address literal (<c>[192.0.2.1]</c>),
    /// <see langword="false"/>. A bare <c>192.0.2.1</c> is a host name, because its labels are valid.
    /// </returns>
    public static bool TryNormalize(ReadOnlySpan<char> domain, [NotNullWhen(true)] out string? name)
    {
        Span<byte> ascii = stackalloc byte[NameLimits.MaxLength];
        name = HostName.TryNormalize(domain, ascii, out int length) ? Encoding.ASCII.GetString(ascii[..length]) : null;
        return name is not null;
    }

    private static Decision Decide(Policy? policy, ReadOnlySpan<char> mxHost, TlsFailure tlsFailure)
    {
        if (policy is null or { Mode: PolicyMode.None })
        {
            return default;
        }

        bool matches = policy.TryMatch(mxHost, out MxPattern pattern);
        TlsFailure failure = matches ? tlsFailure : TlsFailure.ValidationFailure;
        bool enforces = policy.Mode is PolicyMode.Enforce;
        Verdict verdict = failure is TlsFailure.None ? Verdict.Allow
            : enforces ? Verdict.Deny
            : Verdict.AllowAndReport;
        return new(verdict, failure, pattern, requiresTls: enforces && matches);
    }

    private static TlsFailure FailureOf(TlsOutcome tls) => tls switch
    {
        TlsOutcome.Verified => TlsFailure.None,
        TlsOutcome.NotOffered => TlsFailure.StartTlsNotSupported,
        TlsOutcome.HostMismatch => TlsFailure.CertificateHostMismatch,
        TlsOutcome.Expired => TlsFailure.CertificateExpired,
        TlsOutcome.NotTrusted => TlsFailure.CertificateNotTrusted,
        TlsOutcome.HandshakeFailed => TlsFailure.ValidationFailure,
        _ => throw ThrowHelper.Undefined(tls),
    };

    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: the literal path needs no stack frame.
    private static bool MatchesSlow(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern) =>
        Matches(name, pattern) || (HostName.TryGetALabels(name, out string? ascii) && MatchesSlow(ascii, pattern));

    // Compares first, as most pairs differ, and validates the pattern after a match.
    private static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        bool isWildcard = pattern is ['*', '.', ..];
        ReadOnlySpan<ushort> compared = CodeUnits.Of(isWildcard ? pattern[1..] : pattern);
        return (isWildcard ? MxHost.HasParent(name, compared) : VectorNames.EqualsIgnoreCase(compared, name))
            && HostName.IsValid(isWildcard ? compared[1..] : compared);
    }

    private static PolicyDomain Parse(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return PolicyDomain.TryParse(domain, out PolicyDomain? parsed, out ParseError error)
            ? parsed
            : throw new ArgumentException(error.Reason, nameof(domain));
    }
}
