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
        (_, null) => (NearMiss() ?? "no mx line matches") + StatusCode,
        _ => $"TLS: {Decision.Failure.ToReportString()}{StatusCode}",
    };

    private string StatusCode => Decision.StatusCode is { } code ? $" ({code})" : "";

    // RFC 8461, Section 4.1: the asterisk is one whole label.
    private string? NearMiss()
    {
        string host = MxHost.EndsWith('.') ? MxHost[..^1] : MxHost;
        foreach (MxPattern pattern in _published.Policy!.Mx)
        {
            string parent = pattern.ToString()[1..];
            if (!pattern.IsWildcard || !$".{host}".EndsWith(parent, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string labels = host[..Math.Max(0, host.Length - parent.Length)];
            if (labels.Length == 0 || labels.Contains('.', StringComparison.Ordinal))
            {
                return $"\"{pattern}\" covers one label, not {(labels.Length == 0 ? "none" : $"\"{Printable.Escape(labels)}\"")}";
            }
        }

        return null;
    }
}
