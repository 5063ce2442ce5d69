namespace MtaSts;

/// <summary>What MTA-STS says of one candidate MX host, and why (RFC 8461, Sections 4 and 5).</summary>
/// <remarks>An immutable value, made by <see cref="Sts"/>, safe for use by several threads. <c>default</c> is the decision without a policy: <see cref="Verdict.NoPolicy"/>.</remarks>
public readonly struct Decision : IEquatable<Decision>
{
    private readonly MxPattern _pattern; // default(MxPattern) if none matched.

    internal Decision(Verdict verdict, TlsFailure failure, MxPattern pattern, bool requiresTls)
    {
        Verdict = verdict;
        Failure = failure;
        RequiresTls = requiresTls;
        _pattern = pattern;
    }

    /// <summary>What to do with the host.</summary>
    public Verdict Verdict { get; }

    /// <summary>What to report (RFC 8460); <see cref="TlsFailure.None"/> if nothing failed.</summary>
    public TlsFailure Failure { get; }

    /// <summary>
    /// Whether the host may be used only over verified TLS: the mode is enforce, and a pattern matches. True before the handshake as after it: a
    /// connection without verified TLS must then be closed before the message goes out.
    /// </summary>
    public bool RequiresTls { get; }

    /// <summary>The first pattern of the policy that matches the host; null if none does or no policy applies.</summary>
    public MxPattern? MatchedPattern => _pattern == default ? null : _pattern;

    /// <summary>
    /// The enhanced status code (RFC 3463) to defer the message with if no other host is left: 4.4.8 for a host that no pattern matches, 4.7.5 for TLS
    /// that could not be verified; null unless the verdict is <see cref="Verdict.Deny"/>.
    /// </summary>
    public string? EnhancedStatusCode => Verdict is not Verdict.Deny ? null
        : _pattern == default ? "4.4.8"
        : "4.7.5";

    /// <summary>Whether two decisions say the same for the same reasons.</summary>
    public static bool operator ==(Decision left, Decision right) => left.Equals(right);

    /// <summary>Whether two decisions differ.</summary>
    public static bool operator !=(Decision left, Decision right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Decision other) =>
        Verdict == other.Verdict && Failure == other.Failure && RequiresTls == other.RequiresTls && _pattern == other._pattern;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Decision other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Verdict, Failure, RequiresTls, _pattern);

    /// <summary>The decision in a few words for a log, such as <c>Deny, certificate-expired, 4.7.5, *.example.com</c>.</summary>
    public override string ToString() => Escaping.Join(
        $"{Verdict}",
        Failure is TlsFailure.None ? null : Failure.ToReportString(),
        EnhancedStatusCode,
        MatchedPattern?.ToString());
}
