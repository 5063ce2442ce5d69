using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// What the documentation of <see cref="ICache"/> asks of an implementation. Derive from this class to put one to the test; nothing here knows of any.
/// </summary>
public abstract class CacheConformanceTests
{
    // Stores may have a clock of their own, so this is the real time.
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static TheoryData<string, string> Spellings => new()
    {
        { "example.com", "example.com" },
        { "example.com", "EXAMPLE.COM" },
        { "Example.Com", "example.com" },
        { "example.com", "example.com." },
        { "example.com.", "EXAMPLE.com" },
        { "bücher.example", "xn--bcher-kva.example" },
        { "XN--BCHER-KVA.example", "BÜCHER.Example." },
        { "日本語.example", "xn--wgv71a119e.example" },
        { "a", "A." },
    };

    public static TheoryData<string> NoDomains =>
    [
        "", ".", "..", " ", "example..com", ".example.com", "example.com..", "-a.example", "a-.example", "a_b.example", "_mta-sts.example.com", "a b.example",
        "*.example.com", "[192.0.2.1]", "[IPv6:2001:db8::1]", "user@example.com", "example.com\0", "example.com\n", "\uD800.example",
        "\u212A.example", // the Kelvin sign is no k
        new string('a', 64) + ".example",
        string.Concat(Enumerable.Repeat("a.", 126)) + "aa", // 254 octets
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Set_OneSpelling_IsFoundByAnother(string stored, string asked)
    {
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);

        await cache.SetAsync(stored, entry);
        (await cache.GetAsync(asked)).Describe().Should().Be(entry.Describe());

        CachedPolicy other = new("other", MakePolicy(PolicyMode.Testing), Now);
        await cache.SetAsync(asked, other);
        (await cache.GetAsync(stored)).Describe().Should().Be(other.Describe());

        await cache.RemoveAsync(stored);
        (await cache.GetAsync(asked)).Should().BeNull();
    }

    [Fact]
    public async Task Get_UnknownDomain_IsNull()
    {
        ICache cache = Create();
        await cache.SetAsync("example.com", new(Id, MakePolicy(), Now));

        foreach (string unknown in (string[])["example.org", "com", "a.example.com", "example.co", "example.comm", "xample.com"])
        {
            (await cache.GetAsync(unknown)).Should().BeNull(); // section 3.4: nor does a subdomain have its parent's policy
            await cache.RemoveAsync(unknown);
        }

        (await cache.GetAsync("example.com")).Should().NotBeNull();
    }

    [Fact]
    public async Task Get_AnyEntryThatMustBeKept_ComesOutAsItWentIn()
    {
        ICache cache = Create();
        FailedAttempt aMinuteAgo = new("a", Now - TimeSpan.FromMinutes(1));
        Policy unusual = Policy.Parse("version: STSv1\n\nmode: testing\nmx: MAIL.example.\nmax_age: 40000000\nnote: \"für\" 日本\n");
        CachedPolicy[] entries =
        [
            new(Id, MakePolicy(), Now),
            new(Id, MakePolicy(), Now - TimeSpan.FromDays(6) + Tick),
            new(Id, new Policy(PolicyMode.None, TimeSpan.FromDays(1), []), Now),
            new(Id, unusual, Now),
            new CachedPolicy(Id, MakePolicy(), Now).With(new("b", Now - TimeSpan.FromMinutes(2)), new(null, Now)),

            // Failed attempts hold back the next for five minutes, whether there is an unexpired policy, an expired one, or none.
            new CachedPolicy(Id, MakePolicy(), Now - TimeSpan.FromDays(8)).With(aMinuteAgo),
            new CachedPolicy(Id, MakePolicy(maxAge: 0), Now).With(aMinuteAgo),
            MakeFailure(aMinuteAgo.At),
            MakeFailure(Now, id: null),
        ];
        for (int i = 0; i < entries.Length; i++)
        {
            await cache.SetAsync(Domain(i), entries[i]);
        }

        for (int i = 0; i < entries.Length; i++)
        {
            (await cache.GetAsync(Domain(i))).Describe().Should().Be(entries[i].Describe());
            (await cache.GetAsync(Domain(i))).Describe().Should().Be(entries[i].Describe(), "reading takes nothing away");
        }
    }

    [Fact]
    public async Task Get_ExpiredEntryWithoutARecentFailure_IsItselfOrGone()
    {
        ICache cache = Create();
        CachedPolicy[] entries =
        [
            new(Id, MakePolicy(), Now - TimeSpan.FromDays(8)),
            new(Id, MakePolicy(maxAge: 0), Now),
            new(Id, MakePolicy(), DateTimeOffset.MinValue),
            MakeFailure(Now - TimeSpan.FromHours(1)),
        ];
        CachedPolicy earlier = new("earlier", MakePolicy(), Now);
        for (int i = 0; i < entries.Length; i++)
        {
            await cache.SetAsync(Domain(i), earlier);

            await cache.SetAsync(Domain(i), entries[i]);

            (await cache.GetAsync(Domain(i))).Describe().Should().BeOneOf(entries[i].Describe(), CacheSamples.Describe(null));
        }
    }

    [Fact]
    public async Task Set_AnOlderEntry_ReplacesTheNewer()
    {
        // What PolicyRefresh gave last is what counts, whatever the clock did.
        ICache cache = Create();
        CachedPolicy newer = new("newer", MakePolicy(), Now);
        CachedPolicy older = new("older", MakePolicy(), Now - TimeSpan.FromDays(1));

        await cache.SetAsync("example.com", newer);
        await cache.SetAsync("example.com", older);

        (await cache.GetAsync("example.com"))!.Id.Should().Be("older");
    }

    [Fact]
    public async Task Remove_IsOfOneDomain()
    {
        ICache cache = Create();
        await cache.SetAsync("a.example", new("a", MakePolicy(), Now));
        await cache.SetAsync("b.example", new("b", MakePolicy(), Now));

        await cache.RemoveAsync("a.example");
        await cache.RemoveAsync("a.example");

        (await cache.GetAsync("a.example")).Should().BeNull();
        (await cache.GetAsync("b.example"))!.Id.Should().Be("b");
        await cache.SetAsync("a.example", new("again", MakePolicy(), Now));
        (await cache.GetAsync("a.example"))!.Id.Should().Be("again");
    }

    [Theory]
    [MemberData(nameof(NoDomains))]
    public async Task NoDomainName_IsUnknownAndCannotBeStored(string text)
    {
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);

        (await cache.GetAsync(text)).Should().BeNull();
        await cache.RemoveAsync(text);
        await FluentActions.Awaiting(async () => await cache.SetAsync(text, entry)).Should().ThrowAsync<ArgumentException>();
        (await cache.GetAsync(text)).Should().BeNull();
    }

    [Fact]
    public async Task LongestDomainThatCanHaveAPolicy_IsAKey()
    {
        // Its record name, with "_mta-sts." in front, has the 253 octets that a name may have.
        string domain = string.Concat(Enumerable.Repeat("a.", 121)) + "aa";
        Sts.RecordName(domain).Should().HaveLength(253);
        ICache cache = Create();

        await cache.SetAsync(domain, new(Id, MakePolicy(), Now));

        (await cache.GetAsync(domain.ToUpperInvariant() + ".")).Should().NotBeNull();
    }

    [Fact]
    public async Task NullArguments_AreRefused()
    {
        ICache cache = Create();
        await FluentActions.Awaiting(async () => await cache.GetAsync(null!)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(async () => await cache.SetAsync(null!, MakeEntry())).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(async () => await cache.SetAsync("example.com", null!)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(async () => await cache.RemoveAsync(null!)).Should().ThrowAsync<ArgumentNullException>();
    }

    [Fact]
    public async Task Cancelled_BeforeItBegan_EndsTheCallOrLetsItDoItsWork()
    {
        // A store that does not wait has nothing to cancel.
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        CachedPolicy other = new("other", MakePolicy(), Now);
        CancellationToken cancelled = new(canceled: true);
        await cache.SetAsync("example.com", entry);

        bool isRead = await EndsAsync(async () => (await cache.GetAsync("example.com", cancelled)).Describe().Should().Be(entry.Describe()));
        bool isStored = await EndsAsync(async () => await cache.SetAsync("example.com", other, cancelled));
        (await cache.GetAsync("example.com")).Describe().Should().Be((isStored ? other : entry).Describe());
        bool isRemoved = await EndsAsync(async () => await cache.RemoveAsync("example.com", cancelled));
        ((await cache.GetAsync("example.com")) is null).Should().Be(isRemoved);
        (isRead && isStored && isRemoved).Should().Be(isRead || isStored || isRemoved, "an implementation minds the token or does not");
    }

    [Fact]
    public async Task ConcurrentUse_EachCallSeesThoseThatEndedBefore()
    {
        // Each task has domains of its own, so that it knows what it wrote last; and all of them write to one more.
        ICache cache = Create();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"t{task}n{i}");
                string own = string.Create(CultureInfo.InvariantCulture, $"d{i % 5}.t{task}.example");
                await cache.SetAsync(own, new(id, MakePolicy(), Now));
                await cache.SetAsync("shared.example", new(id, MakePolicy(), Now));
                (await cache.GetAsync(own.ToUpperInvariant()))!.Id.Should().Be(id);
                (await cache.GetAsync("shared.example"))?.Id.Should().MatchRegex("^t[0-7]n[0-9]+$");
                if (i % 7 == 0)
                {
                    await cache.RemoveAsync(own);
                    (await cache.GetAsync(own)).Should().BeNull();
                }
            }
        })));

        (await cache.GetAsync("shared.example"))!.Id.Should().EndWith("n499", "the last write of all was some task's last");
    }

    /// <summary>An empty cache with room for a hundred domains.</summary>
    protected abstract ICache Create();

    /// <summary>Whether a call came to its end instead of being cancelled.</summary>
    private static async Task<bool> EndsAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Domain(int i) => string.Create(CultureInfo.InvariantCulture, $"domain{i}.example");
}
