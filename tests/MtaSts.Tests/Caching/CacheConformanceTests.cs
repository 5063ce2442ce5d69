using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the rules that <see cref="ICache"/> documents for every implementation.</summary>
/// <remarks>Derive from this class to test an implementation.</remarks>
public abstract class CacheConformanceTests
{
    // The real time, because a store may have a clock of its own.
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static readonly PolicyDomain Example = PolicyDomain.Parse("example.com");

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

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task Set_OtherSpelling_IsTheSameKey(string stored, string asked)
    {
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);

        await cache.SetAsync(PolicyDomain.Parse(stored), entry);
        (await cache.GetAsync(PolicyDomain.Parse(asked))).Describe().Should().Be(entry.Describe());

        CachedPolicy other = new("other", MakePolicy(PolicyMode.Testing), Now);
        await cache.SetAsync(PolicyDomain.Parse(asked), other);
        (await cache.GetAsync(PolicyDomain.Parse(stored))).Describe().Should().Be(other.Describe());

        await cache.RemoveAsync(PolicyDomain.Parse(stored));
        (await cache.GetAsync(PolicyDomain.Parse(asked))).Should().BeNull();
    }

    [Fact]
    public async Task Get_UnknownDomain_IsNull()
    {
        ICache cache = Create();
        await cache.SetAsync(Example, new(Id, MakePolicy(), Now));

        foreach (string name in (string[])["example.org", "com", "a.example.com", "example.co", "example.comm", "xample.com"])
        {
            PolicyDomain unknown = PolicyDomain.Parse(name);
            (await cache.GetAsync(unknown)).Should().BeNull(); // Section 3.4: a subdomain does not have its parent's policy
            await cache.RemoveAsync(unknown);
        }

        (await cache.GetAsync(Example)).Should().NotBeNull();
    }

    [Fact]
    public async Task Get_AnyEntryThatMustBeKept_ReturnsTheSameContent()
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

            // Failed attempts delay the next for five minutes: with an unexpired policy, with an expired one, and without one.
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
            (await cache.GetAsync(Domain(i))).Describe().Should().Be(entries[i].Describe(), "a read removes nothing");
        }
    }

    [Fact]
    public async Task Get_ExpiredEntryWithoutARecentFailure_ReturnsItOrNull()
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
        // The last call wins, not the later fetch, because a clock may have been wrong.
        ICache cache = Create();
        CachedPolicy newer = new("newer", MakePolicy(), Now);
        CachedPolicy older = new("older", MakePolicy(), Now - TimeSpan.FromDays(1));

        await cache.SetAsync(Example, newer);
        await cache.UpdateAsync(Example, Fail("a"));
        await cache.SetAsync(Example, older);

        (await cache.GetAsync(Example)).Describe().Should().Be(older.Describe());
    }

    [Fact]
    public async Task Remove_OneDomain_KeepsTheOthers()
    {
        ICache cache = Create();
        (PolicyDomain a, PolicyDomain b) = (PolicyDomain.Parse("a.example"), PolicyDomain.Parse("b.example"));
        await cache.SetAsync(a, new("a", MakePolicy(), Now));
        await cache.UpdateAsync(a, Fail("x"));
        await cache.SetAsync(b, new("b", MakePolicy(), Now));

        await cache.RemoveAsync(a);
        await cache.RemoveAsync(a);

        (await cache.GetAsync(a)).Should().BeNull();
        (await cache.GetAsync(b))!.Id.Should().Be("b");
        await cache.SetAsync(a, new("again", MakePolicy(), Now));
        (await cache.GetAsync(a))!.Id.Should().Be("again");
    }

    [Fact]
    public async Task LongestDomainThatCanHaveAPolicy_IsAKey()
    {
        PolicyDomain domain = PolicyDomain.Parse(string.Concat(Enumerable.Repeat("a.", 121)) + "aa");
        domain.Name.Should().HaveLength(PolicyDomain.MaxLength);
        ICache cache = Create();

        await cache.SetAsync(domain, new(Id, MakePolicy(), Now));

        (await cache.GetAsync(PolicyDomain.Parse(domain.Name.ToUpperInvariant() + "."))).Should().NotBeNull();
    }

    [Fact]
    public async Task NullArguments_AreRejected()
    {
        ICache cache = Create();
        Func<Task>[] calls =
        [
            async () => await cache.GetAsync(null!),
            async () => await cache.UpdateAsync(null!, static current => current),
            async () => await cache.UpdateAsync(Example, null!),
            async () => await cache.SetAsync(null!, MakeEntry()),
            async () => await cache.SetAsync(Example, null!),
            async () => await cache.RemoveAsync(null!),
        ];
        foreach (Func<Task> call in calls)
        {
            await call.Should().ThrowAsync<ArgumentNullException>();
        }
    }

    [Fact]
    public async Task Canceled_BeforeTheCall_EndsItOrHasNoEffect()
    {
        // A store that never waits may ignore the token.
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        CachedPolicy other = new("other", MakePolicy(), Now);
        CachedPolicy updated = new("updated", MakePolicy(), Now);
        CancellationToken canceled = new(canceled: true);
        await cache.SetAsync(Example, entry);

        bool isRead = await EndsAsync(async () => (await cache.GetAsync(Example, canceled)).Describe().Should().Be(entry.Describe()));
        bool isStored = await EndsAsync(async () => await cache.SetAsync(Example, other, canceled));
        CachedPolicy stored = isStored ? other : entry;
        (await cache.GetAsync(Example)).Describe().Should().Be(stored.Describe());
        bool isUpdated = await EndsAsync(async () => await cache.UpdateAsync(Example, _ => updated, canceled));
        (await cache.GetAsync(Example)).Describe().Should().Be((isUpdated ? updated : stored).Describe());
        bool isRemoved = await EndsAsync(async () => await cache.RemoveAsync(Example, canceled));
        ((await cache.GetAsync(Example)) is null).Should().Be(isRemoved);

        bool[] ends = [isRead, isStored, isUpdated, isRemoved];
        ends.Should().AllBeEquivalentTo(isRead, "an implementation either observes the token or does not");
    }

    [Fact]
    public async Task ConcurrentUse_EachCallSeesTheEarlierCalls()
    {
        // Each task has its own domains and therefore knows its last write. All tasks also write to one shared domain.
        ICache cache = Create();
        PolicyDomain shared = PolicyDomain.Parse("shared.example");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(task => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"t{task}n{i}");
                PolicyDomain own = PolicyDomain.Parse(string.Create(CultureInfo.InvariantCulture, $"d{i % 5}.t{task}.example"));
                await cache.SetAsync(own, new(id, MakePolicy(), Now));
                await cache.SetAsync(shared, new(id, MakePolicy(), Now));
                (await cache.GetAsync(own))!.Id.Should().Be(id);
                (await cache.GetAsync(shared))?.Id.Should().MatchRegex("^t[0-7]n[0-9]+$");
                if (i % 7 == 0)
                {
                    await cache.RemoveAsync(own);
                    (await cache.GetAsync(own)).Should().BeNull();
                }
            }
        })));

        (await cache.GetAsync(shared))!.Id.Should().EndWith("n499", "the last write was the last one of some task");
    }

    [Fact]
    public async Task Update_EachStateOfTheEntry_ReturnsTheSameAsGet()
    {
        ICache cache = Create();
        CachedPolicy first = new("first", MakePolicy(), Now);
        CachedPolicy second = new("second", MakePolicy(PolicyMode.Testing), Now);
        CachedPolicy older = new("older", MakePolicy(), Now - TimeSpan.FromDays(1));
        CachedPolicy failure = MakeFailure(Now);
        List<string> passed = [];

        foreach (CachedPolicy next in (CachedPolicy[])[failure, first, second, older])
        {
            CachedPolicy? returned = await cache.UpdateAsync(Example, current =>
            {
                passed.Add(current.Describe());
                return next;
            });

            returned.Describe().Should().Be(next.Describe());
            (await cache.GetAsync(Example)).Describe().Should().Be(next.Describe());
        }

        passed.Should().Equal(((CachedPolicy?[])[null, failure, first, second]).Select(CacheSamples.Describe));
    }

    [Fact]
    public async Task Update_FailedFetch_KeepsThePolicyAndRemembersTheAttempt()
    {
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        await cache.SetAsync(Example, entry);

        CachedPolicy? returned = await cache.UpdateAsync(Example, Fail("a"));
        returned = await cache.UpdateAsync(Example, Fail("b"));

        returned.Describe().Should().Be(entry.With(new("a", Now), new("b", Now)).Describe());
        (await cache.GetAsync(Example)).Describe().Should().Be(returned.Describe());
    }

    [Fact]
    public async Task Update_Null_StoresNothingAndReturnsTheEntry()
    {
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);

        (await cache.UpdateAsync(Example, static _ => null)).Should().BeNull();
        (await cache.GetAsync(Example)).Should().BeNull();

        await cache.SetAsync(Example, entry);
        (await cache.UpdateAsync(Example, static _ => null)).Describe().Should().Be(entry.Describe());
        (await cache.GetAsync(Example)).Describe().Should().Be(entry.Describe());
    }

    [Fact]
    public async Task Update_ThatThrows_StoresNothingAndThrows()
    {
        ICache cache = Create();
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        await cache.SetAsync(Example, entry);

        Func<Task> act = async () => await cache.UpdateAsync(Example, static _ => throw new NotSupportedException("mine"));

        (await act.Should().ThrowAsync<NotSupportedException>()).WithMessage("mine");
        (await cache.GetAsync(Example)).Describe().Should().Be(entry.Describe());
        (await cache.UpdateAsync(Example, Fail("a")))!.FailedId.Should().Be("a", "the domain is not blocked");
    }

    [Fact]
    public async Task Update_Expired_ReturnsTheSameAsGet()
    {
        ICache cache = Create();
        CachedPolicy optOut = new(Id, MakePolicy(PolicyMode.None, maxAge: 0), Now);
        await cache.SetAsync(Example, new("before", MakePolicy(), Now - Tick));

        CachedPolicy? returned = await cache.UpdateAsync(Example, _ => optOut);

        returned.Describe().Should().BeOneOf(optOut.Describe(), CacheSamples.Describe(null));
        (await cache.GetAsync(Example)).Describe().Should().Be(returned.Describe());
    }

    // Overlapping deliveries: one fetches a policy, the others fail. Get and Set as separate steps would lose policies.
    [Fact]
    public async Task Update_PoliciesAndFailuresAtOnce_NoFailureOverwritesAPolicy()
    {
        ICache cache = Create();
        bool isDone = false;
        Task[] failing = [.. Enumerable.Range(0, 4).Select(task => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isDone))
            {
                await cache.UpdateAsync(Example, Fail(string.Create(CultureInfo.InvariantCulture, $"failing{task}")));
                await Task.Yield();
            }
        }))];
        for (int i = 0; i < 300; i++)
        {
            CachedPolicy fetched = new(string.Create(CultureInfo.InvariantCulture, $"id{i}"), MakePolicy(), Now + TimeSpan.FromSeconds(i));
            await cache.UpdateAsync(Example, current => fetched.With([.. current?.FailedAttempts ?? []]));
            await Task.Yield();
            (await cache.GetAsync(Example))!.Id.Should().Be(fetched.Id);
        }

        Volatile.Write(ref isDone, true);
        await Task.WhenAll(failing);
        (await cache.GetAsync(Example))!.Id.Should().Be("id299");
    }

    /// <summary>Creates an empty cache with room for a hundred domains.</summary>
    protected abstract ICache Create();

    /// <summary>Returns the update after a failed fetch.</summary>
    protected static Func<CachedPolicy?, CachedPolicy?> Fail(string id) =>
        current => PolicyRefresh.Complete(current, Found(id), FetchResult.Failed(FetchStatus.TimedOut), Now).Entry;

    protected static PolicyDomain Domain(int i) => PolicyDomain.Parse(string.Create(CultureInfo.InvariantCulture, $"domain{i}.example"));

    /// <summary>Returns whether a call ended without being canceled.</summary>
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
}
