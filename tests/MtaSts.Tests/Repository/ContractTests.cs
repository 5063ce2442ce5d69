using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Calls the names that users compile against, as a user would. A changed name or signature breaks the build.</summary>
public class ContractTests
{
    private const string PolicyText = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\nmore: b\n";
    private const string RecordText = "v=STSv1; id=a; more=b";

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private static Policy Enforcing => Policy.Parse(PolicyText);

    [Fact]
    public void Errors_OfARejectedText_AreOneValueByEveryRoute()
    {
        Policy.TryParse("version: STSv1\nmode: on\n".AsSpan(), out Policy? policy, out ParseError error).Should().BeFalse();
        policy.Should().BeNull();
        (error.Code, error.Line, error.Offset).Should().Be((ParseErrorCode.InvalidMode, 2, 21));
        error.ToString().Should().Contain("\"on\"").And.Contain("section 3.2");

        Policy.TryParse("version: STSv1\nmode: on\n"u8, out policy, out ParseError fromUtf8).Should().BeFalse();
        fromUtf8.Should().Be(error);

        FormatException thrown = Assert.Throws<MtaStsFormatException>(static () => Policy.Parse("version: STSv1\nmode: on\n"));
        ((MtaStsFormatException)thrown).Error.Should().Be(error);

        Policy.TryParse(new string('\n', 65_537), out policy, out error).Should().BeFalse();
        error.Code.Should().Be(ParseErrorCode.TooLarge);
    }

    [Fact]
    public void Record_AndItsLookup()
    {
        StsRecord record = StsRecord.Parse(RecordText);
        string id = record.Id;
        IReadOnlyList<KeyValuePair<string, string>> extensions = record.Extensions;
        (id, extensions[0].Key, extensions[0].Value).Should().Be(("a", "more", "b"));
        StsRecord.Parse(Encoding.UTF8.GetBytes(RecordText)).Should().Be(record);
        StsRecord.TryParse(RecordText, out StsRecord? tried).Should().BeTrue();
        tried.Should().Be(record);
        StsRecord.TryParse("v=STSv1; id=-"u8, out tried, out ParseError error).Should().BeFalse();
        error.Line.Should().Be(1);
        new StsRecord("a").ToString().Should().Be("v=STSv1; id=a");
        Span<char> destination = stackalloc char[64];
        record.TryFormat(destination, out int written).Should().BeTrue();
        destination[..written].ToString().Should().Be(RecordText);
        Enforcing.CreateRecord().Should().Be(Policy.Parse(PolicyText).CreateRecord());

        TxtAnswer answer = TxtAnswer.FromRecords(["v=spf1 -all", RecordText]);
        (answer.Status, answer.Record).Should().Be((TxtStatus.Found, record));
        TxtAnswer.FromCharacterStrings([["v=STSv1; ", "id=a"]]).Record!.Id.Should().Be("a");
        TxtAnswer.NoRecord.Status.Should().Be(TxtStatus.NoRecord);
        TxtAnswer.LookupFailed.Status.Should().Be(TxtStatus.LookupFailed);
        TxtAnswer.FromRecords([RecordText, RecordText]).Status.Should().Be(TxtStatus.MultipleRecords);
        TxtAnswer invalid = TxtAnswer.FromRecords(["v=STSv1; id=-"]);
        (invalid.Status, invalid.Error.Code).Should().Be((TxtStatus.InvalidRecord, ParseErrorCode.InvalidId));
        TxtAnswer.FromRecords(["v=STSv1 ; id=a"]).Status.Should().Be(TxtStatus.Found);
        TxtAnswer discarded = TxtAnswer.FromRecords(["v=stsv1; id=a"]);
        (discarded.Status, discarded.Error.Code).Should().Be((TxtStatus.NoRecord, ParseErrorCode.NotAnStsRecord));
    }

    [Fact]
    public void Policy_ItsPartsAndItsDeviations()
    {
        Policy policy = Enforcing;
        (policy.Mode, policy.MaxAge, policy.Deviations).Should().Be((PolicyMode.Enforce, TimeSpan.FromDays(7), Deviations.None));
        policy.Mx[0].ToString().Should().Be("mail.example.com");
        policy.Mx[^1].Should().Be(MxPattern.Parse("*.example.net"));
        policy.Extensions[0].Should().Be(new KeyValuePair<string, string>("more", "b"));
        policy.Matches("MX.example.net.").Should().BeTrue();
        policy.TryMatch("mx.example.net", out MxPattern pattern).Should().BeTrue();
        pattern.IsWildcard.Should().BeTrue();
        policy.ToString().Should().Be(PolicyText.Replace("\n", "\r\n", StringComparison.Ordinal));
        Span<byte> destination = stackalloc byte[256];
        policy.TryFormat(destination, out int written).Should().BeTrue();
        Policy.Parse(destination[..written]).Should().Be(policy);

        Policy made = new(PolicyMode.Testing, TimeSpan.FromDays(1), [MxPattern.Parse("mail.example.com")]);
        Policy changed = made.WithMode(PolicyMode.Enforce).WithMaxAge(Policy.LongestMaxAge).WithMx([MxPattern.Parse("a.example")]);
        changed.ToString().Should().Be("version: STSv1\r\nmode: enforce\r\nmx: a.example\r\nmax_age: 31557600\r\n");
        new Policy(PolicyMode.None, TimeSpan.Zero, []).Mx.Count.Should().Be(0);

        Policy.Parse("\uFEFFversion: STSv1\n\n#\n mode: enforce\nmx: a.example.\nmax_age: 9999999999\n").Deviations.Should().Be(
            Deviations.ByteOrderMark | Deviations.BlankLine | Deviations.Comment | Deviations.Whitespace | Deviations.TrailingDot
                | Deviations.MaxAgeCapped);
    }

    [Fact]
    public void Pattern_MatchesOneLabel()
    {
        MxPattern pattern = MxPattern.Parse("*.Example.com");
        (pattern.IsWildcard, pattern.ToString()).Should().Be((true, "*.example.com"));
        pattern.Matches("mail.example.com").Should().BeTrue();
        pattern.Matches("a.b.example.com").Should().BeFalse();
        MxPattern.TryParse("mx*.example.com", out MxPattern invalid).Should().BeFalse();
        invalid.Should().Be(default(MxPattern));
        MxPattern.TryParse("*"u8, out _, out ParseError error).Should().BeFalse();
        error.Code.Should().Be(ParseErrorCode.MisplacedWildcard);
        Sts.MxMatches("mail.example.com", "*.example.com").Should().BeTrue();
        Sts.MxMatches("mail.example.com", "*").Should().BeFalse();
    }

    [Fact]
    public void Decision_BeforeConnectingAndAfterTheHandshake()
    {
        Decision before = Sts.Enforce(Enforcing, "mx.example.net");
        Verdict verdict = before.Verdict;
        MxPattern? matched = before.MatchedPattern;
        (verdict, matched, before.RequiresTls).Should().Be((Verdict.Allow, MxPattern.Parse("*.example.net"), true));
        (before.Failure, before.EnhancedStatusCode).Should().Be((TlsFailure.None, null));
        Sts.Enforce(Enforcing, "mx.example.org").EnhancedStatusCode.Should().Be("4.4.8");
        Decision after = Sts.Enforce(Enforcing, "mx.example.net", TlsOutcome.Expired);
        (after.Verdict, after.Failure, after.EnhancedStatusCode).Should().Be((Verdict.Deny, TlsFailure.CertificateExpired, "4.7.5"));
        Sts.Enforce(Enforcing.WithMode(PolicyMode.Testing), "mx.example.org").Verdict.Should().Be(Verdict.AllowAndReport);
        Sts.Enforce(null, "mx.example.org").Verdict.Should().Be(Verdict.NoPolicy);

        Sts.PolicyUrl("Example.com.").Should().Be("https://mta-sts.example.com/.well-known/mta-sts.txt");
        Sts.PolicyHost("example.com").Should().Be("mta-sts.example.com");
        Sts.RecordName("example.com").Should().Be("_mta-sts.example.com");
        Assert.Throws<ArgumentException>(static () => Sts.PolicyUrl("[192.0.2.1]"));
        PolicyDomain domain = PolicyDomain.Parse("B\u00FCcher.example.");
        (domain.Name, domain.RecordName).Should().Be(("xn--bcher-kva.example", "_mta-sts.xn--bcher-kva.example"));
        (domain.PolicyHost, domain.PolicyUrl).Should().Be(
            ("mta-sts.xn--bcher-kva.example", "https://mta-sts.xn--bcher-kva.example/.well-known/mta-sts.txt"));
        PolicyDomain.TryParse("BÜCHER.example", out PolicyDomain? other).Should().BeTrue();
        other.Should().Be(domain);

        TlsFailure.StartTlsNotSupported.ToReportString().Should().Be("starttls-not-supported");
        X509Chain? chain = null;
        TlsOutcomes.From(SslPolicyErrors.RemoteCertificateNameMismatch, chain).Should().Be(TlsOutcome.HostMismatch);
    }

    [Fact]
    public async Task Fetch_FromAResponseAStreamOrAFailure()
    {
        byte[] body = Encoding.UTF8.GetBytes(PolicyText);
        string? contentType = "text/plain";
        FetchResult result = FetchResult.FromResponse(200, contentType, body);
        (result.Status, result.Policy, result.Error, result.Failure).Should().Be((FetchStatus.Ok, Enforcing, default, TlsFailure.None));
        using MemoryStream stream = new(body);
        (await FetchResult.FromResponseAsync(200, contentType, stream, CancellationToken.None)).Policy.Should().Be(Enforcing);
        FetchResult.FromResponse(200, "text/plain, text/html", body).Status.Should().Be(FetchStatus.WrongMediaType);
        FetchResult.FromResponse(200, null, body).Failure.Should().Be(TlsFailure.StsPolicyInvalid);
        FetchResult.FromResponse(302, contentType, []).Status.Should().Be(FetchStatus.Redirected);
        FetchResult.FromResponse(404, contentType, []).Status.Should().Be(FetchStatus.NotFound);
        FetchResult.FromResponse(500, contentType, []).Status.Should().Be(FetchStatus.UnexpectedStatus);
        FetchResult.FromResponse(200, contentType, []).Status.Should().Be(FetchStatus.InvalidPolicy);
        FetchResult.FromResponse(200, contentType, new byte[65_537]).Status.Should().Be(FetchStatus.TooLarge);
        FetchResult.Failed(FetchStatus.TimedOut).Failure.Should().Be(TlsFailure.StsPolicyFetchError);
        FetchResult.Failed(FetchStatus.ConnectionFailed).Failure.Should().Be(TlsFailure.StsPolicyFetchError);
        FetchResult.Failed(FetchStatus.CertificateInvalid).Failure.Should().Be(TlsFailure.StsWebPkiInvalid);
    }

    [Fact]
    public void Refresh_PlanCompleteAndTheStepBeforeABounce()
    {
        TxtAnswer txt = TxtAnswer.FromRecords([RecordText]);
        FetchResult fetch = FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(PolicyText));
        RefreshPlan plan = PolicyRefresh.Plan(null, txt, Now);
        (plan.Action, plan.Policy, plan.Failure, plan.ShouldAlert).Should().Be((RefreshAction.Fetch, null, TlsFailure.None, false));
        RefreshResult result = PolicyRefresh.Complete(null, txt, fetch, Now);
        (result.Status, result.Policy).Should().Be((RefreshStatus.Found, Enforcing));
        (result.Failure, result.ShouldAlert).Should().Be((TlsFailure.None, false));

        CachedPolicy entry = result.Entry!;
        (entry.Id, entry.Policy, entry.FetchedAt, entry.ExpiresAt).Should().Be(("a", Enforcing, Now, Now.AddDays(7)));
        entry.IsExpired(Now).Should().BeFalse();
        CachedPolicy made = new("a", Enforcing, Now);
        made.Serialize().Should().Equal(entry.Serialize());
        CachedPolicy.TryDeserialize(made.Serialize(), out CachedPolicy? stored).Should().BeTrue();
        stored!.ExpiresAt.Should().Be(entry.ExpiresAt);

        PolicyRefresh.Plan(made, txt, Now).Action.Should().Be(RefreshAction.Apply);
        PolicyRefresh.Plan(made, txt, Now.AddDays(1)).Action.Should().Be(RefreshAction.ApplyAndFetch);
        PolicyRefresh.Complete(made, txt, fetch, Now.AddDays(1)).Status.Should().Be(RefreshStatus.Renewed);
        PolicyRefresh.Complete(null, TxtAnswer.NoRecord, fetch, Now).Status.Should().Be(RefreshStatus.NotFound);
        RefreshResult errored = PolicyRefresh.Complete(made, txt, FetchResult.Failed(FetchStatus.TimedOut), Now);
        (errored.Status, errored.Entry!.FailedId, errored.Entry.FailedAt).Should().Be((RefreshStatus.Errored, "a", Now));
        PolicyRefresh.MayFailPermanently(made, txt).Should().BeTrue();
        PolicyRefresh.MayFailPermanently(made, TxtAnswer.FromRecords(["v=STSv1; id=b"]), fetch: null).Should().BeFalse();
    }

    [Fact]
    public async Task Cache_BehindItsInterfacesAndByText()
    {
        PolicyDomain domain = PolicyDomain.Parse("example.com");
        CachedPolicy entry = new("a", Enforcing, Now);
        entry.KeepUntil.Should().Be(entry.ExpiresAt);
        InMemoryCacheOptions options = new() { Capacity = 10, TimeProvider = new FakeTimeProvider(Now), MeterFactory = null };
        InMemoryCache memory = new(options);
        IRefreshableCache refreshable = memory;
        ICache cache = refreshable;

        await cache.SetAsync(domain, entry);
        (await cache.GetAsync(domain)).Should().BeSameAs(entry);
        CachedPolicy? updated = await cache.UpdateAsync(domain, static current => new("b", current!.Policy!, current.FetchedAt));
        updated!.Id.Should().Be("b");
        List<string> due = [];
        await foreach (PolicyDomain listed in refreshable.DueForRefreshAsync(Now.AddDays(2), CancellationToken.None))
        {
            due.Add(listed.Name);
        }

        due.Should().Equal("example.com");
        await cache.RemoveAsync(domain);
        (await cache.GetAsync(domain, CancellationToken.None)).Should().BeNull();

        memory.Set("Example.com.", entry);
        memory.TryGet("example.com", out CachedPolicy? found).Should().BeTrue();
        found.Should().BeSameAs(entry);
        memory.Count.Should().Be(1);
        using MemoryStream stream = new();
        await memory.SaveAsync(stream);
        stream.Position = 0;
        CacheLoadResult loaded = await new InMemoryCache().LoadAsync(stream);
        loaded.Loaded.Should().Be(1);
        memory.Remove("example.com").Should().BeTrue();
    }

    [Fact]
    public async Task Discovery_OfADeliveryItsRefreshAndItsBounce()
    {
        PolicyDomain domain = PolicyDomain.Parse("example.com");
        FakeTimeProvider clock = new(Now);
        InMemoryCache memory = new(new() { TimeProvider = clock });
        ICache cache = memory;
        IPolicySource source = new Network();
        ConcurrentQueue<DiscoveryEvent> events = new();
        PolicyDiscoveryOptions options = new()
        {
            TimeProvider = clock,
            LookupTimeout = TimeSpan.FromSeconds(5),
            FetchTimeout = TimeSpan.FromSeconds(30),
            MaxConcurrentFetches = 10,
            OnEvent = events.Enqueue,
            MeterFactory = null,
        };
        PolicyDiscovery discovery = new(cache, source, options);
        await using IAsyncDisposable disposal = discovery;

        DiscoveredPolicy found = await discovery.DiscoverAsync(domain);
        (found.Domain, found.Policy, found.Entry!.Id).Should().Be((domain, Enforcing, "a"));
        (found.Failure, found.ShouldAlert, found.IsUncertain, found.Refresh).Should().Be((TlsFailure.None, false, false, null));
        found.Enforce("mail.example.com").Verdict.Should().Be(Verdict.Allow);
        found.Enforce("mail.example.com", TlsOutcome.Expired).Verdict.Should().Be(Verdict.Deny);
        DiscoveryEvent fetched = events.Should().ContainSingle().Subject;
        (fetched.Kind, fetched.Domain, fetched.Exception).Should().Be((DiscoveryEventKind.Fetched, domain, null));
        (fetched.Fetch!.Status, fetched.ShouldAlert).Should().Be((FetchStatus.Ok, false));

        clock.Advance(TimeSpan.FromDays(2));
        DiscoveredPolicy due = await discovery.DiscoverAsync(domain, CancellationToken.None);
        Task<DiscoveredPolicy>? refresh = due.Refresh;
        (await refresh!).Entry!.FetchedAt.Should().Be(clock.GetUtcNow());
        (await discovery.MayFailPermanentlyAsync(due, CancellationToken.None)).Should().BeTrue();

        clock.Advance(TimeSpan.FromDays(2));
        await discovery.RefreshDueAsync(CancellationToken.None);
        (await cache.GetAsync(domain))!.FetchedAt.Should().Be(clock.GetUtcNow());
        ValueTask ended = discovery.DisposeAsync();
        await ended;
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await discovery.DiscoverAsync(domain));

        PolicyDiscoveryOptions defaults = new();
        (defaults.TimeProvider, defaults.LookupTimeout, defaults.FetchTimeout, defaults.MaxConcurrentFetches, defaults.OnEvent)
            .Should().Be((TimeProvider.System, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), 64, null));
        await new PolicyDiscovery(cache, source).DisposeAsync();
    }

    [Fact]
    public async Task TieredCache_OverAnyCache()
    {
        PolicyDomain domain = PolicyDomain.Parse("example.com");
        CachedPolicy entry = new("a", Enforcing, Now);
        InMemoryCache near = new();
        ICache far = new InMemoryCache();
        List<(PolicyDomain? Domain, Exception Exception)> told = [];
        TieredCacheOptions options = new()
        {
            TrustFor = TimeSpan.FromSeconds(30),
            FarTimeout = TimeSpan.FromSeconds(2),
            TimeProvider = new FakeTimeProvider(Now),
            OnFarError = (failed, exception) => told.Add((failed, exception)),
        };
        IRefreshableCache cache = new TieredCache(near, far, options);
        new TieredCache(near, far).Should().NotBeNull();

        await cache.SetAsync(domain, entry);
        (await cache.GetAsync(domain)).Should().BeSameAs(entry);
        (await far.GetAsync(domain)).Should().BeSameAs(entry);
        CachedPolicy? updated = await cache.UpdateAsync(domain, static current => new("b", current!.Policy!, current.FetchedAt));
        updated!.Id.Should().Be("b");
        near.TryGet("example.com", out CachedPolicy? found).Should().BeTrue();
        found.Should().BeSameAs(updated);
        (await cache.DueForRefreshAsync(Now.AddDays(2), CancellationToken.None).ToListAsync()).Should().Equal(domain);
        await cache.RemoveAsync(domain);
        (near.Count, await far.GetAsync(domain), told.Count).Should().Be((0, null, 0));
    }

    [Fact]
    public void Linting_OfAPublicationAndARollover()
    {
        Policy policy = Enforcing;
        StsRecord record = policy.CreateRecord();
        Publication publication = new(200, "text/html", "version: STSv1\nmode: none\nmax_age: 1\n"u8)
        {
            Domain = PolicyDomain.Parse("example.com"),
            Txt = TxtAnswer.FromRecords([RecordText]),
            MxHosts = ["mail.example.com"],
        };
        Finding finding = PolicyLint.Check(publication)[0];
        (finding.Code, finding.Severity).Should().Be((FindingCode.WrongMediaType, Severity.Error));
        PolicyLint.Check(PolicyText).Should().NotContain(static found => found.Severity == Severity.Error);

        RolloverReport report = PolicyRollover.Check(policy, record, null, null);
        report.Findings.Should().Contain(static found => found.Code == FindingCode.PolicyDeleted);
        report.Steps.Should().NotBeEmpty();

        MxExplanation explanation = policy.Explain("mail.exmaple.com");
        explanation.IsAllowed.Should().BeFalse();
        NearMiss nearMiss = explanation.NearMisses[0];
        (nearMiss.Reason, nearMiss.Pattern).Should().Be((NearMissReason.Typo, MxPattern.Parse("mail.example.com")));
        string.Create(CultureInfo.InvariantCulture, $"{explanation}").Should().NotBeEmpty();
    }

    private sealed class Network : IPolicySource
    {
        public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
            ValueTask.FromResult(TxtAnswer.FromRecords([RecordText]));

        public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
            ValueTask.FromResult(FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(PolicyText)));
    }
}
