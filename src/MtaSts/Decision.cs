using System.Diagnostics.CodeAnalysis;

namespace MtaSts;

/// <summary>Represents the decision for one MX host and the reason for it (RFC 8461 sections 4 and 5).</summary>
/// <remarks>
/// An immutable value that <see cref="Sts"/> creates, safe for use by several threads. <c>default</c> is the decision
/// without a policy: <see cref="Verdict.NoPolicy"/>.
/// </remarks>
/// <example>
/// <code>
/// Decision decision = Sts.Enforce(policy, mxHost);
/// if (decision.RequiresTls)
/// {
///     log.Information($"{mxHost} needs verified TLS: it matches {decision.MatchedPattern}");
/// }
/// </code>
/// </example>
public readonly record struct Decision
{
    private readonly MxPattern _pattern; // default(MxPattern) if none matched.

    internal Decision(Verdict verdict, TlsFailure failure, MxPattern pattern, bool requiresTls)
    {
        Verdict = verdict;
        Failure = failure;
        RequiresTls = requiresTls;
        _pattern = pattern;
    }

    /// <summary>The action to take on the host.</summary>
    public Verdict Verdict { get; }

    /// <summary>The failure to report (RFC 8460); <see cref="TlsFailure.None"/> if nothing failed.</summary>
    public TlsFailure Failure { get; }

    /// <summary>
    /// Indicates whether the host may be used only over verified TLS: the mode is <c>enforce</c> and a pattern matches.
    /// </summary>
    /// <remarks>
    /// The value is the same before and after the handshake. If it is <see langword="true"/>, close a connection
    /// without verified TLS before the message is sent.
    /// </remarks>
    [MemberNotNullWhen(true, nameof(MatchedPattern))]
    public bool RequiresTls { get; }

    /// <summary>
    /// The first pattern of the policy that matches the host; null if no pattern matches or no policy applies.
    /// </summary>
    public MxPattern? MatchedPattern => _pattern == default ? null : _pattern;

    /// <summary>
    /// The enhanced status code (RFC 3463) to defer the message with if no other host is left; null unless the verdict
    /// is <see cref="Verdict.Deny"/>. It is 4.4.8 if no pattern matches the host, and 4.7.5 if TLS could not be
    /// verified.
    /// </summary>
    public string? EnhancedStatusCode => Verdict is not Verdict.Deny ? null
        : _pattern == default ? "4.4.8"
        : "4.7.5";

    /// <summary>Returns the verdict, the failure, the enhanced status code and the matched pattern.</summary>
    /// <returns>
    /// One line of printable ASCII for a log, such as <c>Deny, certificate-expired, 4.7.5, *.example.com</c>.
    /// </returns>
    public override string ToString() => Escaping.Join(
        $"{Verdict}",
        Failure is TlsFailure.None ? null : Failure.ToReportString(),
        EnhancedStatusCode,
        MatchedPattern?.ToString());
}
