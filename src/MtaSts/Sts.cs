using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>The decision for one candidate MX host, and the names under which a domain publishes its policy (RFC 8461).</summary>
/// <remarks>Pure functions, safe for use by several threads. The decisions allocate nothing, except for a host that carries non-ASCII, and once for
/// the index over a policy's patterns if there are more than 16.</remarks>
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
    /// <summary>Decides on a candidate MX host before connecting to it: only the first condition of Section 4 is looked at.</summary>
    /// <param name="policy">The unexpired policy of the domain that the message goes to; null if there is none.</param>
    /// <param name="mxHost">The name from the MX record, in any letter case, with or without a trailing dot, in A-labels or U-labels.
    /// The TargetHost of the handshake is the same name in canonical form, as <see cref="TryNormalize"/> gives it. For a host that it
    /// refuses, such as one with an underscore, it is the name without its root dot. <c>SslStream</c> sends it in SNI as it is.</param>
    /// <returns>The decision. If it <see cref="Decision.RequiresTls"/>, decide again after the handshake.</returns>
    public static Decision Enforce(Policy? policy, ReadOnlySpan<char> mxHost) => Decide(policy, mxHost, TlsFailure.None);

    /// <summary>Decides on a candidate MX host after the attempt to secure the connection: both conditions of Section 4.</summary>
    /// <param name="policy">The unexpired policy of the domain that the message goes to; null if there is none.</param>
    /// <param name="mxHost">The name from the MX record, in any letter case, with or without a trailing dot, in A-labels or U-labels.
    /// The TargetHost of the handshake is the same name in canonical form, as <see cref="TryNormalize"/> gives it. For a host that it
    /// refuses, such as one with an underscore, it is the name without its root dot. <c>SslStream</c> sends it in SNI as it is.</param>
    /// <param name="tls">What the attempt showed.</param>
    /// <returns>The decision, to be taken before the message goes out over the connection.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The outcome is none that exists.</exception>
    public static Decision Enforce(Policy? policy, ReadOnlySpan<char> mxHost, TlsOutcome tls) => Decide(policy, mxHost, FailureOf(tls));

    /// <summary>Tells whether a candidate MX host matches a pattern, both as text (Section 4.1).</summary>
    /// <param name="mxHost">The name from the MX record, in any letter case, with or without a trailing dot, in A-labels or U-labels.</param>
    /// <param name="pattern">The pattern, in any letter case. A text that is no <see cref="MxPattern"/> matches nothing.</param>
    /// <returns>Whether the host matches.</returns>
    public static bool MxMatches(ReadOnlySpan<char> mxHost, ReadOnlySpan<char> pattern)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        return VectorNames.EqualsValidName(pattern, name) || MatchesSlow(name, pattern);
    }

    /// <summary>The address of a domain's policy file, such as <c>https://mta-sts.example.com/.well-known/mta-sts.txt</c> (Section 3.2).</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host (Section 3.4); never a parent of it.</param>
    /// <returns>The address, with the host in A-labels and lower case.</returns>
    /// <exception cref="ArgumentNullException">The domain is null.</exception>
    /// <exception cref="ArgumentException">The text is no domain name (an address literal has no policy), or too long to have a policy host.</exception>
    [SuppressMessage("Design", "CA1055", Justification = "Text, as the caller logs and compares it; new Uri(…) takes it.")]
    public static string PolicyUrl(string domain) => Parse(domain).PolicyUrl;

    /// <summary>The host that serves a domain's policy file and for which its certificate must be valid, such as <c>mta-sts.example.com</c> (Section 3.3).</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host (Section 3.4); never a parent of it.</param>
    /// <returns>The host name, in A-labels and lower case, without a trailing dot.</returns>
    /// <exception cref="ArgumentNullException">The domain is null.</exception>
    /// <exception cref="ArgumentException">The text is no domain name (an address literal has no policy), or too long to have a policy host.</exception>
    public static string PolicyHost(string domain) => Parse(domain).PolicyHost;

    /// <summary>The name at which a domain's TXT record stands, such as <c>_mta-sts.example.com</c> (Section 3.1).</summary>
    /// <param name="domain">The policy domain: that of the recipient, or the smart host (Section 3.4); never a parent of it.</param>
    /// <returns>The name, in A-labels and lower case, without a trailing dot.</returns>
    /// <exception cref="ArgumentNullException">The domain is null.</exception>
    /// <exception cref="ArgumentException">The text is no domain name (an address literal has no policy), or too long to have such a record.</exception>
    public static string RecordName(string domain) => Parse(domain).RecordName;

    /// <summary>Gives a policy domain its one spelling, such as for the key of a cache; and tells names from address literals and other text without throwing.</summary>
    /// <param name="domain">The domain, in any letter case, in A-labels or U-labels, with or without a trailing dot.</param>
    /// <param name="name">The domain in A-labels and lower case, without a trailing dot; null if the text is no domain name.</param>
    /// <returns>Whether the text is a domain name: labels of 1 to 63 letters, digits and inner hyphens, 253 octets in all.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> domain, [NotNullWhen(true)] out string? name)
    {
        Span<byte> ascii = stackalloc byte[HostName.MaxLength];
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
        Verdict verdict = (failure, enforces) switch
        {
            (TlsFailure.None, _) => Verdict.Allow,
            (_, true) => Verdict.Deny,
            (_, false) => Verdict.AllowAndReport,
        };
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
        _ => throw new ArgumentOutOfRangeException(nameof(tls), tls, "There is no such outcome."),
    };

    [MethodImpl(MethodImplOptions.NoInlining)] // The quick way before it needs no frame of its own then.
    private static bool MatchesSlow(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern) =>
        Matches(name, pattern) || (HostName.TryGetALabels(name, out string? ascii) && MatchesSlow(ascii, pattern));

    // The comparison first, as most pairs differ. It means something only if the pattern is valid, which is asked then: in one place, because the
    // compiler inlines that, and has enough of it the second time.
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
