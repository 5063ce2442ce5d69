using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using DnsClient;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MtaSts;
using MtaSts.Tests;
using OutboundMta;
using Recipes;
using static MtaSts.Tests.CacheSamples;

namespace Samples.Tests;

/// <summary>Tests the registrations in a container.</summary>
public class PolicyServicesTests
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    // The container calls the constructor without parameters: it knows IOptions<InMemoryCacheOptions> alone.
    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 1)]
    public async Task Configure_CacheOptions_CountsOnlyWithTheFactory(bool hasFactory, int count)
    {
        ServiceCollection services = new();
        services.Configure<InMemoryCacheOptions>(static options => options.Capacity = 1);
        _ = hasFactory ? services.AddMtaSts() : services.AddSingleton<InMemoryCache>();
        await using ServiceProvider provider = services.BuildServiceProvider();
        InMemoryCache cache = provider.GetRequiredService<InMemoryCache>();

        foreach (string domain in new[] { "a.example", "b.example", "c.example" })
        {
            cache.Set(domain, MakeEntry());
        }

        cache.Count.Should().Be(count);
    }

    // The parameter of the constructor has a default, which the container takes.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Configure_DiscoveryOptions_CountsOnlyWithTheFactory(bool hasFactory)
    {
        List<DiscoveryEvent> events = [];
        ServiceCollection services = new();
        if (hasFactory)
        {
            services.AddMtaSts();
        }
        else
        {
            services.AddSingleton<ICache, InMemoryCache>();
            services.AddSingleton<PolicyDiscovery>();
        }

        services.AddSingleton<IPolicySource>(new FakeSource { Answer = TxtAnswer.LookupFailed });
        services.Configure<PolicyDiscoveryOptions>(options => options.OnEvent = events.Add);
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<PolicyDiscovery>().DiscoverAsync(Domain);

        events.Should().HaveCount(hasFactory ? 1 : 0);
    }

    [Fact]
    public async Task AddMtaSts_Meters_AreThoseOfTheFactoryOfTheContainer()
    {
        await using ServiceProvider provider = new ServiceCollection().AddMtaSts().AddSingleton<IPolicySource>(new FakeSource())
            .BuildServiceProvider();
        IMeterFactory factory = provider.GetRequiredService<IMeterFactory>();
        List<string> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Meter.Name == "MtaSts")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => measured.Add(instrument.Name));
        PolicyDiscovery discovery = provider.GetRequiredService<PolicyDiscovery>();
        listener.Start();

        await discovery.DiscoverAsync(Domain);

        measured.Should().Contain(["mtasts.cache.misses", "mtasts.lookups", "mtasts.discoveries"]);
    }

    [Fact]
    public async Task AddMtaSts_Events_AreLogged()
    {
        using ListLogger log = new();
        FakeSource source = new() { Answer = Found("1"), Result = Task.FromException<FetchResult>(new IOException("No network.")) };
        await using ServiceProvider provider = new ServiceCollection().AddMtaSts().AddSingleton<IPolicySource>(source)
            .AddLogging(logging => logging.AddProvider(log)).BuildServiceProvider();

        await provider.GetRequiredService<PolicyDiscovery>().DiscoverAsync(Domain);

        (LogLevel level, string text, Exception? exception) = log.Lines.Should().ContainSingle().Subject;
        level.Should().Be(LogLevel.Warning);
        text.Should().StartWith("MTA-STS: FetchFailed, example.com, ConnectionFailed");
        exception.Should().BeOfType<IOException>();
    }

    [Fact]
    public async Task DisposeAsync_Provider_DisposesTheDiscovery()
    {
        ServiceProvider provider = new ServiceCollection().AddMtaSts().AddSingleton<IPolicySource>(new FakeSource()).BuildServiceProvider();
        PolicyDiscovery discovery = provider.GetRequiredService<PolicyDiscovery>();

        await provider.DisposeAsync();

        Func<Task> act = async () => await discovery.DiscoverAsync(Domain);
        await act.Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public void Dispose_Provider_Throws()
    {
        ServiceProvider provider = new ServiceCollection().AddMtaSts().AddSingleton<IPolicySource>(new FakeSource()).BuildServiceProvider();
        provider.GetRequiredService<PolicyDiscovery>();

        Action act = provider.Dispose;

        act.Should().Throw<InvalidOperationException>("the discovery has only DisposeAsync");
    }

    // All of it, with a resolver and a policy host on the loopback interface.
    [Fact]
    public async Task AddMtaSts_LoopbackServers_FindThePolicy()
    {
        Policy policy = MakePolicy();
        byte[] body = Encoding.UTF8.GetBytes(policy.ToString());
        using X509Certificate2 certificate = TestCertificates.IssueFor(TestCertificates.Root, "mta-sts.example.com");
        await using LoopbackDnsServer dns = new(new(0, ["v=STSv1; id=7;"]));
        await using LoopbackHttpsServer https = new(certificate, async (stream, token) =>
        {
            string header = $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(header), token);
            await stream.WriteAsync(body, token);
        });
        ServiceCollection services = new();
        services.AddMtaSts();
        services.AddSingleton<IDnsQuery>(new LookupClient(DnsClientResolver.CreateOptions(new NameServer(dns.EndPoint))));
        services.AddSingleton(_ => new PolicyFetcher(HandlerFor(https.EndPoint)));
        await using ServiceProvider provider = services.BuildServiceProvider();

        DiscoveredPolicy found = await provider.GetRequiredService<PolicyDiscovery>().DiscoverAsync(Domain);

        (found.Entry!.Id, found.Policy).Should().Be(("7", policy));
        provider.GetRequiredService<InMemoryCache>().Count.Should().Be(1);
    }

    private static SocketsHttpHandler HandlerFor(IPEndPoint server)
    {
        SocketsHttpHandler handler = PolicyFetcher.CreateHandler(new PolicyConnector(
            (_, _) => Task.FromResult<IPAddress[]>([server.Address]),
            (_, token) => PolicyConnector.OpenAsync(server, token),
            TimeSpan.FromMinutes(5)));
        handler.UseProxy = false;
        TestCertificates.TrustRoot(handler.SslOptions.CertificateChainPolicy!);
        return handler;
    }
}
