using System.Text;
using MtaSts.Benchmarks;
using MtaSts.Linting;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// Verifies that <c>ToString()</c> of every public type is one line of printable ASCII for any content that a
/// publisher, a peer or the DNS sent. Nobody can forge a log line. The one exception is a policy: its text is its file.
/// </summary>
public class ToStringTests
{
    // Characters that end a line in some terminal, editor or log viewer, set colors, change the reading direction, or
    // are half of a surrogate pair.
    private const string Evil = "a\r\nb\n\u0085c\u2028d\u2029e\u001B[31mf\u202Eg\0h\tü\u200B\uD83D\uDE00";

    // The part of Evil that a policy file may contain.
    private static readonly string EvilValue =
        Evil[Evil.IndexOf('\u0085', StringComparison.Ordinal)..Evil.IndexOf('\u001B', StringComparison.Ordinal)];

    private static readonly Policy EvilPolicy = Policy.Parse(
        $"version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 604800\nnote: {EvilValue}\u202E\u200B\n");

    private static readonly TxtAnswer[] Answers =
    [
        TxtAnswer.LookupFailed, TxtAnswer.NoRecord, Found(Id),
        TxtAnswer.FromRecords([$"v=STSv1; id=1; x={Evil}"]), TxtAnswer.FromRecords([$"v=stsv1; id={Evil}"]),
        TxtAnswer.FromRecords([Evil, $"\"v=STSv1; {Evil}"]),
        TxtAnswer.FromRecords(["v=STSv1; id=1", "v=STSv1; id=2"]),
    ];

    private static readonly FetchResult[] Fetches =
    [
        .. Enum.GetValues<FetchStatus>().Where(static status => status is not FetchStatus.Ok).Select(FetchResult.Failed),
        FetchResult.FromResponse(200, Evil, default),
        FetchResult.FromResponse(503, Evil, Encoding.UTF8.GetBytes(Evil)),
        FetchResult.FromResponse(int.MinValue, $"text/{new string('a', 10_000)}", default),
        FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes($"version: {Evil}")),
        Fetched(EvilPolicy),
    ];

    private static readonly Publication[] Publications =
    [
        .. Fetches.SelectMany(static fetch => Answers.Select(txt => new Publication(fetch)
        {
            Domain = PolicyDomain.Parse("example.com"),
            Txt = txt,
            MxHosts = [Evil, "10 mail.example.com", "."],
        })),
    ];

    private static readonly CachedPolicy[] Entries =
    [
        new(Id, EvilPolicy, Noon), new(Id, EvilPolicy, DateTimeOffset.MaxValue), MakeFailure(Noon), MakeFailure(Noon, id: null),
        MakeEntry().With(new(Id, Noon), new(null, DateTimeOffset.MinValue)),
    ];

    private static readonly DiscoveredPolicy[] Discovered =
    [
        new(PolicyDomain.Parse("example.com")),
        .. Entries.Select(static entry => new DiscoveredPolicy(PolicyDomain.Parse("b\u00FCcher.example"))
        {
            Entry = entry,
            Failure = TlsFailure.StsPolicyFetchError,
            ShouldAlert = true,
            IsUncertain = true,
            Refresh = Task.FromException<DiscoveredPolicy>(new InvalidOperationException(Evil)),
        }),
    ];

    private static readonly DiscoveryEvent[] Events =
    [
        .. Enum.GetValues<DiscoveryEventKind>().SelectMany(static kind => Fetches.Select(fetch =>
            new DiscoveryEvent(kind, PolicyDomain.Parse("example.com"))
            {
                Exception = new InvalidOperationException(Evil, new IOException(Evil)),
                Fetch = fetch,
                ShouldAlert = true,
            })),
        new(DiscoveryEventKind.LookupFailed, PolicyDomain.Parse("example.com")),
        new((DiscoveryEventKind)int.MinValue, PolicyDomain.Parse("example.com")) { Exception = new InvalidOperationException("") },
    ];

    // Every instance that hostile input can produce, by type.
    private static readonly object[] Instances =
    [
        .. Answers, .. Fetches, .. Entries,
        .. Entries.SelectMany(static entry => Answers.Select(txt => PolicyRefresh.Plan(entry, txt, Noon + TimeSpan.FromDays(1))))
            .Cast<object>(),
        .. Entries.SelectMany(static entry => Fetches.Select(fetch => PolicyRefresh.Complete(entry, Found("2"), fetch, Noon)))
            .Cast<object>(),
        default(RefreshPlan), default(RefreshResult), default(CacheLoadResult), default(Decision), default(MxPattern),
        default(ParseError), default(MxPatternList),
        EvilPolicy.Mx, EvilPolicy.Mx.GetEnumerator(), EvilPolicy.Mx[0],
        .. Enum.GetValues<TlsOutcome>().Select(static tls => Sts.Enforce(EvilPolicy, "mx.example.com", tls)).Cast<object>(),
        Sts.Enforce(EvilPolicy, Evil),
        StsRecord.Parse("v=STSv1; id=1; x=!~"), PolicyDomain.Parse("b\u00FCcher.example"),
        Error($"v=STSv1; {Evil}"), Error(Evil), Error(Evil[1..]), Error(Evil[2..]),
        EvilPolicy.Explain(Evil), EvilPolicy.Explain($"{Evil}.example.com"), EvilPolicy.Explain("a.b.example.com"),
        EvilPolicy.Explain("mx.example.com"),
        .. EvilPolicy.Explain($"{Evil}.example.com").NearMisses, .. EvilPolicy.Explain("example.com").NearMisses,
        .. PolicyLint.Check($"version: {Evil}\n{Evil}: {Evil}\n#{Evil}\nmx: {Evil}\nmod\u00E9: {Evil}\n"),
        .. Publications, .. Publications.SelectMany(PolicyLint.Check),
        PolicyRollover.Check(EvilPolicy, StsRecord.Parse("v=STSv1; id=1"), next: null, StsRecord.Parse("v=STSv1; id=1"), [Evil]),
        new InMemoryCache(), new InMemoryCacheOptions(),
        .. Discovered, .. Events,
        new PolicyDiscovery(new InMemoryCache(), new InstantSource()), new PolicyDiscoveryOptions(),
        new TieredCache(new InMemoryCache(), new InMemoryCache()), new TieredCacheOptions(),
    ];

    // Types without an instance above; each row says why.
    private static readonly Dictionary<Type, string> Exceptions = new()
    {
        [typeof(Policy)] = "its text is its file: several lines that parse to an equal policy",
        [typeof(MtaStsFormatException)] = "its text contains a stack trace; its message is checked below",
    };

    [Fact]
    public void ToString_OfEveryPublicType_IsOneLineOfPrintableAscii()
    {
        foreach (object instance in Instances)
        {
            string text = $"{instance}";

            text.Should().MatchRegex("^[ -~]*\\z", "the text of a {0} is written to logs", instance.GetType());
        }
    }

    [Fact]
    public void Instances_CoverAllPublicTypes()
    {
        IEnumerable<Type> expected = typeof(Sts).Assembly.GetExportedTypes()
            .Where(static type => !type.IsInterface && !type.IsEnum && !(type.IsAbstract && type.IsSealed)) // no static classes
            .Except(Exceptions.Keys);

        Instances.Select(static instance => instance.GetType()).Distinct().Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void Message_OfAnException_IsOneLineOfPrintableAscii()
    {
        MtaStsFormatException[] thrown =
        [
            Assert.Throws<MtaStsFormatException>(static () => Policy.Parse(Evil)),
            Assert.Throws<MtaStsFormatException>(static () => StsRecord.Parse(Evil)),
            Assert.Throws<MtaStsFormatException>(static () => MxPattern.Parse(Evil)),
            Assert.Throws<MtaStsFormatException>(static () => PolicyDomain.Parse(Evil)),
        ];
        thrown.Select(static exception => exception.Message)
            .Should().OnlyContain(static message => message.All(static c => c >= ' ' && c <= '~'));
    }

    private static ParseError Error(string text)
    {
        Policy.TryParse(text, out _, out ParseError error).Should().BeFalse();
        return error;
    }
}
