using MtaSts;
using MtaSts.Linting;

namespace Quickstart;

/// <summary>Represents the decision on one MX host and the reason for it, in words for an administrator.</summary>
internal sealed class Judgement
{
    private readonly Policy? _policy;
    private readonly string? _obstacle;
    private readonly bool _isAfterHandshake;

    /// <summary>Decides on an MX host.</summary>
    /// <param name="policy">The policy that applies; null if no policy does.</param>
    /// <param name="obstacle">The reason why no policy applies, if so.</param>
    /// <param name="mxHost">The MX host.</param>
    /// <param name="tls">The outcome of the handshake; null to decide before connecting.</param>
    public Judgement(Policy? policy, string? obstacle, string mxHost, TlsOutcome? tls)
    {
        _policy = policy;
        _obstacle = policy is null ? obstacle : null;
        _isAfterHandshake = tls is not null;
        MxHost = mxHost;
        Decision = tls is { } outcome
            ? Sts.Enforce(policy, mxHost, outcome)
            : Sts.Enforce(policy, mxHost);
    }

    public string MxHost { get; }

    public Decision Decision { get; }

    public PolicyMode? Mode => _policy?.Mode;

    public string VerdictInWords => Decision.Verdict switch
    {
        Verdict.NoPolicy => "no policy",
        Verdict.Allow => Decision.RequiresTls && !_isAfterHandshake ? "allow if TLS" : "allow",
        Verdict.AllowAndReport => "allow, report",
        Verdict.Deny => "deny",
        _ => throw new InvalidOperationException($"No words for {Decision.Verdict}."),
    };

    public string Why => (Decision.Verdict, Decision.MatchedPattern) switch
    {
        (Verdict.NoPolicy, _) => _obstacle ?? "the domain has opted out",
        (Verdict.Allow, { } pattern) => $"\"{pattern}\" matches{(_isAfterHandshake ? ", TLS verified" : "")}",
        (_, null) => NoMatch() + StatusCode,
        _ => $"TLS: {Decision.Failure.ToReportString()}{StatusCode}",
    };

    private string StatusCode => Decision.EnhancedStatusCode is { } code ? $" ({code})" : "";

    private string NoMatch()
    {
        IReadOnlyList<NearMiss> nearMisses = _policy!.Explain(MxHost).NearMisses;
        return nearMisses.Count == 0 ? "no mx line matches" : string.Join("; ", nearMisses);
    }
}
