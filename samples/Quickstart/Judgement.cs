using MtaSts;

namespace Quickstart;

/// <summary>The decision on one MX host, and the reason for it in an administrator's words.</summary>
internal sealed class Judgement
{
    private readonly Publication _published;
    private readonly bool _isAfterHandshake;

    /// <summary>Decides.</summary>
    /// <param name="published">What the domain publishes.</param>
    /// <param name="mxHost">The MX host.</param>
    /// <param name="tls">What the handshake showed; null to decide before connecting.</param>
    public Judgement(Publication published, string mxHost, TlsOutcome? tls)
    {
        _published = published;
        _isAfterHandshake = tls is not null;
        MxHost = mxHost;
        Decision = tls is { } outcome
            ? Sts.Enforce(published.Policy, mxHost, outcome)
            : Sts.Enforce(published.Policy, mxHost);
    }

    public string MxHost { get; }

    public Decision Decision { get; }

    public PolicyMode? Mode => _published.Policy?.Mode;

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
        (Verdict.NoPolicy, _) => _published.Obstacle ?? "the domain has opted out",
        (Verdict.Allow, { } pattern) => $"\"{pattern}\" matches{(_isAfterHandshake ? ", TLS verified" : "")}",
        (_, null) => NoMatch() + StatusCode,
        _ => $"TLS: {Decision.Failure.ToReportString()}{StatusCode}",
    };

    private string StatusCode => Decision.StatusCode is { } code ? $" ({code})" : "";

    private string NoMatch()
    {
        IReadOnlyList<NearMiss> nearMisses = _published.Policy!.Explain(MxHost).NearMisses;
        return nearMisses.Count == 0 ? "no mx line matches" : string.Join("; ", nearMisses);
    }
}
