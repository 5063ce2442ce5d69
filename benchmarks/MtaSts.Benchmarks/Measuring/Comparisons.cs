using System.Text;

namespace MtaSts.Benchmarks;

/// <summary>All that BUDGETS.md holds the library to, but for the memory of a cached domain.</summary>
internal static class Comparisons
{
    private const int CachedDomains = 100_000;

    private static readonly byte[] Utf8Policy = Encoding.UTF8.GetBytes(TypicalInputs.Policy);
    private static readonly byte[] Utf8LargePolicy = Encoding.UTF8.GetBytes(TypicalInputs.LargePolicy);

    public static IReadOnlyList<Comparison> All() =>
        [.. ToNaive().Select(static comparison => comparison with { IsUsual = true }), .. RefusingToAccepting(), .. Growth(), .. WorstCases()];

    /// <summary>To the straightforward C#.</summary>
    private static IEnumerable<Comparison> ToNaive()
    {
        yield return new("record", Operations.ReadRecord(TypicalInputs.Record), Operations.ReadRecordNaively(TypicalInputs.Record));
        yield return new("policy-chars", Operations.ReadPolicy(TypicalInputs.Policy), Operations.ReadPolicyNaively(TypicalInputs.Policy));
        yield return new("policy-utf8", Operations.ReadPolicy(Utf8Policy), Operations.ReadPolicyNaively(Utf8Policy));
        yield return new("policy-64k-chars", Operations.ReadPolicy(TypicalInputs.LargePolicy), Operations.ReadPolicyNaively(TypicalInputs.LargePolicy));
        yield return new("policy-64k-utf8", Operations.ReadPolicy(Utf8LargePolicy), Operations.ReadPolicyNaively(Utf8LargePolicy));
        yield return Match("match-literal", TypicalInputs.FirstHost, TypicalInputs.FirstHost);
        yield return Match("match-wildcard", TypicalInputs.WildcardHost, TypicalInputs.Wildcard);
        yield return Match("match-miss", TypicalInputs.TooDeepHost, TypicalInputs.Wildcard);
        yield return Enforce("enforce-first", TypicalInputs.Policy, TypicalInputs.FirstHost);
        yield return Enforce("enforce-last", TypicalInputs.Policy, TypicalInputs.LastHost);
        yield return Enforce("enforce-none", TypicalInputs.Policy, TypicalInputs.NoHost);
        yield return Enforce("enforce-1000-last", TypicalInputs.ThousandPatterns, TypicalInputs.ThousandLastHosts);
        yield return Enforce("enforce-1000-none", TypicalInputs.ThousandPatterns, TypicalInputs.ThousandNoHosts);

        string[] domains = TypicalInputs.Domains(CachedDomains);
        InMemoryCache cache = Caches.Of(domains);
        NaiveCache naive = Caches.NaiveOf(domains);
        yield return new("cache-hit", Operations.LookUp(cache, domains[0]), Operations.LookUp(naive, domains[0]));
        yield return new("cache-miss", Operations.LookUp(cache, TypicalInputs.NoHost), Operations.LookUp(naive, TypicalInputs.NoHost));
    }

    /// <summary>To the same text without what is wrong with it; other records and web pages to the usual record and policy.</summary>
    private static IEnumerable<Comparison> RefusingToAccepting()
    {
        Repeated record = Operations.ReadRecord(TypicalInputs.Record);
        yield return new("refuse-bad-record", Operations.ReadRecord(TypicalInputs.BadRecord), record);
        yield return new("refuse-other-record", Operations.ReadRecord(TypicalInputs.OtherRecord), record);

        Repeated recordOrError = Operations.ReadRecordOrError(TypicalInputs.Record);
        yield return new("error-bad-record", Operations.ReadRecordOrError(TypicalInputs.BadRecord), recordOrError);
        yield return new("error-other-record", Operations.ReadRecordOrError(TypicalInputs.OtherRecord), recordOrError);

        byte[] badUtf8 = Encoding.UTF8.GetBytes(TypicalInputs.BadPolicy);
        Repeated policyChars = Operations.ReadPolicy(TypicalInputs.Policy);
        Repeated policyUtf8 = Operations.ReadPolicy(Utf8Policy);
        yield return new("refuse-bad-policy-chars", Operations.ReadPolicy(TypicalInputs.BadPolicy), policyChars);
        yield return new("refuse-bad-policy-utf8", Operations.ReadPolicy(badUtf8), policyUtf8);
        yield return new("refuse-web-page-utf8", Operations.ReadPolicy(Encoding.UTF8.GetBytes(TypicalInputs.WebPage)), policyUtf8);

        yield return new("error-bad-policy-chars", Operations.ReadPolicyOrError(TypicalInputs.BadPolicy), Operations.ReadPolicyOrError(TypicalInputs.Policy));
        yield return new("error-bad-policy-utf8", Operations.ReadPolicyOrError(badUtf8), Operations.ReadPolicyOrError(Utf8Policy));

        byte[] bad = Encoding.UTF8.GetBytes(TypicalInputs.LargeBadPolicy);
        yield return new("refuse-bad-policy-64k-utf8", Operations.ReadPolicy(bad), Operations.ReadPolicy(Utf8LargePolicy));
        yield return new("refuse-too-large-utf8", Operations.ReadPolicy([.. Utf8LargePolicy, .. Utf8Policy]), policyUtf8);
    }

    /// <summary>To the same with less.</summary>
    private static IEnumerable<Comparison> Growth()
    {
        foreach (int patterns in (int[])[17, 4_096])
        {
            yield return new(
                $"enforce-{patterns}-last-to-16",
                Operations.Enforce(TypicalInputs.ShortNamePolicyOf(patterns), TypicalInputs.ShortNameLastHost(patterns)),
                Operations.Enforce(TypicalInputs.ShortNamePolicyOf(16), TypicalInputs.ShortNameLastHost(16)));
            yield return new(
                $"enforce-{patterns}-none-to-16",
                Operations.Enforce(TypicalInputs.ShortNamePolicyOf(patterns), TypicalInputs.ShortNameNoHosts),
                Operations.Enforce(TypicalInputs.ShortNamePolicyOf(16), TypicalInputs.ShortNameNoHosts));
        }

        string small = TypicalInputs.PolicyOfSize(4_096);
        yield return new("policy-64k-to-4k-chars", Operations.ReadPolicy(TypicalInputs.LargePolicy), Operations.ReadPolicy(small));
        yield return new("policy-64k-to-4k-utf8", Operations.ReadPolicy(Utf8LargePolicy), Operations.ReadPolicy(Encoding.UTF8.GetBytes(small)));

        yield return new("explain-64k-to-4k", Operations.Explain(TypicalInputs.LargePolicy, TypicalInputs.NoHost), Operations.Explain(small, TypicalInputs.NoHost));
        yield return Lint("typos", "ms:\n");
        yield return Lint("bad-patterns", "mx:1\n");

        string[] domains = TypicalInputs.Domains(CachedDomains);
        yield return new("cache-hit-100000-to-1", Operations.LookUp(Caches.Of(domains), domains[0]), Operations.LookUp(Caches.Of(domains[..1]), domains[0]));
    }

    /// <summary>By the byte, to the usual policy of 64 KiB.</summary>
    private static IEnumerable<Comparison> WorstCases()
    {
        Repeated chars = Operations.ReadPolicy(TypicalInputs.LargePolicy);
        Repeated utf8 = Operations.ReadPolicy(Utf8LargePolicy);
        foreach ((string name, string text) in WorstCaseInputs.Policies)
        {
            yield return PerByte($"worst-policy-{name}-chars", Operations.ReadPolicy(text), WorstCaseInputs.Size, chars);
            yield return PerByte($"worst-policy-{name}-utf8", Operations.ReadPolicy(Encoding.UTF8.GetBytes(text)), WorstCaseInputs.Size, utf8);
            if (name.StartsWith("bad", StringComparison.Ordinal))
            {
                yield return PerByte($"worst-policy-{name}-error-chars", Operations.ReadPolicyOrError(text), WorstCaseInputs.Size, chars);
                yield return PerByte($"worst-policy-{name}-error-utf8", Operations.ReadPolicyOrError(Encoding.UTF8.GetBytes(text)), WorstCaseInputs.Size, utf8);
            }
        }

        foreach ((string name, string text) in WorstCaseInputs.Records)
        {
            yield return PerByte($"worst-record-{name}", Operations.ReadRecord(text), WorstCaseInputs.Size, chars);
        }

        yield return PerByte("worst-enforce-first-time", Operations.ReadAndEnforce(WorstCaseInputs.MostPatterns, TypicalInputs.NoHost), WorstCaseInputs.Size, chars);
        yield return PerByte("worst-enforce-long-scan", Operations.Enforce(WorstCaseInputs.LongScan, WorstCaseInputs.LongScanHost), WorstCaseInputs.LongScanSize, chars);
        yield return PerByte("worst-enforce-long-host", Operations.Enforce(TypicalInputs.ThousandPatterns, WorstCaseInputs.LongHost), WorstCaseInputs.Size, chars);
        yield return PerByte("worst-enforce-long-host-scan", Operations.Enforce(WorstCaseInputs.Wildcards, WorstCaseInputs.WildcardsHost), WorstCaseInputs.Size, chars);
        yield return PerByte("worst-enforce-long-dotted-host", Operations.Enforce(TypicalInputs.ThousandPatterns, WorstCaseInputs.LongDottedHost), WorstCaseInputs.Size, chars);

        // Not by the byte: how much more than turning the name into A-labels, which nobody is spared.
        yield return new(
            "worst-enforce-international-host",
            Operations.Enforce(TypicalInputs.ThousandPatterns, WorstCaseInputs.InternationalHost),
            Operations.ToALabels(WorstCaseInputs.InternationalHost));
    }

    private static Comparison Match(string id, string mxHost, string pattern) =>
        new(id, Operations.Match(mxHost, pattern), Operations.MatchNaively(mxHost, pattern));

    private static Comparison Enforce(string id, string policy, string mxHost) =>
        new(id, Operations.Enforce(policy, mxHost), Operations.EnforceNaively(policy, mxHost));

    private static Comparison Enforce(string id, string policy, string[] mxHosts) =>
        new(id, Operations.Enforce(policy, mxHosts), Operations.EnforceNaively(policy, mxHosts));

    private static Comparison PerByte(string id, Repeated operation, int size, Repeated usual) =>
        new(id, operation, usual) { OperationSize = size, BaselineSize = TypicalInputs.LargePolicy.Length };

    private static Comparison Lint(string id, string line) =>
        new($"lint-16k-to-4k-{id}", Operations.Lint(TypicalInputs.Policy + Repeat(line, 16_000)), Operations.Lint(TypicalInputs.Policy + Repeat(line, 4_000)));

    private static string Repeat(string line, int size) => string.Concat(Enumerable.Repeat(line, size / line.Length));
}
