using System.Collections.Concurrent;
using DnsClient;
using MtaSts;
using Recipes;

namespace Samples.Tests;

/// <summary>Tests the lookup with DnsClient against a resolver on the loopback interface.</summary>
public class DnsClientResolverTests
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");

    [Theory]
    [InlineData("v=STSv1; id=1;")]
    [InlineData("v=STSv1; i", "d=1", ";")] // one record in three character-strings, which are joined
    public async Task LookUpRecordAsync_OneRecord_IsFound(params string[] strings)
    {
        await using LoopbackDnsServer server = new(new(0, ["v=spf1 -all"], strings));

        TxtAnswer answer = await LookUpAsync(server);

        answer.Record!.Id.Should().Be("1");
        server.Requests.Should().Equal("UDP");
    }

    [Fact]
    public async Task LookUpRecordAsync_TwoPolicyRecords_AreNotJoined()
    {
        await using LoopbackDnsServer server = new(new(0, ["v=STSv1; id=1;"], ["v=STSv1; id=2;"]));

        (await LookUpAsync(server)).Status.Should().Be(TxtStatus.MultipleRecords);
    }

    [Fact]
    public async Task LookUpRecordAsync_CName_IsFollowed()
    {
        await using LoopbackDnsServer server = new(new(0, ["v=STSv1; id=1;"]) { Alias = "_mta-sts.provider.example" });

        (await LookUpAsync(server)).Record!.Id.Should().Be("1");
    }

    [Fact]
    public async Task LookUpRecordAsync_Truncated_IsAskedAgainOverTcp()
    {
        await using LoopbackDnsServer server = new(new(0, ["v=STSv1; id=1;"]) { IsTruncated = true });

        (await LookUpAsync(server)).Record!.Id.Should().Be("1");

        server.Requests.Should().Equal("UDP", "TCP");
    }

    [Theory]
    [InlineData(0)] // no data: the name has other records
    [InlineData(3)] // NXDOMAIN
    public async Task LookUpRecordAsync_NoDataOrNoSuchName_IsNoRecord(int responseCode)
    {
        await using LoopbackDnsServer server = new(new(responseCode));

        (await LookUpAsync(server)).Status.Should().Be(TxtStatus.NoRecord);
    }

    [Theory]
    [InlineData(1, DnsResponseCode.FormatError)]
    [InlineData(2, DnsResponseCode.ServerFailure)]
    [InlineData(5, DnsResponseCode.Refused)]
    public async Task LookUpRecordAsync_Error_IsAFailedLookup(int responseCode, DnsResponseCode expected)
    {
        await using LoopbackDnsServer server = new(new(responseCode));

        DnsResponseException exception = await FailAsync(Client(server));

        exception.Code.Should().Be(expected);
    }

    [Fact]
    public async Task LookUpRecordAsync_Silence_IsAFailedLookup()
    {
        await using LoopbackDnsServer server = new(new(0) { IsSilent = true });

        DnsResponseException exception = await FailAsync(Client(server, TimeSpan.FromMilliseconds(50)));

        exception.Code.Should().Be(DnsResponseCode.ConnectionTimeout);
    }

    // Pins what DnsClient 1.8.0 does: by default, an error is no exception. Only the code tells NXDOMAIN from SERVFAIL.
    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public async Task QueryAsync_ErrorCode_IsInTheHeader(int responseCode, bool hasError)
    {
        await using LoopbackDnsServer server = new(new(responseCode));

        IDnsQueryResponse response = await Client(server).QueryAsync("example.com", QueryType.TXT);

        ((int)response.Header.ResponseCode, response.HasError).Should().Be((responseCode, hasError));
    }

    // A cancellation looks like a timeout.
    [Fact]
    public async Task QueryAsync_Canceled_ThrowsATimeout()
    {
        await using LoopbackDnsServer server = new(new(0) { IsSilent = true });
        using CancellationTokenSource caller = new(TimeSpan.FromMilliseconds(50));

        Func<Task> act = () => Client(server).QueryAsync("example.com", QueryType.TXT, cancellationToken: caller.Token);

        DnsResponseException exception = (await act.Should().ThrowAsync<DnsResponseException>()).Which;
        exception.Code.Should().Be(DnsResponseCode.ConnectionTimeout);
        exception.InnerException.Should().BeAssignableTo<OperationCanceledException>();
    }

    [Fact]
    public async Task LookUpRecordAsync_Canceled_Throws()
    {
        await using LoopbackDnsServer server = new(new(0) { IsSilent = true });
        using CancellationTokenSource caller = new(TimeSpan.FromMilliseconds(50));

        Func<Task> act = () => new DnsClientResolver(Client(server)).LookUpRecordAsync(Domain, caller.Token);

        (await act.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(caller.Token);
    }

    // The discovery's limit ends the lookup before that of the client.
    [Fact]
    public async Task DiscoverAsync_SilentResolver_IsAFailedLookupInTime()
    {
        await using LoopbackDnsServer server = new(new(0) { IsSilent = true });
        ConcurrentQueue<DiscoveryEvent> events = new();
        await using PolicyDiscovery discovery = Discovery(Client(server), events, TimeSpan.FromMilliseconds(50));

        DiscoveredPolicy found = await discovery.DiscoverAsync(Domain);

        found.Policy.Should().BeNull();
        events.Should().ContainSingle().Which.Exception.Should().BeOfType<TimeoutException>();
    }

    [Fact]
    public void CreateOptions_AllAttempts_FitIntoTheLimitOfTheDiscovery()
    {
        LookupClientOptions options = DnsClientResolver.CreateOptions();

        (options.Timeout * (options.Retries + 1)).Should().BeLessThan(new PolicyDiscoveryOptions().LookupTimeout);
        options.UseCache.Should().BeFalse();
        options.AutoResolveNameServers.Should().BeTrue();
    }

    // Directly, and through a discovery, which turns the exception into a result and an event.
    private static async Task<DnsResponseException> FailAsync(LookupClient client)
    {
        Func<Task> act = () => new DnsClientResolver(client).LookUpRecordAsync(Domain, CancellationToken.None);
        DnsResponseException exception = (await act.Should().ThrowAsync<DnsResponseException>()).Which;
        ConcurrentQueue<DiscoveryEvent> events = new();
        await using PolicyDiscovery discovery = Discovery(client, events, TimeSpan.FromMinutes(5));

        (await discovery.DiscoverAsync(Domain)).Policy.Should().BeNull();

        DiscoveryEvent told = events.Should().ContainSingle().Subject;
        told.Kind.Should().Be(DiscoveryEventKind.LookupFailed);
        told.Exception.Should().BeOfType<DnsResponseException>().Which.Code.Should().Be(exception.Code);
        return exception;
    }

    private static Task<TxtAnswer> LookUpAsync(LoopbackDnsServer server) =>
        new DnsClientResolver(Client(server)).LookUpRecordAsync(Domain, CancellationToken.None);

    // The client of the recipe, with more patience for a busy machine.
    private static LookupClient Client(LoopbackDnsServer server, TimeSpan? timeout = null)
    {
        LookupClientOptions options = DnsClientResolver.CreateOptions(new NameServer(server.EndPoint));
        options.Timeout = timeout ?? TimeSpan.FromMinutes(5);
        return new(options);
    }

    private static PolicyDiscovery Discovery(LookupClient client, ConcurrentQueue<DiscoveryEvent> events, TimeSpan limit)
    {
        OutboundMta.NetworkPolicySource source = new(new DnsClientResolver(client).LookUpRecordAsync, fetcher: null!);
        return new(new InMemoryCache(), source, new() { LookupTimeout = limit, OnEvent = events.Enqueue });
    }
}
