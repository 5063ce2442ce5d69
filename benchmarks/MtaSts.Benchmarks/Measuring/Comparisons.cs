using System.Text;
using static MtaSts.Benchmarks.Operations;

namespace MtaSts.Benchmarks;

/// <summary>Contains the rows of BUDGETS.md, except the memory of a cached domain.</summary>
internal static class Comparisons
{
    private const int CachedDomains = 100_000;

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly byte[] Utf8Policy = Utf8(TypicalInputs.Policy);
    private static readonly byte[] Utf8LargePolicy = Utf8(TypicalInputs.LargePolicy);

    /// <summary>Creates all comparisons, those with typical inputs first.</summary>
    public static IReadOnlyList<Comparison> All() =>
    [
        .. ToNaive().Select(static comparison => comparison with { IsTypical = true }),
        .. RejectingToAccepting(),
        .. Growth(),
        .. WorstCases(),
    ];

    /// <summary>Compares with the straightforward C#.</summary>
    private static IEnumerable<Comparison> ToNaive()
    {
        yield return Comparison.Of("record", new ParseRecord(TypicalInputs.Record), new NaiveParseRecord(TypicalInputs.Record));
        yield return Comparison.Of("policy-chars", new ParsePolicy(TypicalInputs.Policy), new NaiveParsePolicy(TypicalInputs.Policy));
        yield return Comparison.Of("policy-utf8", new ParseUtf8Policy(Utf8Policy), new NaiveParseUtf8Policy(Utf8Policy));
        yield return Comparison.Of(
            "policy-64k-chars", new ParsePolicy(TypicalInputs.LargePolicy), new NaiveParsePolicy(TypicalInputs.LargePolicy));
        yield return Comparison.Of("policy-64k-utf8", new ParseUtf8Policy(Utf8LargePolicy), new NaiveParseUtf8Policy(Utf8LargePolicy));
        yield return MatchToNaive("match-literal", TypicalInputs.FirstHost, TypicalInputs.FirstHost);
        yield return MatchToNaive("match-wildcard", TypicalInputs.WildcardHost, TypicalInputs.Wildcard);
        yield return MatchToNaive("match-miss", TypicalInputs.TooDeepHost, TypicalInputs.Wildcard);
        yield return EnforceToNaive("enforce-first", TypicalInputs.FirstHost);
        yield return EnforceToNaive("enforce-last", TypicalInputs.LastHost);
        yield return EnforceToNaive("enforce-none", TypicalInputs.NoHost);
        yield return EnforceThousandToNaive("enforce-1000-last", TypicalInputs.ThousandLastHosts);
        yield return EnforceThousandToNaive("enforce-1000-none", TypicalInputs.ThousandNoHosts);

        string[] domains = TypicalInputs.Domains(CachedDomains);
        InMemoryCache cache = Caches.Of(domains);
        NaiveCache naive = Caches.NaiveOf(domains);
        yield return Comparison.Of("cache-hit", new LookUp(cache, domains[0]), new NaiveLookUp(naive, domains[0]));
        yield return Comparison.Of("cache-miss", new LookUp(cache, TypicalInputs.NoHost), new NaiveLookUp(naive, TypicalInputs.NoHost));

        InMemoryCache fresh = Caches.FreshOf(Domain);
        InstantSource source = new();
        yield return Comparison.Of(
            "discover-cached",
            new Discover(new(fresh, source), Domain),
            new NaiveDiscover(new NaiveDiscovery(fresh, source), Domain));
    }

    /// <summary>Compares invalid texts with valid ones of the same kind.</summary>
    private static IEnumerable<Comparison> RejectingToAccepting()
    {
        ParseRecord record = new(TypicalInputs.Record);
        yield return Comparison.Of("reject-bad-record", new ParseRecord(TypicalInputs.BadRecord), record);
        yield return Comparison.Of("reject-other-record", new ParseRecord(TypicalInputs.OtherRecord), record);

        ParseRecordWithError recordWithError = new(TypicalInputs.Record);
        yield return Comparison.Of("error-bad-record", new ParseRecordWithError(TypicalInputs.BadRecord), recordWithError);
        yield return Comparison.Of("error-other-record", new ParseRecordWithError(TypicalInputs.OtherRecord), recordWithError);

        byte[] utf8BadPolicy = Utf8(TypicalInputs.BadPolicy);
        ParseUtf8Policy utf8Policy = new(Utf8Policy);
        yield return Comparison.Of(
            "reject-bad-policy-chars", new ParsePolicy(TypicalInputs.BadPolicy), new ParsePolicy(TypicalInputs.Policy));
        yield return Comparison.Of("reject-bad-policy-utf8", new ParseUtf8Policy(utf8BadPolicy), utf8Policy);
        yield return Comparison.Of("reject-web-page-utf8", new ParseUtf8Policy(Utf8(TypicalInputs.WebPage)), utf8Policy);

        yield return Comparison.Of(
            "error-bad-policy-chars", new ParsePolicyWithError(TypicalInputs.BadPolicy), new ParsePolicyWithError(TypicalInputs.Policy));
        yield return Comparison.Of(
            "error-bad-policy-utf8", new ParseUtf8PolicyWithError(utf8BadPolicy), new ParseUtf8PolicyWithError(Utf8Policy));

        yield return Comparison.Of(
            "reject-bad-policy-64k-utf8", new ParseUtf8Policy(Utf8(TypicalInputs.LargeBadPolicy)), new ParseUtf8Policy(Utf8LargePolicy));
        yield return Comparison.Of("reject-too-large-utf8", new ParseUtf8Policy([.. Utf8LargePolicy, .. Utf8Policy]), utf8Policy);
    }

    /// <summary>Compares with the same operation on less.</summary>
    private static IEnumerable<Comparison> Growth()
    {
        foreach (int patterns in (int[])[17, 4_096])
        {
            yield return Comparison.Of(
                $"enforce-{patterns}-last-to-16",
                new Enforce(TypicalInputs.ShortNamePolicyOf(patterns), TypicalInputs.ShortNameLastHost(patterns)),
                new Enforce(TypicalInputs.ShortNamePolicyOf(16), TypicalInputs.ShortNameLastHost(16)));
            yield return Comparison.Of(
                $"enforce-{patterns}-none-to-16",
                new EnforceInTurn(TypicalInputs.ShortNamePolicyOf(patterns), TypicalInputs.ShortNameNoHosts),
                new EnforceInTurn(TypicalInputs.ShortNamePolicyOf(16), TypicalInputs.ShortNameNoHosts));
        }

        string small = TypicalInputs.PolicyOfSize(4_096);
        yield return Comparison.Of("policy-64k-to-4k-chars", new ParsePolicy(TypicalInputs.LargePolicy), new ParsePolicy(small));
        yield return Comparison.Of("policy-64k-to-4k-utf8", new ParseUtf8Policy(Utf8LargePolicy), new ParseUtf8Policy(Utf8(small)));

        yield return Comparison.Of(
            "explain-64k-to-4k", new Explain(TypicalInputs.LargePolicy, TypicalInputs.NoHost), new Explain(small, TypicalInputs.NoHost));
        yield return LintToSmaller("lint-16k-to-4k-typos", "ms:\n");
        yield return LintToSmaller("lint-16k-to-4k-bad-patterns", "mx:1\n");

        string[] domains = TypicalInputs.Domains(CachedDomains);
        yield return Comparison.Of(
            "cache-hit-100000-to-1", new LookUp(Caches.Of(domains), domains[0]), new LookUp(Caches.Of(domains[..1]), domains[0]));

        // What a discovery adds to the cache alone, and what listeners add to a discovery.
        InMemoryCache fresh = Caches.FreshOf(Domain);
        InstantSource source = new();
        Discover discover = new(new(fresh, source), Domain);
        yield return Comparison.Of("discover-cached-to-get", discover, new Get(fresh, Domain));
        yield return Comparison.Of(
            "discover-heard-to-cached", new Discover(new(fresh, source, new() { MeterFactory = new HeardMeters() }), Domain), discover);
    }

    /// <summary>Compares times per byte with the typical policy of 64 KiB.</summary>
    private static IEnumerable<Comparison> WorstCases()
    {
        foreach ((string name, string text) in WorstCaseInputs.Policies)
        {
            byte[] utf8Text = Utf8(text);
            yield return PerByteToChars($"worst-policy-{name}-chars", new ParsePolicy(text));
            yield return PerByteToUtf8($"worst-policy-{name}-utf8", new ParseUtf8Policy(utf8Text));
            if (name.StartsWith("bad", StringComparison.Ordinal))
            {
                yield return PerByteToChars($"worst-policy-{name}-error-chars", new ParsePolicyWithError(text));
                yield return PerByteToUtf8($"worst-policy-{name}-error-utf8", new ParseUtf8PolicyWithError(utf8Text));
            }
        }

        foreach ((string name, string text) in WorstCaseInputs.Records)
        {
            yield return PerByteToChars($"worst-record-{name}", new ParseRecord(text));
        }

        yield return PerByteToChars(
            "worst-enforce-first-time", new ParseAndEnforce(WorstCaseInputs.MostPatterns, TypicalInputs.NoHost));
        yield return PerByteToChars(
            "worst-enforce-long-scan", new Enforce(WorstCaseInputs.LongScan, WorstCaseInputs.LongScanHost), WorstCaseInputs.LongScanSize);
        yield return PerByteToChars(
            "worst-enforce-long-host", new Enforce(TypicalInputs.ThousandPatterns, WorstCaseInputs.LongHost));
        yield return PerByteToChars(
            "worst-enforce-long-host-scan", new Enforce(WorstCaseInputs.Wildcards, WorstCaseInputs.WildcardsHost));
        yield return PerByteToChars(
            "worst-enforce-long-dotted-host", new Enforce(TypicalInputs.ThousandPatterns, WorstCaseInputs.LongDottedHost));

        // To the conversion into A-labels, which no sender can avoid.
        yield return Comparison.Of(
            "worst-enforce-international-host",
            new Enforce(TypicalInputs.ThousandPatterns, WorstCaseInputs.InternationalHost),
            new ToALabels(WorstCaseInputs.InternationalHost));
    }

    private static Comparison MatchToNaive(string id, string mxHost, string pattern) =>
        Comparison.Of(id, new Match(mxHost, pattern), new NaiveMatch(mxHost, pattern));

    private static Comparison EnforceToNaive(string id, string mxHost) =>
        Comparison.Of(id, new Enforce(TypicalInputs.Policy, mxHost), new NaiveEnforce(TypicalInputs.Policy, mxHost));

    private static Comparison EnforceThousandToNaive(string id, string[] mxHosts) => Comparison.Of(
        id, new EnforceInTurn(TypicalInputs.ThousandPatterns, mxHosts), new NaiveEnforceInTurn(TypicalInputs.ThousandPatterns, mxHosts));

    private static Comparison LintToSmaller(string id, string line) => Comparison.Of(
        id, new Lint(Utf8(TypicalInputs.Policy + Repeat(line, 16_000))), new Lint(Utf8(TypicalInputs.Policy + Repeat(line, 4_000))));

    private static Comparison PerByteToChars<T>(string id, T operation, int size = WorstCaseInputs.Size)
        where T : struct, IOperation => PerByte(Comparison.Of(id, operation, new ParsePolicy(TypicalInputs.LargePolicy)), size);

    private static Comparison PerByteToUtf8<T>(string id, T operation)
        where T : struct, IOperation => PerByte(Comparison.Of(id, operation, new ParseUtf8Policy(Utf8LargePolicy)), WorstCaseInputs.Size);

    private static Comparison PerByte(Comparison comparison, int size) =>
        comparison with { OperationSize = size, BaselineSize = TypicalInputs.LargePolicy.Length };

    private static string Repeat(string line, int size) => string.Concat(Enumerable.Repeat(line, size / line.Length));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
