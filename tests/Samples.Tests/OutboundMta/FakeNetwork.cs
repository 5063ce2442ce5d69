using MtaSts;
using OutboundMta;

namespace Samples.Tests;

/// <summary>Represents the MX hosts of one domain, in MX order, without a network.</summary>
internal sealed class FakeNetwork : IMxNetwork
{
    private readonly Dictionary<string, FakeHost> _hosts = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>Gets the calls in order, such as <c>connect mx.example.com Dane</c>.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Gets the number of connections that are not yet disposed.</summary>
    public int Open { get; private set; }

    public IEnumerable<string> Hosts => _order;

    public bool IsSecure { get; init; } = true;

    public MxAnswer Mx => new(_order, IsSecure);

    /// <summary>Gets the TLS that the last connection required; <see langword="null"/> before the first connection.</summary>
    public TlsDemand? Demand { get; private set; }

    public FakeHost this[string name]
    {
        get => _hosts[name];
        set
        {
            _hosts.Add(name, value);
            _order.Add(name);
        }
    }

    public Task<TlsaAnswer> LookUpTlsaAsync(string mxHost, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Log.Add("tlsa " + mxHost);
        return Task.FromResult(_hosts[mxHost].Tlsa);
    }

    public Task<IMxConnection?> ConnectAsync(string mxHost, TlsDemand demand, CancellationToken cancellationToken)
    {
        Log.Add($"connect {mxHost} {demand}");
        Demand = demand;
        FakeHost host = _hosts[mxHost];
        if (host.Unreachable)
        {
            return Task.FromResult<IMxConnection?>(null);
        }

        Open++;
        return Task.FromResult<IMxConnection?>(new FakeConnection(this, mxHost, demand is TlsDemand.Dane ? host.DaneTls : host.Tls));
    }

    private sealed class FakeConnection(FakeNetwork network, string mxHost, TlsOutcome tls) : IMxConnection
    {
        public TlsOutcome Tls => tls;

        public Task<string> SendAsync(OutboundMessage message, CancellationToken cancellationToken)
        {
            network.Log.Add("send " + mxHost);
            return Task.FromResult(network[mxHost].Reply);
        }

        public ValueTask DisposeAsync()
        {
            network.Log.Add("close " + mxHost);
            network.Open--;
            return ValueTask.CompletedTask;
        }
    }
}
