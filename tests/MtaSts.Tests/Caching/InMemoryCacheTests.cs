using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests what only the in-memory cache has: bounds, eviction and the background refresh.</summary>
/// <remarks><see cref="CacheConformanceTests"/> has the tests for every cache.</remarks>
public class InMemoryCacheTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public static TheoryData<string> NoDomains =>
    [
        "",
        ".",
        "..",
        " ",
        "example..com",
        ".example.com",
        "example.com..",
        "-a.example",
        "a-.example",
        "a_b.example",
        "_mta-sts.example.com",
        "a b.example",
        "*.example.com",
        "[192.0.2.1]",
        "[IPv6:2001:db8::1]",
        "user@example.com",
        "example.com\0",
        "example.com\n",
        "\uD800.example",
        "\u212A.example", // the Kelvin sign, which is not k
        new string('a', 64) + ".example",
        string.Concat(Enumerable.Repeat("a.", 122)) + "a", // 245 octets: too long for its record name
        string.Concat(Enumerable.Repeat("a.", 126)) + "a", // 253 octets
        string.Concat(Enumerable.Repeat("a.", 126)) + "aa", // 254 octets
    ];

    [Fact]
    public void Options_Defaults_AreThoseDocumented()
    {
        InMemoryCacheOptions options = new();
        options.Capacity.Should().Be(100_000);
        options.TimeProvider.Should().BeSameAs(TimeProvider.System);
        options.MeterFactory.Should().BeNull();
    }

    [Fact]
    public void Constructor_InvalidOptions_Throws()
    {
        FluentActions.Invoking(() => new InMemoryCache(null!)).Should().Throw<ArgumentNullException>().WithParameterName("options");
        FluentActions.Invoking(() => new InMemoryCache(new() { TimeProvider = null! }))
            .Should().Throw<ArgumentNullException>().WithParameterName("options");
        foreach (int capacity in (int[])[0, -1, int.MinValue])
        {
            FluentActions.Invoking(() => new InMemoryCache(new() { Capacity = capacity }))
                .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("options");
        }

        new InMemoryCache(new() { Capacity = int.MaxValue }).Count.Should().Be(0, "the capacity is a bound, not a reservation");
    }

    [Fact]
    public void Options_ChangedLater_HaveNoEffect()
    {
        InMemoryCacheOptions options = new() { Capacity = 1 };
        InMemoryCache cache = new(options);
        options.Capacity = 10;
        cache.Set("a.example", MakeEntry());
        cache.Set("b.example", MakeEntry());
        cache.Count.Should().Be(1);
    }

    [Fact]
    public void SetGetRemove_UpdateTheCount()
    {
        InMemoryCache cache = new();
        CachedPolicy entry = MakeEntry();
        cache.Count.Should().Be(0);

        cache.Set("Example.com.", entry);
        cache.Set("example.COM", entry);
        cache.Set("bücher.example", MakeFailure(Noon));
        cache.Count.Should().Be(2);
        cache.TryGet("EXAMPLE.com", out CachedPolicy? found).Should().BeTrue();
        found.Should().BeSameAs(entry, "entries are immutable, so nothing is copied");

        cache.Remove("example.org").Should().BeFalse();
        cache.Remove("no domain").Should().BeFalse();
        cache.Remove("EXAMPLE.com.").Should().BeTrue();
        cache.Remove("example.com").Should().BeFalse();
        cache.Remove("XN--BCHER-KVA.example").Should().BeTrue();
        cache.Count.Should().Be(0);
        cache.TryGet("example.com", out found).Should().BeFalse();
        found.Should().BeNull();
    }

    [Fact]
    public void Set_NoDomainOrNoEntry_Throws()
    {
        InMemoryCache cache = new();
        FluentActions.Invoking(() => cache.Set("no domain", MakeEntry())).Should().Throw<ArgumentException>()
            .WithParameterName("domain").WithMessage("*no domain*");
        FluentActions.Invoking(() => cache.Set("example.com", null!)).Should().Throw<ArgumentNullException>().WithParameterName("entry");
        cache.Count.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(NoDomains))]
    public void InvalidDomain_IsUnknownAndCannotBeStored(string text)
    {
        InMemoryCache cache = new();

        cache.TryGet(text, out _).Should().BeFalse();
        cache.Remove(text).Should().BeFalse();
        FluentActions.Invoking(() => cache.Set(text, MakeEntry())).Should().Throw<ArgumentException>().WithParameterName("domain");
        cache.TryGet(text, out _).Should().BeFalse();
        cache.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("example.com", "EXAMPLE.COM.")]
    [InlineData("Bücher.Example.", "xn--bcher-kva.example")]
    public async Task Domain_AsTextOrParsed_IsOneKey(string text, string other)
    {
        InMemoryCache cache = new();
        CachedPolicy entry = MakeEntry();

        cache.Set(text, entry);
        (await cache.GetAsync(PolicyDomain.Parse(other))).Should().BeSameAs(entry);
        await cache.RemoveAsync(PolicyDomain.Parse(other));
        cache.TryGet(text, out _).Should().BeFalse();

        await cache.UpdateAsync(PolicyDomain.Parse(other), _ => entry);
        cache.TryGet(text, out CachedPolicy? found).Should().BeTrue();
        found.Should().BeSameAs(entry);
        cache.Count.Should().Be(1);
    }

    // A caller that starts several tasks and then awaits them must get the cancellation from the task.
    [Fact]
    public void CanceledToken_EachMember_ReturnsACanceledTask()
    {
        InMemoryCache cache = new();
        PolicyDomain domain = PolicyDomain.Parse("a.example");
        CancellationToken canceled = new(canceled: true);

        Task[] tasks =
        [
            cache.GetAsync(domain, canceled).AsTask(),
            cache.UpdateAsync(domain, static _ => MakeEntry(), canceled).AsTask(),
            cache.SetAsync(domain, MakeEntry(), canceled).AsTask(),
            cache.RemoveAsync(domain, canceled).AsTask(),
        ];

        tasks.Should().OnlyContain(static task => task.IsCanceled);
        cache.Count.Should().Be(0);
    }

    // An attempt is not stored if unexpired policies take all the room. UpdateAsync then returns null.
    [Fact]
    public async Task UpdateAsync_AttemptWithoutRoom_ReturnsNull()
    {
        InMemoryCache cache = new(new() { Capacity = 2, TimeProvider = new FakeTimeProvider(Noon) });
        cache.Set("a.example", MakeEntry());
        cache.Set("b.example", MakeEntry());
        PolicyDomain domain = PolicyDomain.Parse("c.example");

        (await cache.UpdateAsync(domain, static _ => MakeFailure(Noon))).Should().BeNull();
        cache.TryGet("c.example", out _).Should().BeFalse();

        CachedPolicy entry = MakeEntry();
        (await cache.UpdateAsync(domain, _ => entry)).Should().BeSameAs(entry, "a policy is stored");
    }

    // Another writer stores an entry between the read and the write of each call but the last.
    [Fact]
    public async Task UpdateAsync_ConcurrentWriters_CallsAgainWithTheNewerEntry()
    {
        InMemoryCache cache = new();
        CachedPolicy[] others = [MakeEntry(id: "1"), MakeEntry(id: "2"), MakeEntry(id: "3")];
        List<CachedPolicy?> passed = [];

        CachedPolicy? returned = await cache.UpdateAsync(PolicyDomain.Parse("example.com"), current =>
        {
            passed.Add(current);
            if (passed.Count <= others.Length)
            {
                cache.Set("example.com", others[passed.Count - 1]);
            }
            else if (passed.Count == others.Length + 1)
            {
                cache.Remove("example.com");
            }

            return MakeEntry(id: $"{current?.Id}updated");
        });

        passed.Should().Equal(null, others[0], others[1], others[2], null);
        returned!.Id.Should().Be("updated");
        cache.Count.Should().Be(1);
    }

    [Fact]
    public async Task Cancelled_ThrowsAndChangesNothing()
    {
        InMemoryCache cache = new();
        CancellationToken cancelled = new(canceled: true);
        cache.Set("example.com", MakeEntry());

        PolicyDomain com = PolicyDomain.Parse("example.com");
        PolicyDomain org = PolicyDomain.Parse("example.org");
        Func<Task>[] calls =
        [
            async () => await cache.GetAsync(com, cancelled),
            async () => await cache.UpdateAsync(org, static _ => MakeEntry(), cancelled),
            async () => await cache.SetAsync(org, MakeEntry(), cancelled),
            async () => await cache.RemoveAsync(com, cancelled),
        ];
        foreach (Func<Task> call in calls)
        {
            await call.Should().ThrowAsync<OperationCanceledException>();
        }

        cache.Count.Should().Be(1);
        cache.TryGet("example.com", out _).Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)] // from this capacity on, entries are evicted in batches
    [InlineData(100)]
    [InlineData(1000)]
    public void Set_BeyondTheCapacity_EvictsFailedAttemptsFirstThenExpiredEntriesThenTheLeastRecentlyUsed(int capacity)
    {
        FakeTimeProvider clock = new(Noon);
        InMemoryCache cache = new(new() { Capacity = capacity, TimeProvider = clock });
        RecentlyUsed model = new(capacity);
        CachedPolicy[] entries =
            [MakeEntry(), MakeEntry(maxAge: 60), MakeEntry(PolicyMode.None, 86_400), MakeFailure(Noon), MakeEntry(maxAge: 0)];
        Random random = new(capacity);
        int evictions = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string domain = Domain(random.Next(2 * capacity));
            clock.Advance(i % 1_000 == 0 ? TimeSpan.FromHours(5) : TimeSpan.Zero); // so that entries expire while they are in the cache
            switch (random.Next(20))
            {
                case 0:
                    cache.Remove(domain).Should().Be(model.Remove(domain));
                    break;
                case < 12:
                    cache.TryGet(domain.ToUpperInvariant(), out CachedPolicy? found);
                    if (!ReferenceEquals(found, model.Get(domain)))
                    {
                        Assert.Fail($"step {i}: {domain} should be {model.Get(domain).Describe()}, not {found.Describe()}");
                    }

                    break;
                default:
                    CachedPolicy entry = entries[random.Next(10) < 7 ? 0 : random.Next(entries.Length)];
                    entry = entry.Policy is null ? entry : new(entry.Id!, entry.Policy, clock.GetUtcNow());
                    cache.Set(domain, entry);
                    evictions += model.Set(domain, entry, clock.GetUtcNow());
                    break;
            }

            (cache.Count, cache.Count <= capacity).Should().Be((model.Count, true));
        }

        evictions.Should().BeGreaterThan(capacity);
    }

    [Fact]
    public void Set_BeyondTheCapacity_EvictsAnExpiredEntryAlthoughUsedLast()
    {
        FakeTimeProvider clock = new(Noon);
        InMemoryCache cache = new(new() { Capacity = 3, TimeProvider = clock });
        cache.Set("lasting.example", MakeEntry());
        cache.Set("short.example", MakeEntry(maxAge: 60));
        cache.Set("unused.example", MakeEntry());
        cache.TryGet("lasting.example", out _);
        cache.TryGet("short.example", out _).Should().BeTrue();

        clock.Advance(TimeSpan.FromSeconds(60));
        cache.TryGet("short.example", out _).Should().BeTrue("an expired entry stays while there is room");
        cache.Set("new.example", MakeEntry());
        cache.TryGet("short.example", out _).Should().BeFalse();

        cache.Set("newer.example", MakeEntry());
        cache.TryGet("unused.example", out _).Should().BeFalse();
        cache.TryGet("lasting.example", out _).Should().BeTrue();
    }

    // An attacker can own many names with a record and a dead policy host. That must not make downgrade attacks on other
    // domains possible.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(63, 63)]
    [InlineData(64, 64)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_000, 900)] // with room for some of the attempts
    [InlineData(20_000, 20_000)]
    public void Set_FailedAttemptsOfTenTimesTheCapacity_EvictNoUnexpiredPolicy(int capacity, int policies)
    {
        InMemoryCache cache = new(new() { Capacity = capacity, TimeProvider = new FakeTimeProvider(Noon) });
        for (int i = 0; i < policies; i++)
        {
            cache.Set(Domain(i), MakeEntry());
        }

        for (int i = 0; i < 10 * capacity; i++)
        {
            cache.Set(Domain(1_000_000 + i), MakeFailure(Noon));
            if (cache.Count > capacity)
            {
                Assert.Fail($"{cache.Count} entries are over the capacity.");
            }
        }

        Enumerable.Range(0, policies).All(i => cache.TryGet(Domain(i), out _)).Should().BeTrue();
        bool isLatestKept = cache.TryGet(Domain(1_000_000 + (10 * capacity) - 1), out _);
        isLatestKept.Should().Be(policies < capacity, "the latest attempts stay if there is room for more than a batch");

        // A new policy evicts attempts first.
        cache.Set("new.example", MakeEntry());
        Enumerable.Range(0, policies).Count(i => cache.TryGet(Domain(i), out _))
            .Should().Be(policies < capacity ? policies : policies - 1 - (capacity / 64));
    }

    // Only a stored entry evicts expired ones. A cache full of expired entries must not forget each failed attempt at once.
    // Otherwise each message to a domain with a dead policy host would wait for a fetch.
    [Theory]
    [InlineData(64)]
    [InlineData(640)]
    [InlineData(20_000)]
    public void Set_FailedAttemptsInACacheOfExpiredPolicies_ReplaceABatch(int capacity)
    {
        InMemoryCache cache = new(new() { Capacity = capacity, TimeProvider = new FakeTimeProvider(Noon) });
        for (int i = 0; i < capacity; i++)
        {
            cache.Set(Domain(i), new(Id, MakePolicy(), Noon.AddYears(-1)));
        }

        int remembered = 0;
        for (int i = 0; i < capacity; i++)
        {
            cache.Set(Domain(1_000_000 + i), MakeFailure(Noon));
            remembered += cache.TryGet(Domain(1_000_000 + i), out _) ? 1 : 0;
        }

        remembered.Should().BeGreaterThan(capacity / 3);
        cache.Count.Should().BeLessThanOrEqualTo(capacity);
    }

    [Fact]
    public async Task Set_PoliciesAndFailedAttemptsBySeveralThreads_EvictNoPolicyForAnAttempt()
    {
        const int Capacity = 2_000;
        const int Policies = Capacity - 8; // For a moment, each thread may hold an attempt beyond what is free.
        InMemoryCache cache = new(new() { Capacity = Capacity, TimeProvider = new FakeTimeProvider(Noon) });
        Task[] writers = [.. Enumerable.Range(0, 8).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (int i = writer; i < Policies; i += 8)
                {
                    cache.Set(Domain(i), MakeFailure(Noon)); // an attempt first, then the policy
                    cache.Set(Domain(i), MakeEntry());
                    for (int k = 0; k < 20; k++)
                    {
                        cache.Set(Domain(1_000_000 + (i * 20) + k), MakeFailure(Noon));
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(writers);

        Enumerable.Range(0, Policies).All(i => cache.TryGet(Domain(i), out _)).Should().BeTrue();
        cache.Count.Should().BeInRange(Policies, Capacity);
    }

    [Fact]
    public void Set_ReadsUnderAnotherSpellingAndReplacements_CountAsUse()
    {
        InMemoryCache cache = new(new() { Capacity = 3, TimeProvider = new FakeTimeProvider(Noon) });
        cache.Set("bücher.example", MakeEntry());
        cache.Set("b.example", MakeEntry());
        cache.Set("c.example", MakeEntry());
        cache.TryGet("XN--BCHER-KVA.example.", out _).Should().BeTrue();
        cache.Set("B.example", MakeEntry());

        cache.Set("d.example", MakeEntry());

        cache.TryGet("c.example", out _).Should().BeFalse();
        cache.TryGet("bücher.example", out _).Should().BeTrue();
        cache.TryGet("b.example", out _).Should().BeTrue();
    }

    [Fact]
    public async Task Set_SixteenWriters_ExceedTheCapacityByAtMostOneEntryEach()
    {
        const int Capacity = 100;
        const int Writers = 16;
        InMemoryCache cache = new(new() { Capacity = Capacity, TimeProvider = new FakeTimeProvider(Noon) });
        CachedPolicy entry = MakeEntry();
        int running = Writers;
        int[] highest = new int[Writers];
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 2_000; i++)
                {
                    cache.Set(Domain((writer * 10_000) + i), entry);
                    highest[writer] = Math.Max(highest[writer], cache.Count);
                }

                Interlocked.Decrement(ref running);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        int seen = 0;
        while (Volatile.Read(ref running) > 0)
        {
            seen = Math.Max(seen, cache.Count);
        }

        await Task.WhenAll(writers);
        Math.Max(seen, highest.Max()).Should().BeInRange(Capacity - (Capacity / 64), Capacity + Writers);
        cache.Count.Should().BeInRange(1, Capacity);
        Enumerable.Range(0, Writers * 10_000).Count(i => cache.TryGet(Domain(i), out _)).Should().Be(cache.Count);
    }

    [Fact]
    public async Task Set_WhileAnotherThreadReads_KeepsTheEntriesInUse()
    {
        // An entry that is read while the cache chooses entries to evict is the most recently used one. It must be evicted
        // last.
        const int Capacity = 5_000;
        InMemoryCache cache = new(new() { Capacity = Capacity, TimeProvider = new FakeTimeProvider(Noon) });
        CachedPolicy entry = MakeEntry();
        string[] hot = [.. Enumerable.Range(0, 50).Select(static i => Domain(1_000_000 + i))];
        foreach (string domain in hot)
        {
            cache.Set(domain, entry);
        }

        int rounds = 0;
        int misses = 0;
        bool isDone = false;
        Task reader = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref isDone))
                {
                    misses += hot.Count(domain => !cache.TryGet(domain, out _));
                    Interlocked.Increment(ref rounds);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        SpinWait.SpinUntil(() => Volatile.Read(ref rounds) > 0);
        for (int i = 0; i < 4 * Capacity; i++)
        {
            cache.Set(Domain(i), entry);
            if (i % 1_000 == 0)
            {
                // For any order of the threads, the reader reads its domains more often than the cache replaces its entries.
                int before = Volatile.Read(ref rounds);
                SpinWait.SpinUntil(() => Volatile.Read(ref rounds) > before + 1);
            }
        }

        Volatile.Write(ref isDone, true);
        await reader;
        misses.Should().Be(0);
    }

    [Fact]
    public async Task Count_WhileADomainIsStoredAndRemoved_IsNeverNegativeAndEndsExact()
    {
        InMemoryCache cache = new();
        CachedPolicy entry = MakeEntry();
        bool isDone = false;
        Task<bool>[] others = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                bool isNegative = false;
                while (!Volatile.Read(ref isDone))
                {
                    cache.Remove("example.com");
                    isNegative |= cache.Count < 0;
                }

                return isNegative;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        for (int i = 0; i < 2_000_000; i++)
        {
            cache.Set("example.com", entry);
        }

        Volatile.Write(ref isDone, true);
        (await Task.WhenAll(others)).Should().AllBeEquivalentTo(false);

        // The count is exact.
        cache.Remove("example.com");
        for (int i = 1; i <= 100; i++)
        {
            cache.Set(Domain(i), entry);
            cache.Count.Should().Be(i);
        }
    }

    [Fact]
    public async Task DueForRefresh_Limits_AreThoseOfThePlan()
    {
        InMemoryCache cache = new();
        DateTimeOffset now = Noon + TimeSpan.FromDays(2);
        CachedPolicy dayOld = new(Id, MakePolicy(), now - Day);
        cache.Set("Day-Old.example.", dayOld);
        cache.Set("younger.example", new(Id, MakePolicy(), now - Day + Tick));
        cache.Set("none.example", new(Id, MakePolicy(PolicyMode.None), now - Day)); // a new policy may replace the opt-out
        cache.Set("bücher.example", new(Id, MakePolicy(PolicyMode.Testing), now - Day));
        cache.Set("half.example", new(Id, MakePolicy(maxAge: 86_400), now - (Day / 2))); // a policy of a day is due after half of it
        cache.Set("under-half.example", new(Id, MakePolicy(maxAge: 86_400), now - (Day / 2) + Tick));
        cache.Set("expiring.example", new(Id, MakePolicy(maxAge: 86_401), now - Day));
        cache.Set("expired.example", new(Id, MakePolicy(maxAge: 86_400), now - Day)); // the next delivery fetches it, if there is a record
        cache.Set("future.example", new(Id, MakePolicy(), now.AddYears(10))); // by a wrong clock
        cache.Set("tried.example", dayOld.With(new FailedAttempt("a", now - TimeSpan.FromMinutes(5) + Tick)));
        cache.Set("tried-before.example", dayOld.With(new FailedAttempt("a", now - TimeSpan.FromMinutes(5))));
        cache.Set("failure.example", MakeFailure(now - Day));

        string[] due = await cache.DueForRefreshAsync(now).Select(static domain => domain.Name).ToArrayAsync();

        due.Should().BeEquivalentTo(
            "day-old.example",
            "none.example",
            "xn--bcher-kva.example",
            "half.example",
            "expiring.example",
            "future.example",
            "tried-before.example");
    }

    // The background task of the documentation, without mail and with a blocked TXT record.
    [Theory]
    [InlineData(3_600)]
    [InlineData(43_200)]
    [InlineData(86_399)]
    [InlineData(86_400)] // a max_age of more than a quarter of the published policies
    [InlineData(604_800)]
    public async Task DueForRefresh_EveryFiveMinutes_KeepsThePolicyAlive(int maxAge)
    {
        InMemoryCache cache = new();
        cache.Set("example.com", MakeEntry(maxAge: maxAge));
        FetchResult fetch = Fetched(MakePolicy(maxAge: maxAge));
        for (DateTimeOffset now = Noon; now < Noon + TimeSpan.FromDays(10); now += TimeSpan.FromMinutes(5))
        {
            cache.TryGet("example.com", out CachedPolicy? entry);
            entry!.IsExpired(now).Should().BeFalse();
            await foreach (PolicyDomain domain in cache.DueForRefreshAsync(now))
            {
                await RefreshAsync(cache, domain, fetch, now);
            }
        }
    }

    [Fact]
    public async Task DueForRefresh_EntriesReplacedMeanwhile_AreNotListedAgain()
    {
        // The example of the documentation. Half of the domains have a reachable policy host.
        InMemoryCache cache = new();
        for (int i = 0; i < 500; i++)
        {
            cache.Set(Domain(i), MakeEntry());
        }

        DateTimeOffset now = Noon + Day;
        int refreshed = 0;
        await foreach (PolicyDomain domain in cache.DueForRefreshAsync(now))
        {
            FetchResult fetch = refreshed++ % 2 == 0 ? Fetched(MakePolicy()) : FetchResult.Failed(FetchStatus.TimedOut);
            await RefreshAsync(cache, domain, fetch, now);
        }

        refreshed.Should().Be(500);
        (await cache.DueForRefreshAsync(now).AnyAsync()).Should().BeFalse();
        (await cache.DueForRefreshAsync(now + TimeSpan.FromMinutes(5)).CountAsync()).Should().Be(250);
        cache.Count.Should().Be(500);
    }

    [Fact]
    public async Task DueForRefresh_CacheThatGrowsMeanwhile_ListsOnlyDueDomains()
    {
        // A round of fetches takes hours. A dictionary that grows meanwhile moves to other memory.
        const int Due = 20;
        InMemoryCache cache = new();
        for (int i = 0; i < Due; i++)
        {
            cache.Set(Domain(i), MakeEntry());
        }

        DateTimeOffset now = Noon + Day;
        List<string> listed = [];
        await foreach (PolicyDomain domain in cache.DueForRefreshAsync(now))
        {
            listed.Add(domain.Name);
            if (listed.Count > 1)
            {
                continue;
            }

            for (int i = 0; i < 5_000; i++)
            {
                cache.Set(Domain(1_000 + i), new(Id, MakePolicy(), now));
            }

            for (int i = 0; i < Due; i += 2)
            {
                cache.Set(Domain(i), new(Id, MakePolicy(), now));
                cache.Remove(Domain(i + 1)).Should().BeTrue();
            }
        }

        listed.Should().HaveCount(1);
    }

    [Fact]
    public async Task Reads_OfAsciiDomains_AllocateNothing()
    {
        InMemoryCache cache = new();
        string longest = string.Concat(Enumerable.Repeat("a.", 121)) + "aa";
        string[] domains =
            ["example.com", "EXAMPLE.com.", "example.org", "a", longest, "", ".", "no domain", "[192.0.2.1]", "a_b.example", longest + "a"];
        cache.Set("example.com", MakeEntry());
        cache.Set(longest, MakeEntry());
        await cache.GetAsync(PolicyDomain.Parse("example.com"));
        int hits = CountHits(cache, domains);
        long before = GC.GetAllocatedBytesForCurrentThread();

        hits += CountHits(cache, domains);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.Should().Be(0);
        hits.Should().Be(2 * 100 * 3);
    }

    [Fact]
    public void Reads_OfParsedDomains_AllocateNothing()
    {
        InMemoryCache cache = new();
        PolicyDomain[] domains = [PolicyDomain.Parse("example.com"), PolicyDomain.Parse("xn--bcher-kva.example"), PolicyDomain.Parse("a")];
        cache.Set("example.com", MakeEntry());
        cache.Set("bücher.example", MakeEntry());
        int hits = CountHits(cache, domains);
        long before = GC.GetAllocatedBytesForCurrentThread();

        hits += CountHits(cache, domains);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.Should().Be(0);
        hits.Should().Be(2 * 100 * 2);
    }

    private static int CountHits(InMemoryCache cache, string[] domains)
    {
        int hits = 0;
        for (int round = 0; round < 100; round++)
        {
            foreach (string domain in domains)
            {
                hits += cache.TryGet(domain, out _) ? 1 : 0;
            }
        }

        return hits;
    }

    private static int CountHits(InMemoryCache cache, PolicyDomain[] domains)
    {
        int hits = 0;
        for (int round = 0; round < 100; round++)
        {
            foreach (PolicyDomain domain in domains)
            {
                ValueTask<CachedPolicy?> read = cache.GetAsync(domain);
                hits += read.IsCompletedSuccessfully && read.Result is not null ? 1 : 0;
            }
        }

        return hits;
    }

    // As in the example of the documentation, without a usable record.
    private static async Task RefreshAsync(InMemoryCache cache, PolicyDomain domain, FetchResult fetch, DateTimeOffset now)
    {
        RefreshPlan plan = PolicyRefresh.Plan(await cache.GetAsync(domain), TxtAnswer.LookupFailed, now);
        plan.Action.Should().Be(RefreshAction.ApplyAndFetch);
        await cache.UpdateAsync(domain, current => PolicyRefresh.Complete(plan, current, fetch).Entry);
    }

    private static string Domain(int i) => string.Create(CultureInfo.InvariantCulture, $"domain{i}.example");

    /// <summary>Models the entries that stay: a list, with the least recently used first.</summary>
    private sealed class RecentlyUsed(int capacity)
    {
        private readonly List<(string Domain, CachedPolicy Entry)> _items = [];
        private int _notKept;

        public int Count => _items.Count;

        public CachedPolicy? Get(string domain)
        {
            int place = _items.FindIndex(item => item.Domain == domain);
            if (place < 0)
            {
                return null;
            }

            (string, CachedPolicy Entry) item = _items[place];
            _items.RemoveAt(place);
            _items.Add(item);
            return item.Entry;
        }

        public bool Remove(string domain) => _items.RemoveAll(item => item.Domain == domain) > 0;

        /// <summary>Stores an entry and returns the number of evictions.</summary>
        public int Set(string domain, CachedPolicy entry, DateTimeOffset now)
        {
            bool isNew = !Remove(domain);
            _items.Add((domain, entry));
            int batch = capacity / 64;
            int surplus = _items.Count - (entry.Policy is null ? capacity - batch : capacity);
            if (!isNew || surplus <= 0)
            {
                return 0;
            }

            // As documented, a batch is evicted with the surplus. A policy evicts only attempts, if they suffice. An attempt
            // evicts no unexpired policy.
            (string, CachedPolicy Entry)[] attempts = [.. _items.Where(static item => item.Entry.Policy is null)];
            IEnumerable<(string, CachedPolicy Entry)> inOrder =
                _items.OrderBy(item => item.Entry.Policy is null ? 0 : item.Entry.IsExpired(now) ? 1 : 2);
            IEnumerable<(string, CachedPolicy Entry)> leaving;
            if (entry.Policy is not null)
            {
                leaving = attempts.Length >= surplus ? attempts : inOrder;
            }
            else if (attempts.Length > batch || ++_notKept > batch)
            {
                leaving = inOrder.Where(item => item.Entry.IsExpired(now));
                _notKept = 0;
            }
            else
            {
                (leaving, surplus, batch) = ([(domain, entry)], 1, 0);
            }

            (string, CachedPolicy)[] evicted = [.. leaving.Take(surplus + batch)];
            return _items.RemoveAll(evicted.Contains);
        }
    }

    [Fact]
    public void Set_InvalidDomain_ThrowsAMessageSafeToLog()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new InMemoryCache().Set("evil\r\n\u001b[31m", MakeEntry()));

        thrown.Message.Should().StartWith("\"evil<U+000D><U+000A><U+001B>[31m\" is not a valid policy domain: ");
        thrown.Message.Should().Match(static text => text.All(static c => c >= ' ' && c <= '~'));
    }

    // The clock of the options is caller code.
    [Fact]
    public void Set_ClockThatWaitsForAnotherWriter_DoesNotBlockIt()
    {
        WaitingClock clock = new();
        InMemoryCache cache = new(new InMemoryCacheOptions { Capacity = 1, TimeProvider = clock });
        clock.Meanwhile = () => Task.Run(() => cache.Set("c.example", MakeEntry())).Wait(TimeSpan.FromMinutes(5));
        cache.Set("a.example", MakeEntry());

        cache.Set("b.example", MakeEntry());

        clock.OtherWriterWasDone.Should().BeTrue();
        cache.Count.Should().Be(1);
    }

    [Fact]
    public void Set_AttemptsThatBecomePoliciesBeforeTheyAreEvicted_AreKept()
    {
        WaitingClock clock = new();
        InMemoryCache cache = new(new InMemoryCacheOptions { Capacity = 2, TimeProvider = clock });
        string[] domains = ["a.example", "b.example", "c.example"];
        clock.Meanwhile = () =>
        {
            Array.ForEach(domains, domain => cache.Set(domain, MakeEntry()));
            return true;
        };

        Array.ForEach(domains, domain => cache.Set(domain, MakeFailure(Noon)));

        clock.OtherWriterWasDone.Should().BeTrue();
        Array.TrueForAll(domains, domain => HasPolicy(cache, domain)).Should().BeTrue("an attempt does not evict a policy");
        cache.Set("d.example", MakeEntry());
        cache.Count.Should().Be(2, "a policy evicts an attempt");

        static bool HasPolicy(InMemoryCache cache, string domain) =>
            cache.TryGet(domain, out CachedPolicy? entry) && entry.Policy is not null;
    }

    private sealed class WaitingClock : TimeProvider
    {
        private Func<bool>? _meanwhile;

        public Func<bool> Meanwhile
        {
            set => _meanwhile = value;
        }

        public bool OtherWriterWasDone { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (Interlocked.Exchange(ref _meanwhile, null) is { } meanwhile)
            {
                OtherWriterWasDone = meanwhile();
            }

            return DateTimeOffset.UnixEpoch;
        }
    }
}
