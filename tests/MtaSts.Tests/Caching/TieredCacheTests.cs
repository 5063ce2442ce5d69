using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

public class TieredCacheTests
{
    private static readonly PolicyDomain Example = PolicyDomain.Parse("example.com");

    private static readonly TimeSpan TrustFor = TimeSpan.FromSeconds(30);

    // Ten seconds after the setup of each test.
    private static readonly DateTimeOffset Now = Noon + TimeSpan.FromDays(2);

    private readonly FakeTimeProvider _clock = new(Now - TimeSpan.FromSeconds(10));
    private readonly List<(PolicyDomain? Domain, Exception Exception)> _told = [];
    private readonly InMemoryCache _near;
    private readonly SharedStore _far;
    private readonly TieredCache _cache;

    public TieredCacheTests()
    {
        _near = new(new() { Capacity = 100, TimeProvider = _clock });
        _far = new(_clock);
        _cache = new(_near, _far, new() { TimeProvider = _clock, OnFarError = (domain, exception) => _told.Add((domain, exception)) });
    }

    // The result, the calls of the far cache, and what is near afterwards. A trusted entry was confirmed ten seconds ago.
    public static TheoryData<string, bool, string, string, int, string> Reads => new()
    {
        // near, trusted, far, result, calls, near afterwards
        { "nothing", false, "nothing", "nothing", 1, "nothing" },
        { "nothing", false, "older", "far", 1, "far" },
        { "nothing", false, "newer", "far", 1, "far" },
        { "nothing", false, "throws", "throws", 1, "nothing" },
        { "nothing", false, "hangs", "canceled", 1, "nothing" },

        { "policy", true, "nothing", "near", 0, "near" },
        { "policy", true, "older", "near", 0, "near" },
        { "policy", true, "same", "near", 0, "near" },
        { "policy", true, "newer", "near", 0, "near" },
        { "policy", true, "throws", "near", 0, "near" },
        { "policy", true, "hangs", "near", 0, "near" },

        { "policy", false, "nothing", "near", 1, "near" },
        { "policy", false, "older", "near", 1, "near" },
        { "policy", false, "same", "far", 1, "far" },
        { "policy", false, "same, failed", "far", 1, "far" },
        { "policy", false, "newer", "far", 1, "far" },
        { "policy", false, "attempt", "near", 1, "near" },
        { "policy", false, "future", "near", 1, "near" }, // dated by a wrong clock
        { "policy", false, "throws", "near", 1, "near" },
        { "policy", false, "hangs", "canceled", 1, "near" },

        { "policy, failed", false, "same", "near", 1, "near" }, // the later failed attempt
        { "policy, failed", false, "newer", "far", 1, "far" },

        { "attempt", true, "newer", "near", 0, "near" },
        { "attempt", true, "throws", "near", 0, "near" },
        { "attempt", false, "nothing", "near", 1, "near" },
        { "attempt", false, "older", "far", 1, "far" }, // a policy over none
        { "attempt", false, "older attempt", "near", 1, "near" },
        { "attempt", false, "same", "far", 1, "far" },
        { "attempt", false, "attempt", "far", 1, "far" },
        { "attempt", false, "newer", "far", 1, "far" },
        { "attempt", false, "throws", "near", 1, "near" },
        { "attempt", false, "hangs", "canceled", 1, "near" },

        // An expired policy is not used, trusted or not: another process may have a new one.
        { "expired", true, "nothing", "nothing", 1, "near" },
        { "expired", true, "newer", "far", 1, "far" },
        { "expired", true, "throws", "throws", 1, "near" },
        { "expired", true, "hangs", "canceled", 1, "near" },
        { "expired", false, "nothing", "nothing", 1, "near" },
        { "expired", false, "older", "far", 1, "far" },
        { "expired", false, "attempt", "far", 1, "far" },
        { "expired", false, "newer", "far", 1, "far" },
        { "expired", false, "throws", "throws", 1, "near" },
        { "expired", false, "hangs", "canceled", 1, "near" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task Get_EachStateOfBothTiers(string near, bool isTrusted, string far, string result, int calls, string nearAfterwards)
    {
        CachedPolicy? nearEntry = near switch
        {
            "nothing" => null,
            "policy" => new("near", MakePolicy(), Now.AddDays(-1)),
            "policy, failed" => new CachedPolicy("near", MakePolicy(), Now.AddDays(-1)).With(new FailedAttempt("x", Now.AddMinutes(-1))),
            "attempt" => MakeFailure(Now.AddMinutes(-1), "near"),
            _ => new("near", MakePolicy(), Now.AddDays(-7)), // expires now
        };
        if (isTrusted)
        {
            _far.Put(Example, nearEntry);
            nearEntry = await _cache.GetAsync(Example);
        }
        else if (nearEntry is not null)
        {
            _near.Set(Example.Name, nearEntry);
        }

        CachedPolicy? farEntry = far switch
        {
            "older" => new("far", MakePolicy(), Now.AddDays(-1) - Tick),
            "same" => near == "attempt" ? nearEntry : new("near", MakePolicy(), Now.AddDays(-1)),
            "same, failed" => new CachedPolicy("near", MakePolicy(), Now.AddDays(-1)).With(new FailedAttempt("x", Now.AddMinutes(-1))),
            "newer" => new("far", MakePolicy(), Now.AddDays(-1) + Tick),
            "future" => new("far", MakePolicy(), Now.AddMinutes(5) + Tick),
            "attempt" => MakeFailure(Now.AddMinutes(-1) + Tick, "far"),
            "older attempt" => MakeFailure(Now.AddMinutes(-1) - Tick, "far"),
            _ => null,
        };
        _clock.Advance(TimeSpan.FromSeconds(10));
        _far.Put(Example, farEntry);
        TimeoutException fault = new();
        CancellationTokenSource end = new();
        _far.Before = () => far switch
        {
            "throws" => throw fault,
            "hangs" => HangAsync(end),
            _ => Task.CompletedTask,
        };
        int callsBefore = _far.Calls;

        Func<Task<CachedPolicy?>> read = async () => await _cache.GetAsync(Example, end.Token);

        CachedPolicy? expected = result switch { "near" => nearEntry, "far" => farEntry, _ => null };
        switch (result)
        {
            case "throws":
                (await read.Should().ThrowAsync<TimeoutException>()).Which.Should().BeSameAs(fault);
                break;
            case "canceled":
                (await read.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(end.Token);
                break;
            default:
                (await read()).Describe().Should().Be(expected.Describe());
                break;
        }

        (_far.Calls - callsBefore).Should().Be(calls);
        _near.TryGet(Example.Name, out CachedPolicy? kept);
        kept.Describe().Should().Be((nearAfterwards switch { "near" => nearEntry, "far" => farEntry, _ => null }).Describe());
        bool isTold = far == "throws" && result == "near" && calls == 1;
        _told.Should().Equal(isTold ? [(Example, fault)] : []);

        // What was confirmed, or what is near while far fails, is not asked for again.
        if (expected is not null && kept is not null && _clock.GetUtcNow() < kept.KeepUntil)
        {
            (await _cache.GetAsync(Example)).Should().BeSameAs(kept);
            (_far.Calls - callsBefore).Should().Be(calls);
        }
    }

    [Fact]
    public void Options_Defaults_AreAsDocumented()
    {
        TieredCacheOptions options = new();
        (options.TrustFor, options.FarTimeout).Should().Be((TrustFor, TimeSpan.FromSeconds(2)));
        options.TimeProvider.Should().BeSameAs(TimeProvider.System);
        options.OnFarError.Should().BeNull();
    }

    [Fact]
    public void Constructor_InvalidArguments_Throws()
    {
        FluentActions.Invoking(() => new TieredCache(null!, _far)).Should().Throw<ArgumentNullException>().WithParameterName("near");
        FluentActions.Invoking(() => new TieredCache(_near, null!)).Should().Throw<ArgumentNullException>().WithParameterName("far");
        FluentActions.Invoking(() => new TieredCache(_near, _far, new() { TimeProvider = null! }))
            .Should().Throw<ArgumentNullException>().WithParameterName("options");
        TieredCacheOptions[] invalid =
        [
            new() { TrustFor = -Tick }, new() { FarTimeout = TimeSpan.Zero }, new() { FarTimeout = -Tick },
            new() { FarTimeout = TimeSpan.FromDays(50) },
        ];
        foreach (TieredCacheOptions options in invalid)
        {
            FluentActions.Invoking(() => new TieredCache(_near, _far, options))
                .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("options");
        }

        new TieredCache(_near, _far, new() { TrustFor = TimeSpan.Zero, FarTimeout = Timeout.InfiniteTimeSpan }).Should().NotBeNull();
    }

    [Fact]
    public async Task Options_ChangedLater_HaveNoEffect()
    {
        TieredCacheOptions options = new() { TimeProvider = _clock };
        TieredCache cache = new(_near, _far, options);
        options.TrustFor = TimeSpan.Zero;
        _far.Put(Example, MakeEntry());

        await cache.GetAsync(Example);
        await cache.GetAsync(Example);

        _far.Calls.Should().Be(1);
    }

    [Fact]
    public async Task Get_TrustEndsToTheTick_CountedFromTheStartOfTheFarRead()
    {
        _far.Put(Example, MakeEntry());
        _far.Before = () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        };
        await _cache.GetAsync(Example);

        _clock.Advance(TrustFor - TimeSpan.FromSeconds(1) - Tick);
        await _cache.GetAsync(Example);
        _far.Calls.Should().Be(1);

        _clock.Advance(Tick);
        await _cache.GetAsync(Example);
        _far.Calls.Should().Be(2);
    }

    [Fact]
    public async Task Get_TrustForZero_AsksEachTime()
    {
        TieredCache cache = new(_near, _far, new() { TrustFor = TimeSpan.Zero, TimeProvider = _clock });
        _far.Put(Example, MakeEntry());
        for (int i = 1; i <= 3; i++)
        {
            await cache.GetAsync(Example);
            _far.Calls.Should().Be(i);
        }
    }

    // The clock of the wall may go back. Trust is counted by the monotonic clock.
    [Fact]
    public async Task Get_ClockSetBack_DoesNotExtendTheTrust()
    {
        SteppingClock clock = new(Now);
        TieredCache cache = new(new(new() { TimeProvider = clock }), _far, new() { TimeProvider = clock });
        _far.Put(Example, MakeEntry());
        await cache.GetAsync(Example);

        clock.Advance(TrustFor);
        clock.Step(TimeSpan.FromHours(-1));
        await cache.GetAsync(Example);

        _far.Calls.Should().Be(2);
    }

    [Fact]
    public async Task Get_FarThrows_UsesWhatIsNearUntilKeepUntilToTheTick()
    {
        CachedPolicy policy = new(Id, MakePolicy(maxAge: 600), Now);
        CachedPolicy attempt = MakeFailure(Now.AddMinutes(-2));
        CachedPolicy expiredAndFailed = new CachedPolicy(Id, MakePolicy(maxAge: 60), Now.AddDays(-1)).With(new FailedAttempt("x", Now));
        _far.Before = static () => throw new TimeoutException();
        int i = 0;
        foreach (CachedPolicy entry in (CachedPolicy[])[attempt, expiredAndFailed, policy])
        {
            PolicyDomain domain = PolicyDomain.Parse(string.Create(CultureInfo.InvariantCulture, $"d{i++}.example"));
            _near.Set(domain.Name, entry);
            _clock.SetUtcNow(entry.KeepUntil - Tick);

            (await _cache.GetAsync(domain)).Should().BeSameAs(entry);

            _clock.Advance(Tick);
            await FluentActions.Awaiting(async () => await _cache.GetAsync(domain)).Should().ThrowAsync<TimeoutException>();
        }
    }

    // A near cache whose store was lost keeps its policies until they expire.
    [Fact]
    public async Task Get_FarLostTheEntry_UsesWhatIsNearUntilKeepUntilToTheTick()
    {
        CachedPolicy? entry = await _cache.UpdateAsync(Example, static _ => new(Id, MakePolicy(maxAge: 600), Now));
        _far.Put(Example, entry: null);

        _clock.SetUtcNow(entry!.KeepUntil - Tick);
        (await _cache.GetAsync(Example)).Should().BeSameAs(entry);
        _clock.Advance(Tick);
        (await _cache.GetAsync(Example)).Should().BeNull();
    }

    // Each delivery that asks a cache in trouble may have to wait for it.
    [Fact]
    public async Task Get_FarThrows_IsNotAskedAgainWithinTrustFor()
    {
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        _near.Set(Example.Name, entry);
        _far.Before = static () => throw new TimeoutException();

        for (int i = 0; i < 10; i++)
        {
            (await _cache.GetAsync(Example)).Should().BeSameAs(entry);
        }

        (_far.Calls, _told.Count).Should().Be((1, 1));
        _clock.Advance(TrustFor - Tick);
        await _cache.GetAsync(Example);
        _far.Calls.Should().Be(1);
        _clock.Advance(Tick);
        await _cache.GetAsync(Example);
        (_far.Calls, _told.Count).Should().Be((2, 2));
    }

    [Fact]
    public async Task Get_FarHangs_UsesWhatIsNearAfterFarTimeout()
    {
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        _near.Set(Example.Name, entry);
        TaskCompletionSource hang = new();
        _far.Before = () => hang.Task;

        Task<CachedPolicy?> read = _cache.GetAsync(Example).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2) - Tick);
        read.IsCompleted.Should().BeFalse();
        _clock.Advance(Tick);

        (await read).Should().BeSameAs(entry);
        _told.Should().ContainSingle().Which.Exception.Should().BeOfType<TimeoutException>();
        (await _cache.GetAsync(Example)).Should().BeSameAs(entry);
        _far.Calls.Should().Be(1, "the next deliveries do not wait");

        PolicyDomain unknown = PolicyDomain.Parse("unknown.example");
        Task<CachedPolicy?> other = _cache.GetAsync(unknown).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2));
        await FluentActions.Awaiting(() => other).Should().ThrowAsync<TimeoutException>();
        _told.Should().ContainSingle("the caller has the other exception");
    }

    // A read that nobody waits for must not keep a connection.
    [Fact]
    public async Task Get_FarIsLate_CancelsItsRead()
    {
        _near.Set(Example.Name, new(Id, MakePolicy(), Now));
        CancellationToken token = default;
        TieredCache cache = new(_near, new OnlyCache(_far) { OnGet = given => token = given }, new() { TimeProvider = _clock });
        _far.Before = static () => new TaskCompletionSource().Task;

        Task<CachedPolicy?> read = cache.GetAsync(Example).AsTask();
        token.IsCancellationRequested.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(2));

        await read;
        token.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task Get_FarCancelsByItself_IsAFault()
    {
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        _near.Set(Example.Name, entry);
        _far.Before = static () => throw new OperationCanceledException("its own time limit");

        (await _cache.GetAsync(Example, new CancellationTokenSource().Token)).Should().BeSameAs(entry);

        _told.Should().ContainSingle().Which.Exception.Should().BeOfType<OperationCanceledException>();
    }

    [Fact]
    public async Task OnFarError_ThatThrows_IsIgnored()
    {
        int calls = 0;
        TieredCacheOptions options = new()
        {
            TimeProvider = _clock,
            OnFarError = (_, _) =>
            {
                calls++;
                throw new InvalidOperationException();
            },
        };
        TieredCache cache = new(_near, _far, options);
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        _near.Set(Example.Name, entry);
        _far.Before = static () => throw new TimeoutException();

        (await cache.GetAsync(Example)).Should().BeSameAs(entry);
        (await cache.DueForRefreshAsync(Now.AddDays(2)).ToListAsync()).Should().Equal(Example);
        calls.Should().Be(2);
    }

    // One instance may be stored for two domains, but it was confirmed for one.
    [Fact]
    public async Task Get_SameInstanceOfAnotherDomain_IsNotTrusted()
    {
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        PolicyDomain other = PolicyDomain.Parse("other.example");
        await _cache.UpdateAsync(Example, _ => entry);
        _near.Set(Example.Name, entry);
        _near.Set(other.Name, entry);
        CachedPolicy newer = new("newer", MakePolicy(), Now + Tick);
        _far.Put(other, newer);

        (await _cache.GetAsync(other)).Describe().Should().Be(newer.Describe());
    }

    [Fact]
    public async Task Update_FarLostTheEntry_RestoresIt()
    {
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        await _cache.UpdateAsync(Example, _ => entry);
        _far.Put(Example, entry: null);
        FailedAttempt attempt = new("x", Now);

        CachedPolicy? updated = await _cache.UpdateAsync(Example, current => current!.With(attempt));

        updated.Describe().Should().Be(entry.With(attempt).Describe());
        _far.Peek(Example).Describe().Should().Be(updated.Describe());

        _far.Put(Example, entry: null);
        (await _cache.UpdateAsync(Example, static _ => null)).Describe().Should().Be(updated.Describe());
        _far.Peek(Example).Describe().Should().Be(updated.Describe(), "an update that changes nothing restores the entry too");
    }

    [Fact]
    public async Task Update_StoresFarThenNear_AndConfirms()
    {
        CachedPolicy other = new("other", MakePolicy(), Now - Tick);
        _far.Put(Example, other);
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        List<string> passed = [];

        CachedPolicy? stored = await _cache.UpdateAsync(Example, current =>
        {
            passed.Add(current.Describe());
            return entry;
        });

        passed.Should().Equal(other.Describe());
        stored.Describe().Should().Be(entry.Describe());
        (await _cache.GetAsync(Example)).Should().BeSameAs(stored);
        _far.Calls.Should().Be(1, "the update confirms what it stored");
        _clock.Advance(TrustFor);
        await _cache.GetAsync(Example);
        _far.Calls.Should().Be(2);
    }

    // The policy that was just fetched applies here, and in the end everywhere.
    [Fact]
    public async Task Update_FarThrows_AppliesNearAndThrows()
    {
        CachedPolicy old = new("old", MakePolicy(), Now.AddDays(-1));
        await _cache.UpdateAsync(Example, _ => old);
        CachedPolicy fetched = new("fetched", MakePolicy(), Now);
        TimeoutException fault = new();
        _far.Before = () => throw fault;

        Func<Task> update = async () => await _cache.UpdateAsync(Example, _ => fetched);

        (await update.Should().ThrowAsync<TimeoutException>()).Which.Should().BeSameAs(fault);
        _told.Should().BeEmpty("the caller has the exception");
        (await _cache.GetAsync(Example)).Should().BeSameAs(fetched);

        _far.Before = null;
        _clock.Advance(TrustFor);
        (await _cache.GetAsync(Example)).Should().BeSameAs(fetched, "far has the older policy");
        await _cache.UpdateAsync(Example, current => current!.With(new FailedAttempt("x", Now)));
        _far.Peek(Example)!.Id.Should().Be("fetched");
    }

    [Fact]
    public async Task Update_FarHangs_AppliesNearAfterFarTimeout()
    {
        CachedPolicy fetched = new("fetched", MakePolicy(), Now);
        TaskCompletionSource hang = new();
        _far.Before = () => hang.Task;

        Task<CachedPolicy?> update = _cache.UpdateAsync(Example, _ => fetched).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(2));

        await FluentActions.Awaiting(() => update).Should().ThrowAsync<TimeoutException>();
        _near.TryGet(Example.Name, out CachedPolicy? near).Should().BeTrue();
        near.Should().BeSameAs(fetched);
    }

    [Fact]
    public async Task Update_ThatThrows_StoresNothing()
    {
        CachedPolicy entry = new(Id, MakePolicy(), Now);
        _far.Put(Example, entry);

        // Throws for what is far, and would not throw for what is near.
        Func<Task> update = async () => await _cache.UpdateAsync(
            Example, static current => current is null ? MakeEntry() : throw new NotSupportedException("mine"));

        await update.Should().ThrowAsync<NotSupportedException>();
        _near.Count.Should().Be(0);
        _far.Peek(Example).Describe().Should().Be(entry.Describe());
    }

    // The caller has the exception of the update, so that of the far cache is told.
    [Fact]
    public async Task Update_ThatThrowsNearAfterFarThrew_TellsTheFarException()
    {
        TimeoutException fault = new();
        _far.Before = () => throw fault;

        Func<Task> update = async () => await _cache.UpdateAsync(Example, static _ => throw new NotSupportedException("mine"));

        await update.Should().ThrowAsync<NotSupportedException>();
        _told.Should().Equal((Example, fault));
    }

    [Fact]
    public async Task Update_CanceledDuringTheFarCall_StoresNothingNear()
    {
        CancellationTokenSource end = new();
        _far.Before = () => HangAsync(end);

        Func<Task> update = async () => await _cache.UpdateAsync(Example, static _ => MakeEntry(), end.Token);

        (await update.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(end.Token);
        (_near.Count, _told.Count).Should().Be((0, 0));
    }

    // A domain opts out with a policy that expires at once. A store that drops it must not bring the old policy back.
    [Fact]
    public async Task Update_FarDropsTheOptOut_EndsThePolicyNear()
    {
        await _cache.UpdateAsync(Example, static _ => new(Id, MakePolicy(), Now.AddDays(-1)));
        CachedPolicy optOut = new("out", new Policy(PolicyMode.None, TimeSpan.Zero, []), Now.AddSeconds(-10));

        (await _cache.UpdateAsync(Example, _ => optOut)).Should().BeNull();

        (await _cache.GetAsync(Example)).Should().BeNull();
        _clock.Advance(TrustFor);
        (await _cache.GetAsync(Example)).Should().BeNull();
    }

    // Two updates of this process, stored far in one order and near in the other.
    [Fact]
    public async Task Update_OvertakenByAnother_IsNotTrusted()
    {
        TaskCompletionSource hold = new();
        _far.After = () => hold.Task;
        CachedPolicy first = new("first", MakePolicy(), Now);
        CachedPolicy second = new("second", MakePolicy(), Now);
        Task<CachedPolicy?> overtaken = _cache.UpdateAsync(Example, _ => first).AsTask();
        _far.After = null;
        await _cache.UpdateAsync(Example, _ => second);
        hold.SetResult();
        await overtaken;

        (await _cache.GetAsync(Example)).Describe().Should().Be(second.Describe());
    }

    // What a read found far is outdated once another call has written near.
    [Fact]
    public async Task Get_OvertakenByAWrite_ChangesNothingNear()
    {
        CachedPolicy entry = new("near", MakePolicy(), Now);
        foreach (CachedPolicy? write in (CachedPolicy?[])[new("older", MakePolicy(), Now.AddDays(-1)), null])
        {
            _near.Set(Example.Name, entry);
            _far.Put(Example, new("far", MakePolicy(), Now + Tick));
            TaskCompletionSource hold = new();
            _far.After = () => hold.Task;
            Task<CachedPolicy?> read = _cache.GetAsync(Example).AsTask();
            _far.After = null;
            await (write is null ? _cache.RemoveAsync(Example) : _cache.SetAsync(Example, write));
            hold.SetResult();

            (await read)!.Id.Should().Be("far");
            (await _cache.GetAsync(Example)).Describe().Should().Be(write.Describe());
        }
    }

    [Fact]
    public async Task SetAndRemove_FarThrows_ChangeWhatIsNearAndThrow()
    {
        CachedPolicy newer = new("newer", MakePolicy(), Now);
        CachedPolicy older = new("older", MakePolicy(), Now.AddDays(-1));
        await _cache.UpdateAsync(Example, _ => newer);
        _far.Before = static () => throw new TimeoutException();

        await FluentActions.Awaiting(async () => await _cache.SetAsync(Example, older)).Should().ThrowAsync<TimeoutException>();
        _near.TryGet(Example.Name, out CachedPolicy? near);
        near.Should().BeSameAs(older);

        await FluentActions.Awaiting(async () => await _cache.RemoveAsync(Example)).Should().ThrowAsync<TimeoutException>();
        _near.Count.Should().Be(0);
        _told.Should().BeEmpty();
        _far.Peek(Example).Describe().Should().Be(newer.Describe());
    }

    [Fact]
    public async Task DueForRefresh_ListsTheDomainsOfBothTiersOnce()
    {
        CachedPolicy due = new(Id, MakePolicy(), Now.AddDays(-3));
        PolicyDomain[] domains = [.. Enumerable.Range(0, 3).Select(static i => PolicyDomain.Parse($"d{i}.example"))];
        _near.Set(domains[0].Name, due);
        _near.Set(domains[1].Name, due);
        _far.Put(domains[1], due);
        _far.Put(domains[2], due);

        (await _cache.DueForRefreshAsync(Now).ToListAsync()).Should().BeEquivalentTo(domains);

        TimeoutException fault = new();
        _far.Before = () => throw fault;
        (await _cache.DueForRefreshAsync(Now).ToListAsync()).Should().BeEquivalentTo(domains[..2]);
        _told.Should().Equal((null, fault));

        // A far cache that cannot list.
        TieredCache cache = new(_near, new OnlyCache(_far));
        (await cache.DueForRefreshAsync(Now).ToListAsync()).Should().BeEquivalentTo(domains[..2]);
    }

    [Fact]
    public async Task DueForRefresh_FarHangs_HasListedTheDomainsNear()
    {
        _near.Set(Example.Name, new(Id, MakePolicy(), Now.AddDays(-3)));
        using CancellationTokenSource end = new();
        _far.Before = () => Task.Delay(Timeout.Infinite, end.Token);
        await using IAsyncEnumerator<PolicyDomain> due = _cache.DueForRefreshAsync(Now, end.Token).GetAsyncEnumerator();

        (await due.MoveNextAsync()).Should().BeTrue();
        due.Current.Should().Be(Example);
        Task<bool> next = due.MoveNextAsync().AsTask();
        await end.CancelAsync();
        await FluentActions.Awaiting(() => next).Should().ThrowAsync<OperationCanceledException>();
        _told.Should().BeEmpty();
    }

    // The confirmations do not keep what the near cache has dropped.
    [Fact]
    public async Task Confirmations_OfEvictedEntries_AreCollected()
    {
        const int Domains = 5_000;
        WeakReference[] entries = await ReadAsync(_cache, _far, Domains);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        int alive = entries.Count(static entry => entry.IsAlive);
        alive.Should().BeInRange(_near.Count - 1, _near.Count + 10);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<WeakReference[]> ReadAsync(TieredCache cache, SharedStore far, int count)
        {
            WeakReference[] read = new WeakReference[count];
            for (int i = 0; i < count; i++)
            {
                PolicyDomain domain = PolicyDomain.Parse(string.Create(CultureInfo.InvariantCulture, $"d{i}.example"));
                far.Put(domain, new(Id, MakePolicy(), Now));
                read[i] = new(await cache.GetAsync(domain));
            }

            return read;
        }
    }

    // Law: a call sees every call of its process that ended before it began, also while far fails and loses entries.
    [Fact]
    public async Task Threads_EachReadSeesTheUpdatesThatEndedBefore()
    {
        const int Rounds = 2_000;
        int calls = 0;
        _far.Before = () => Interlocked.Increment(ref calls) % 7 == 0 ? throw new TimeoutException() : Task.CompletedTask;
        TieredCache[] processes =
        [
            .. Enumerable.Range(0, 2).Select(_ => new TieredCache(
                new(new() { Capacity = 100, TimeProvider = _clock }),
                _far,
                new() { TimeProvider = _clock, TrustFor = TimeSpan.FromDays(1) })),
        ];
        long fetches = 0;
        long[] seen = new long[processes.Length];
        ConcurrentBag<string> violations = [];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            int process = worker % processes.Length;
            for (int i = 0; i < Rounds; i++)
            {
                if (i % 4 == 0)
                {
                    DateTimeOffset began = Now.AddDays(-1).AddTicks(Interlocked.Increment(ref fetches));
                    FetchResult fetch = Fetched(MakePolicy());
                    DateTimeOffset applied = default;
                    try
                    {
                        CachedPolicy? stored = await processes[process].UpdateAsync(
                            Example, current => PolicyRefresh.Complete(current, Found(Id), fetch, began).Entry);
                        applied = stored!.FetchedAt;
                    }
                    catch (TimeoutException)
                    {
                        applied = began;
                    }

                    Max(ref seen[process], applied.UtcTicks);
                }
                else
                {
                    long before = Volatile.Read(ref seen[process]);
                    CachedPolicy? entry = null;
                    try
                    {
                        entry = await processes[process].GetAsync(Example);
                    }
                    catch (TimeoutException)
                    {
                    }

                    if ((entry?.FetchedAt.UtcTicks ?? 0) < before)
                    {
                        violations.Add($"{entry} is older than {before} ticks");
                    }
                }

                if (worker == 0 && i % 100 == 0)
                {
                    _far.Put(Example, entry: null);
                }
            }
        })));

        violations.Should().BeEmpty();
        seen.Min().Should().BeGreaterThan(Now.AddDays(-1).UtcTicks);
    }

    private static void Max(ref long value, long candidate)
    {
        for (long current = Volatile.Read(ref value); current < candidate; current = Volatile.Read(ref value))
        {
            Interlocked.CompareExchange(ref value, candidate, current);
        }
    }

    private static async Task HangAsync(CancellationTokenSource end)
    {
        await end.CancelAsync();
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }

    /// <summary>Represents a store that cannot list what is due.</summary>
    private sealed class OnlyCache(ICache cache) : ICache
    {
        public Action<CancellationToken> OnGet { get; init; } = static _ => { };

        public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default)
        {
            OnGet(cancellationToken);
            return cache.GetAsync(domain, cancellationToken);
        }

        public ValueTask<CachedPolicy?> UpdateAsync(
            PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default) =>
            cache.UpdateAsync(domain, update, cancellationToken);

        public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default) =>
            cache.SetAsync(domain, entry, cancellationToken);

        public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
            cache.RemoveAsync(domain, cancellationToken);
    }
}
