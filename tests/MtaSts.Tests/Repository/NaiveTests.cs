using System.Text;
using MtaSts.Benchmarks;

namespace MtaSts.Tests;

/// <summary>Checks that the baseline of the benchmarks returns the same answers as the library.</summary>
/// <remarks>A comparison of speed has no meaning otherwise.</remarks>
public sealed class NaiveTests
{
    public static TheoryData<string> Records =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", "records.txt")),
        .. WorstCaseInputs.Records.Values,
        TypicalInputs.Record,
        TypicalInputs.BadRecord,
        TypicalInputs.OtherRecord,
        "",
        "v=STSv1;",
        "v=STSv1;;id=a",
        "v=STSv1; id=a;;",
        "v=STSv1; id=a; ;",
        "v=STSv1; id=a ",                    // Whitespace at the end needs a semicolon before it.
        "v=STSv1; id=a; ",
        " v=STSv1; id=a",
        "v=STSv1 ; id=a ; x=1 ; x=2 ; id=b", // The first field of a name counts.
        "v=STSv1; id=a; id=_",               // The grammar counts later ones as extensions.
        "v=STSv1; id=a; v=b",
        "v=STSv1; id=a; x=",
        "v=STSv1; id=a; =x",
        "v=STSv1; id=a; x=1=2",
        "v=STSv1; id = a",
        "v=STSv1; id=a; -x=1",
        "v=STSv1; ID=a",
        "v=STSv1; x=1",
        "v=STSv1; id=abcdefghijklmnopqrstuvwxyz0123456",  // 33 characters.
        "v=STSv1; id=a; abcdefghijklmnopqrstuvwxyz0123456=b",
        "v=stsv1; id=a",
        "v=STSv1; id=é",
        "v=STSv1; id=a\n",
    ];

    public static TheoryData<string> Policies =>
    [
        .. WorstCaseInputs.Policies.Values,
        WorstCaseInputs.MostPatterns,
        WorstCaseInputs.LongScan,
        TypicalInputs.Policy,
        TypicalInputs.BadPolicy,
        TypicalInputs.LargePolicy,
        TypicalInputs.LargeBadPolicy,
        TypicalInputs.LargePolicy + TypicalInputs.Policy,    // Over 64 KiB.
        TypicalInputs.ShortNamePolicyOf(4_096),
        TypicalInputs.WebPage,
        "",
        "\uFEFF" + TypicalInputs.Policy,
        TypicalInputs.Policy.Replace("\n", "\r\n", StringComparison.Ordinal),
        TypicalInputs.Policy + "\r",                 // A carriage return without its line feed.
        TypicalInputs.Policy + "\n \n# comment\t\n",
        TypicalInputs.Policy + "# \0\n",
        TypicalInputs.Policy + "mode: none\nmax_age: x\nversion: y\n",
        TypicalInputs.Policy + "mode:\n",
        TypicalInputs.Policy + "x: 1\nx: 2\nX: 3\n",
        TypicalInputs.Policy + "x: 1\t2\n",
        TypicalInputs.Policy + "x: é\n",
        TypicalInputs.Policy + "x y: 1\n",
        TypicalInputs.Policy + ": 1\n",
        TypicalInputs.Policy + " mx\t:\tMX.Example.COM. \n",
        TypicalInputs.Policy + "mx: \n",
        TypicalInputs.Policy + "mx: .\n",
        TypicalInputs.Policy + "mx: *\n",
        TypicalInputs.Policy + "mx: a..b\n",
        TypicalInputs.Policy + "mx: a_b.example\n",
        TypicalInputs.Policy + "mx: -a.example\n",
        TypicalInputs.Policy + "mx: a-.example\n",
        TypicalInputs.Policy + "mx: a.*.example\n",
        TypicalInputs.Policy + "mx: [192.0.2.1]\n",
        TypicalInputs.Policy + "mx: 192.0.2.1\n",    // Labels of digits are a Domain.
        TypicalInputs.Policy + "mx: a.example # b\n",
        TypicalInputs.Policy + "mx: bücher.example\n",
        TypicalInputs.Policy + $"mx: {new string('a', 64)}.example\n",
        TypicalInputs.Policy.Replace("604800", "4294967295", StringComparison.Ordinal),
        TypicalInputs.Policy.Replace("604800", "42949672950", StringComparison.Ordinal),
        TypicalInputs.Policy.Replace("604800", "-1", StringComparison.Ordinal),
        TypicalInputs.Policy.Replace("enforce", "Enforce", StringComparison.Ordinal),
        TypicalInputs.Policy.Replace("STSv1", "STSv2", StringComparison.Ordinal),
        TypicalInputs.Policy.Replace("version", "Version", StringComparison.Ordinal),
        "version: STSv1\nmode: none\nmax_age: 0",
        "version: STSv1\nmode: testing\nmax_age: 0",
    ];

    public static TheoryData<string> Patterns =>
    [
        "mail.example.com", "Mail.example.COM", "*.example.com", "*.EXAMPLE.com", "mail.example.com.", "*", "*.", "", "*.*.com",
        "m*.example.com", ".example.com",
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public void RecordParse_AnyText_GivesTheLibrarysAnswer(string text)
    {
        NaiveRecord? naive = NaiveRecord.Parse(text);

        StsRecord.TryParse(text, out StsRecord? record).Should().Be(naive is not null);
        record?.Id.Should().Be(naive!.Id);
        record?.Extensions.Should().Equal(naive!.Extensions);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void PolicyParse_AnyText_GivesTheLibrarysAnswer(string text)
    {
        Compare(NaivePolicy.Parse(text), Policy.TryParse(text, out Policy? policy), policy);

        byte[] utf8Text = Encoding.UTF8.GetBytes(text);
        Compare(NaivePolicy.Parse(utf8Text), Policy.TryParse(utf8Text, out policy), policy);
    }

    [Fact]
    public void PolicyParse_Corpus_GivesTheLibrarysAnswer()
    {
        foreach (byte[] file in CorpusFindingsTests.PolicyFiles().Select(File.ReadAllBytes))
        {
            Compare(NaivePolicy.Parse(file), Policy.TryParse(file, out Policy? policy), policy);
        }
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void MxMatches_AsciiHost_GivesTheLibrarysAnswer(string pattern)
    {
        foreach (string host in (string[])
            [
                "mail.example.com", "MAIL.Example.COM", "mail.example.com.", "mail.example.com..", "example.com", ".example.com",
                "a.b.example.com", "xmail.example.com", "a b.example.com", "a\0.example.com", "", ".", "com", "mail.example.comm",
            ])
        {
            NaiveSts.MxMatches(host, pattern).Should().Be(Sts.MxMatches(host, pattern), "the host is {0}", host);
        }
    }

    [Theory]
    [InlineData("enforce")]
    [InlineData("testing")]
    [InlineData("none")]
    public void Enforce_AnyMode_GivesTheLibrarysAnswer(string mode)
    {
        foreach (string text in (string[])[TypicalInputs.Policy, TypicalInputs.ThousandPatterns, TypicalInputs.ShortNamePolicyOf(4_096)])
        {
            string file = text.Replace("enforce", mode, StringComparison.Ordinal);
            foreach (string host in (string[])
                [
                    TypicalInputs.FirstHost, TypicalInputs.LastHost, TypicalInputs.NoHost, TypicalInputs.ShortNameLastHost(4_096),
                    .. TypicalInputs.ThousandLastHosts, .. TypicalInputs.ThousandNoHosts, .. TypicalInputs.ShortNameNoHosts,
                ])
            {
                (Verdict verdict, string? matched) = NaiveSts.Enforce(NaivePolicy.Parse(file), host);

                Decision decision = Sts.Enforce(Policy.Parse(file), host);
                decision.Verdict.Should().Be(verdict);
                decision.MatchedPattern?.ToString().Should().Be(matched);
            }
        }
    }

    [Fact]
    public void Cache_AnySpellingInAscii_GivesTheLibrarysAnswer()
    {
        string[] domains = TypicalInputs.Domains(10);
        InMemoryCache cache = Caches.Of(domains);
        NaiveCache naive = Caches.NaiveOf(domains);
        IEnumerable<string> otherSpellings = domains.Select(static domain => domain.ToUpperInvariant() + ".");
        foreach (string domain in (string[])[.. domains, .. otherSpellings, TypicalInputs.NoHost, ""])
        {
            naive.TryGet(domain, out _).Should().Be(cache.TryGet(domain, out _));
        }
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("example.net", false)] // not cached
    public async Task Discovery_NothingToFetch_GivesTheLibrarysAnswer(string name, bool isCached)
    {
        PolicyDomain domain = PolicyDomain.Parse(name);
        InMemoryCache cache = Caches.FreshOf(PolicyDomain.Parse("example.com"));
        InstantSource source = new() { Fetch = Task.FromResult(FetchResult.Failed(FetchStatus.NotFound)) };
        await using PolicyDiscovery discovery = new(cache, source);

        Policy? naive = await new NaiveDiscovery(cache, source).DiscoverAsync(domain);

        (naive is not null).Should().Be(isCached);
        (await discovery.DiscoverAsync(domain)).Policy.Should().Be(naive);
    }

    private static void Compare(NaivePolicy? naive, bool accepted, Policy? policy)
    {
        accepted.Should().Be(naive is not null);
        if (policy is not null)
        {
            policy.Mode.Should().Be(naive!.Mode);
            policy.MaxAge.TotalSeconds.Should().Be(naive.MaxAge);
            policy.Mx.Select(static pattern => pattern.ToString()).Should().Equal(naive.Mx);
            policy.Extensions.Should().Equal(naive.Extensions);
        }
    }
}
