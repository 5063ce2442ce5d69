using System.Globalization;
using Xunit.Abstractions;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the memory that a cached domain takes.</summary>
[Collection(nameof(SerialCollection))]
public class InMemoryCacheSizeTests(ITestOutputHelper output)
{
    private const int Domains = 100_000;
    private const int MostBytesPerDomain = 345;
    private const string Record = "v=STSv1; id=20200101T000000Z";

    private static readonly byte[] PolicyFile =
        "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: backup.example.com\nmx: *.mx.example.net\nmax_age: 604800\n"u8.ToArray();

    [Fact]
    public void HundredThousandDomains_TakeWithinTheBudget()
    {
        Fill(10, out _); // objects that are created once do not count
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Fill(Domains, out InMemoryCache cache);

        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Domains;
        cache.Count.Should().Be(Domains);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes:F1} bytes per domain, policy of three MX patterns included"));
        bytes.Should().BeInRange(100, MostBytesPerDomain);
    }

    [Fact]
    public void EvictedAndRemovedDomains_TakeNothing()
    {
        InMemoryCache cache = new(new() { Capacity = 100, TimeProvider = new FakeTimeProvider(Noon) });
        CachedPolicy entry = MakeEntry();
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 0; i < 20_000; i++)
        {
            string domain = string.Create(CultureInfo.InvariantCulture, $"domain{i}.example");
            cache.Set(domain, entry);
            if (i % 2 == 0)
            {
                cache.Remove(domain).Should().BeTrue();
            }
        }

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        cache.Count.Should().BeInRange(1, 100);
        grown.Should().BeLessThan(1_000_000, "only a hundred domains are left, without the names of the others");
    }

    // Each domain has its own parsed policy and id.
    private static void Fill(int domains, out InMemoryCache cache)
    {
        cache = new InMemoryCache(new() { Capacity = domains });
        for (int i = 0; i < domains; i++)
        {
            CachedPolicy entry = new(StsRecord.Parse(Record).Id, Policy.Parse(PolicyFile), Noon);
            cache.Set(string.Create(CultureInfo.InvariantCulture, $"domain{i}.example"), entry);
        }
    }
}
