using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests each rule of <see cref="PolicyDiscovery"/> by an example.</summary>
/// <remarks>
/// Time does not pass unless a test advances the clock. A fetch runs on the thread pool, so a test waits for what must happen; it never
/// waits a fixed time.
/// </remarks>
public sealed class PolicyDiscoveryTests : IAsyncDisposable
{
    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly FaultyCache _cache = new();
    private readonly FakeSource _source = new();
    private readonly ConcurrentQueue<DiscoveryEvent> _events = new();
    private readonly PolicyDiscovery _discovery;

    public PolicyDiscoveryTests() => _discovery = Create(_cache);

    // A lookup: what it does, and the exception of its event.
    public static TheoryData<string, Type?> FailedLookups => new()
    {
        { "returns LookupFailed", null },
        { "throws", typeof(IOException) },
        { "throws later", typeof(IOException) },
        { "returns null", typeof(InvalidOperationException) },
        { "cancels itself", typeof(OperationCanceledException) }, // no token of ours was canceled
        { "is late", typeof(TimeoutException) },
        { "is late and ignores its token", typeof(TimeoutException) },
    };

    // A fetch: what it does, its status, and the exception of its event.
    public static TheoryData<string, FetchStatus, Type?> FailedFetches => new()
    {
        { "returns a failure", FetchStatus.NotFound, null },
        { "throws", FetchStatus.ConnectionFailed, typeof(IOException) },
        { "throws later", FetchStatus.ConnectionFailed, typeof(IOException) },
        { "returns null", FetchStatus.ConnectionFailed, typeof(InvalidOperationException) },
        { "cancels itself", FetchStatus.TimedOut, typeof(OperationCanceledException) }, // as HttpClient does at its own limit
        { "is late", FetchStatus.TimedOut, typeof(TimeoutException) },
        { "is late and ignores its token", FetchStatus.TimedOut, typeof(TimeoutException) },
    };

    // The cache cannot be read. What the DNS and the policy host answer, and whether a policy may exist that was not found.
    public static TheoryData<TxtAnswer, bool, bool> UnreadableCaches => new()
    {
        { Found("1"), true, false },
        { Found("1"), false, true },
        { TxtAnswer.NoRecord, true, true },
        { TxtAnswer.LookupFailed, true, true },
    };

    // The policy of id 1 denied a message. The new lookup; whether the policy host answers; what a cache holds by then; may it bounce?
    public static TheoryData<string, bool, string, bool> Bounces => new()
    {
        { "id 1", true, "judged", true },
        { "no record", true, "judged", true },
        { "no record", true, "nothing", true },
        { "lookup failed", true, "judged", false },
        { "id 2", false, "judged", true }, // tried now
        { "id 2", true, "judged", false }, // deliver by the new policy
        { "id 2", true, "nothing", false },
        { "id 2", false, "id 2 failed 4 minutes ago", true }, // tried by another delivery
        { "id 2", true, "id 2 failed 4 minutes ago", true },
        { "id 3", true, "id 2 failed 4 minutes ago", false },
        { "lookup failed", false, "id 2 failed 4 minutes ago", false },
        { "id 1", false, "id 2", false }, // another delivery has fetched a newer policy
        { "no record", false, "id 2", false },
        { "id 2", false, "id 2", false },
        { "id 1", false, "renewed", true }, // the same policy, fetched again
        { "id 1", false, "renewed with other hosts", false },
    };

    public async ValueTask DisposeAsync() => await _discovery.DisposeAsync();

    [Fact]
    public async Task DiscoverAsync_SameIdNotDue_AppliesAtOnceAndFetchesNothing()
    {
        CachedPolicy cached = await StoreAsync("1");
        _source.Txt = Found("1");

        ValueTask<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain);

        call.IsCompletedSuccessfully.Should().BeTrue("nothing has to be waited for");
        DiscoveredPolicy found = await call;
        (found.Domain, found.Entry, found.Policy).Should().Be((Domain, cached, cached.Policy));
        (found.Failure, found.ShouldAlert, found.IsUncertain, found.Refresh).Should().Be((TlsFailure.None, false, false, null));
        found.Enforce("mail.example.com").Should().Be(Sts.Enforce(cached.Policy, "mail.example.com"));
        found.Enforce("mail.example.com", TlsOutcome.Expired)
            .Should().Be(Sts.Enforce(cached.Policy, "mail.example.com", TlsOutcome.Expired));
        (_source.Lookups, _source.Fetches).Should().Be((1, 0));
        _events.Should().BeEmpty();
    }

    [Fact]
    public async Task DiscoverAsync_CacheAndLookup_RunAtTheSameTime()
    {
        TaskCompletionSource read = new();
        TaskCompletionSource<TxtAnswer> lookup = new();
        _cache.OnGet = _ => new(read.Task);
        _source.OnLookup = (_, _) => new(lookup.Task);

        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();

        _source.Lookups.Should().Be(1, "the lookup does not wait for the cache");
        lookup.SetResult(TxtAnswer.NoRecord);
        read.SetResult();
        (await Within(call)).Policy.Should().BeNull();
    }

    [Fact]
    public async Task DiscoverAsync_NothingCached_WaitsForTheFetchAndStoresIt()
    {
        _source.Txt = Found("1");
        _source.Policy = Fetched(MakePolicy());

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        found.Policy.Should().Be(MakePolicy());
        found.Entry!.FetchedAt.Should().Be(Noon);
        (await ReadAsync()).Should().BeSameAs(found.Entry);
        DiscoveryEvent told = _events.Should().ContainSingle().Subject;
        (told.Kind, told.Fetch!.IsOk, told.Exception).Should().Be((DiscoveryEventKind.Fetched, true, null));
    }

    // The policy host hangs, and answers only when the test is over.
    [Fact]
    public async Task DiscoverAsync_PolicyHostHangsAndAPolicyIsCached_AnswersInTheTimeOfTheLookup()
    {
        CachedPolicy cached = await StoreAsync("1");
        TaskCompletionSource<TxtAnswer> lookup = new();
        _source.OnLookup = (_, _) => new(lookup.Task);
        _source.OnFetch = static (_, token) => Never<FetchResult>(token);
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();

        lookup.SetResult(Found("2"));

        DiscoveredPolicy found = await Within(call);
        found.Entry.Should().BeSameAs(cached);
        found.Refresh.Should().NotBeNull();
        _clock.GetUtcNow().Should().Be(Noon, "no time has passed");
    }

    [Fact]
    public async Task DiscoverAsync_SourceBlocksItsThreadAndAPolicyIsCached_AnswersAtOnce()
    {
        await StoreAsync("1");
        using ManualResetEventSlim end = new();
        _source.Txt = Found("2");
        _source.OnFetch = (_, _) =>
        {
            end.Wait(CancellationToken.None);
            return new(FetchResult.Failed(FetchStatus.TimedOut));
        };

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        found.Refresh!.IsCompleted.Should().BeFalse();
        end.Set();
        await Within(found.Refresh);
    }

    // The domain has moved its MX: the cached policy denies the new host, and the refresh allows it.
    [Fact]
    public async Task DiscoverAsync_OtherId_RefreshBringsTheNewPolicy()
    {
        await StoreAsync("1");
        _source.Txt = Found("2");
        _source.Policy = Fetched(MakePolicy(mx: "new.example.net"));

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        found.Enforce("new.example.net").Verdict.Should().Be(Verdict.Deny);

        DiscoveredPolicy next = await Within(found.Refresh!);
        next.Enforce("new.example.net").Verdict.Should().Be(Verdict.Allow);
        next.Refresh.Should().BeNull();
    }

    // A delivery that is about to be deferred may wait for a fetch that another one has begun.
    [Theory]
    [InlineData("1")]
    [InlineData(null)]
    public async Task DiscoverAsync_FetchInProgressAndNoneDue_HasItsRefresh(string? id)
    {
        await StoreAsync("1");
        TaskCompletionSource<FetchResult> fetch = await BeginFetchAsync("2");
        _source.Txt = id is null ? TxtAnswer.LookupFailed : Found(id);

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        fetch.SetResult(Fetched(MakePolicy(mx: "new.example.net")));

        (await Within(found.Refresh!)).Policy!.Matches("new.example.net").Should().BeTrue();
    }

    [Theory]
    [InlineData(604_800)]
    [InlineData(0)] // expires at once: a new plan would fetch again, for ever
    public async Task DiscoverAsync_200DeliveriesToAColdDomain_ShareOneFetch(int maxAge)
    {
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found("1");
        _source.OnFetch = (_, _) => new(fetch.Task);
        Task<DiscoveredPolicy>[] calls = [.. Enumerable.Range(0, 200).Select(_ => _discovery.DiscoverAsync(Domain).AsTask())];

        fetch.SetResult(Fetched(MakePolicy(maxAge: maxAge)));

        DiscoveredPolicy[] found = await Within(Task.WhenAll(calls));
        found.Should().OnlyContain(result => result.Policy!.MaxAge.TotalSeconds == maxAge);
        _source.Fetches.Should().Be(1);
    }

    [Theory]
    [InlineData("no record")]
    [InlineData("lookup failed")]
    public async Task DiscoverAsync_NoRecordWhileADomainIsFetched_TakesItsResult(string lookup)
    {
        TaskCompletionSource<FetchResult> fetch = await BeginFetchAsync("1");
        _source.Txt = Answer(lookup);

        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        fetch.SetResult(Fetched(MakePolicy()));

        (await Within(call)).Policy.Should().Be(MakePolicy());
        _source.Fetches.Should().Be(1);
    }

    [Fact]
    public async Task DiscoverAsync_OtherIdThanTheFetchInProgress_WaitsAndFetchesOnceMore()
    {
        TaskCompletionSource<FetchResult> first = await BeginFetchAsync("1");
        TaskCompletionSource<FetchResult> second = new();
        _source.OnFetch = (_, _) => new(second.Task);
        _source.Txt = Found("2");
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        _source.Fetches.Should().Be(1);

        first.SetResult(Fetched(MakePolicy(maxAge: 0)));
        await Until(() => _source.Fetches == 2);
        second.SetResult(Fetched(MakePolicy(mx: "new.example.net")));

        (await Within(call)).Policy!.Matches("new.example.net").Should().BeTrue();
        _source.MostActive.Should().Be(1);
    }

    // An attacker returns another id to each lookup, and policies that expire at once. A fetch that began after a lookup
    // is as new as its record, so the deliveries that wait share it. A delivery that wakes after its end begins another.
    [Fact]
    public async Task DiscoverAsync_OtherIdForEachOf200Deliveries_ShareFetches()
    {
        TaskCompletionSource<FetchResult> first = await BeginFetchAsync("first");
        int id = 0;
        _source.OnLookup = (_, _) => new(Found($"id{Interlocked.Increment(ref id)}"));
        TaskCompletionSource<FetchResult> second = new();
        _source.OnFetch = (_, _) => new(second.Task);
        int reads = 0;
        _cache.OnGet = _ =>
        {
            Interlocked.Increment(ref reads);
            return default;
        };
        Task<DiscoveredPolicy>[] calls = [.. Enumerable.Range(0, 200).Select(_ => _discovery.DiscoverAsync(Domain).AsTask())];

        first.SetResult(Fetched(MakePolicy(maxAge: 0)));
        await Until(() => Volatile.Read(ref reads) == 200 + 200 + 1); // each delivery twice, and the second fetch
        second.SetResult(Fetched(MakePolicy(maxAge: 0)));

        (await Within(Task.WhenAll(calls))).Should().OnlyContain(static found => found.Policy != null);
        _source.Fetches.Should().BeInRange(2, 100);
    }

    // The other id's policy is unexpired: it applies at once, and the fetch of the own id goes on meanwhile.
    [Fact]
    public async Task DiscoverAsync_FetchOfAnotherIdBroughtAPolicy_DoesNotWaitForItsOwn()
    {
        TaskCompletionSource<FetchResult> first = await BeginFetchAsync("1");
        _source.OnFetch = static (_, token) => Never<FetchResult>(token);
        _source.Txt = Found("2");
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();

        first.SetResult(Fetched(MakePolicy()));

        DiscoveredPolicy found = await Within(call);
        (found.Entry!.Id, found.Refresh is null).Should().Be(("1", false));
    }

    [Fact]
    public async Task Refresh_OtherIdThanTheFetchInProgress_WaitsAndFetchesOnceMore()
    {
        await StoreAsync("1");
        TaskCompletionSource<FetchResult> first = await BeginFetchAsync("2");
        _source.OnFetch = static (_, _) => new(Fetched(MakePolicy(mx: "third.example.net")));
        _source.Txt = Found("3");
        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        first.SetResult(Fetched(MakePolicy(mx: "second.example.net")));

        (await Within(found.Refresh!)).Entry!.Id.Should().Be("3");
        (_source.Fetches, _source.MostActive).Should().Be((2, 1));
    }

    // The refresh waits for a fetch of another id and then for its own, which fails. The policy has expired by then.
    [Fact]
    public async Task Refresh_PolicyExpiresMeanwhile_StillAppliesToItsDelivery()
    {
        CachedPolicy cached = await StoreAsync("1");
        _clock.SetUtcNow(cached.ExpiresAt - Tick);
        TaskCompletionSource<FetchResult> first = await BeginFetchAsync("2");
        _source.Policy = FetchResult.Failed(FetchStatus.NotFound);
        _source.Txt = Found("3");
        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        _clock.Advance(Tick);
        first.SetResult(FetchResult.Failed(FetchStatus.NotFound));

        DiscoveredPolicy refreshed = await Within(found.Refresh!);
        (refreshed.Policy, refreshed.Failure).Should().Be((cached.Policy, TlsFailure.StsPolicyFetchError));
        _source.Fetches.Should().Be(2);
    }

    // Another process has fetched the policy while this delivery waited for its turn.
    [Fact]
    public async Task DiscoverAsync_EntryStoredWhileTheFetchWaitedForItsTurn_FetchesNothing()
    {
        await using PolicyDiscovery discovery = Create(_cache, maxConcurrentFetches: 1);
        TaskCompletionSource<FetchResult> other = new();
        _source.Txt = Found("1");
        _source.OnFetch = (_, _) => new(other.Task);
        Task<DiscoveredPolicy> before = discovery.DiscoverAsync(PolicyDomain.Parse("example.net")).AsTask();
        await Until(() => _source.Fetches == 1);
        Task<DiscoveredPolicy> call = discovery.DiscoverAsync(Domain).AsTask();

        CachedPolicy stored = await StoreAsync("1");
        other.SetResult(Fetched(MakePolicy()));

        (await Within(call)).Entry.Should().BeSameAs(stored);
        await Within(before);
        _source.Fetches.Should().Be(1);
    }

    // The entry is lost between the read of the delivery and that of its fetch, which fails.
    [Fact]
    public async Task Refresh_EntryLostBeforeTheFetch_KeepsThePolicyAndStoresItAgain()
    {
        CachedPolicy cached = await StoreAsync("1");
        int reads = 0;
        _cache.OnGet = _ =>
        {
            if (reads++ == 1)
            {
                _cache.Store.Remove(Domain.Name);
            }

            return default;
        };
        _source.Txt = Found("2");

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        DiscoveredPolicy refreshed = await Within(found.Refresh!);

        refreshed.Policy.Should().BeSameAs(cached.Policy);
        _cache.Store.TryGet(Domain.Name, out CachedPolicy? entry).Should().BeTrue();
        (entry!.Policy, entry.FailedId).Should().Be((cached.Policy, "2"));
    }

    [Fact]
    public async Task DiscoverAsync_MoreDomainsThanFetchesAtOnce_WaitTheirTurn()
    {
        await using PolicyDiscovery discovery = Create(_cache, maxConcurrentFetches: 2);
        ConcurrentQueue<TaskCompletionSource<FetchResult>> fetches = new();
        _source.Txt = Found("1");
        _source.OnFetch = (_, _) =>
        {
            TaskCompletionSource<FetchResult> fetch = new();
            fetches.Enqueue(fetch);
            return new(fetch.Task);
        };
        using CancellationTokenSource cancel = new();
        Task<DiscoveredPolicy>[] calls =
            [.. Enumerable.Range(0, 5).Select(i => discovery.DiscoverAsync(PolicyDomain.Parse($"d{i}.example"), cancel.Token).AsTask())];
        await Until(() => fetches.Count == 2);

        for (int ended = 0; ended < 5; ended++)
        {
            await Until(() => !fetches.IsEmpty);
            fetches.TryDequeue(out TaskCompletionSource<FetchResult>? fetch);
            fetch!.SetResult(Fetched(MakePolicy()));
        }

        await Within(Task.WhenAll(calls));
        _source.MostActive.Should().Be(2);
    }

    [Fact]
    public async Task DiscoverAsync_WaitsForItsTurn_ItsTokenEndsTheWait()
    {
        await using PolicyDiscovery discovery = Create(_cache, maxConcurrentFetches: 1);
        _source.Txt = Found("1");
        _source.OnFetch = static (_, token) => Never<FetchResult>(token);
        _ = discovery.DiscoverAsync(PolicyDomain.Parse("example.net")).AsTask();
        await Until(() => _source.Fetches == 1);
        using CancellationTokenSource cancel = new();
        Task<DiscoveredPolicy> call = discovery.DiscoverAsync(Domain, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await ShouldBeCanceled(call, cancel.Token);
    }

    // The delivery that began the fetch gives up; the other one gets the policy.
    [Fact]
    public async Task DiscoverAsync_CallerCancels_EndsItsOwnWaitAlone()
    {
        TaskCompletionSource<FetchResult> fetch = new();
        CancellationToken fetchToken = default;
        _source.Txt = Found("1");
        _source.OnFetch = (_, token) =>
        {
            fetchToken = token;
            return new(fetch.Task);
        };
        using CancellationTokenSource cancel = new();
        Task<DiscoveredPolicy> first = _discovery.DiscoverAsync(Domain, cancel.Token).AsTask();
        Task<DiscoveredPolicy> second = _discovery.DiscoverAsync(Domain).AsTask();
        await Until(() => _source.Fetches == 1);

        await cancel.CancelAsync();

        await ShouldBeCanceled(first, cancel.Token);
        fetchToken.IsCancellationRequested.Should().BeFalse();
        fetch.SetResult(Fetched(MakePolicy()));
        (await Within(second)).Policy.Should().NotBeNull();
    }

    // A source that blocks its thread ends neither by its token nor by its task.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DiscoverAsync_SourceBlocksItsThread_EndsByTheTimeLimitOrTheDisposal(bool isDisposed)
    {
        using ManualResetEventSlim end = new();
        _source.Txt = Found("1");
        _source.OnFetch = (_, _) =>
        {
            end.Wait(CancellationToken.None);
            return new(FetchResult.Failed(FetchStatus.NotFound));
        };
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        await Until(() => _source.Fetches == 1);

        if (isDisposed)
        {
            await Within(_discovery.DisposeAsync().AsTask());
            await FluentActions.Awaiting(() => Within(call)).Should().ThrowAsync<OperationCanceledException>();
        }
        else
        {
            await AdvanceUntil(() => Task.FromResult(call.IsCompleted));
            (await call).Failure.Should().Be(TlsFailure.StsPolicyFetchError);
        }

        end.Set();
    }

    // All deliveries give up. The failed attempt is stored, so that the next delivery does not fetch again.
    [Fact]
    public async Task DiscoverAsync_AllCallersCancelAndThePolicyHostHangs_TheAttemptIsRemembered()
    {
        _source.Txt = Found("1");
        _source.OnFetch = static (_, _) => Never<FetchResult>(CancellationToken.None);
        using CancellationTokenSource cancel = new();
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain, cancel.Token).AsTask();
        await Until(() => _source.Fetches == 1);
        await cancel.CancelAsync();
        await ShouldBeCanceled(call, cancel.Token);

        await AdvanceUntil(async () => await ReadAsync() is not null);

        (await ReadAsync())!.FailedId.Should().Be("1");
        (await Within(_discovery.DiscoverAsync(Domain).AsTask())).Policy.Should().BeNull();
        _source.Fetches.Should().Be(1);
    }

    // A resolver may report the cancellation as an error of its own.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DiscoverAsync_CanceledDuringTheLookup_IsCanceledAndNoEvent(bool throwsItsOwn)
    {
        CancellationToken lookupToken = default;
        _source.OnLookup = async (_, token) =>
        {
            lookupToken = token;
            try
            {
                return await Never<TxtAnswer>(token);
            }
            catch (OperationCanceledException e) when (throwsItsOwn)
            {
                throw new IOException("The lookup was canceled.", e);
            }
        };
        using CancellationTokenSource cancel = new();
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await ShouldBeCanceled(call, cancel.Token);
        await Until(() => lookupToken.IsCancellationRequested);
        _events.Should().BeEmpty();
    }

    [Fact]
    public async Task DiscoverAsync_CanceledBefore_CallsNothing()
    {
        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();

        await ShouldBeCanceled(_discovery.DiscoverAsync(Domain, cancel.Token).AsTask(), cancel.Token);

        _source.Lookups.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(FailedLookups))]
    public async Task DiscoverAsync_FailedLookup_IsLookupFailedAndOneEvent(string what, Type? exception)
    {
        CachedPolicy cached = await StoreAsync("1");
        _source.OnLookup = (_, token) => Fail(what, TxtAnswer.LookupFailed, token);

        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        await AdvanceUntil(() => Task.FromResult(call.IsCompleted));

        DiscoveredPolicy found = await call;
        (found.Entry, found.Failure, found.ShouldAlert).Should().Be((cached, TlsFailure.StsPolicyFetchError, true));
        DiscoveryEvent told = _events.Should().ContainSingle().Subject;
        (told.Kind, told.Domain).Should().Be((DiscoveryEventKind.LookupFailed, Domain));
        ShouldBe(told.Exception, exception);
    }

    [Theory]
    [MemberData(nameof(FailedFetches))]
    public async Task DiscoverAsync_FailedFetch_HasTheStatusAndOneEvent(string what, FetchStatus status, Type? exception)
    {
        _source.Txt = Found("1");
        _source.OnFetch = (_, token) => Fail(what, FetchResult.Failed(FetchStatus.NotFound), token);

        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        await AdvanceUntil(() => Task.FromResult(call.IsCompleted));

        DiscoveredPolicy found = await call;
        (found.Policy, found.Failure).Should().Be((null, TlsFailure.StsPolicyFetchError));
        DiscoveryEvent told = _events.Should().ContainSingle().Subject;
        (told.Kind, told.Fetch!.Status).Should().Be((DiscoveryEventKind.FetchFailed, status));
        ShouldBe(told.Exception, exception);
        (await ReadAsync())!.FailedId.Should().Be("1");
    }

    [Fact]
    public async Task DiscoverAsync_FailedFor5Minutes_FetchesAgainOnlyThen()
    {
        _source.Txt = Found("1");
        await Within(_discovery.DiscoverAsync(Domain).AsTask());

        _clock.Advance(TimeSpan.FromMinutes(5) - Tick);
        await Within(_discovery.DiscoverAsync(Domain).AsTask());
        _source.Fetches.Should().Be(1);

        _clock.Advance(Tick);
        await Within(_discovery.DiscoverAsync(Domain).AsTask());
        _source.Fetches.Should().Be(2);
    }

    [Theory]
    [MemberData(nameof(UnreadableCaches))]
    public async Task DiscoverAsync_CacheCannotBeRead_LooksUpAndFetches(TxtAnswer txt, bool isFetched, bool isUncertain)
    {
        _cache.OnGet = static _ => throw new IOException("The cache is down.");
        _source.Txt = txt;
        _source.Policy = isFetched ? Fetched(MakePolicy()) : FetchResult.Failed(FetchStatus.ConnectionFailed);

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        (found.Policy is null, found.IsUncertain).Should().Be((isUncertain, isUncertain));
        _events.Where(static e => e.Kind is DiscoveryEventKind.CacheReadFailed).Should().NotBeEmpty()
            .And.OnlyContain(static e => e.Exception is IOException);
    }

    // The read of the delivery fails, but that of the fetch succeeds and finds an entry, or finds that there is none.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DiscoverAsync_CacheRecoversBeforeTheFetch_IsCertain(bool isCached)
    {
        if (isCached)
        {
            await StoreAsync("1");
        }

        int reads = 0;
        _cache.OnGet = _ => reads++ == 0 ? throw new IOException("The cache is down.") : default;
        _source.Txt = Found("1");

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        (found.Policy is not null, found.IsUncertain, _source.Fetches).Should().Be((isCached, false, isCached ? 0 : 1));
    }

    // The delivery knows that nothing is cached, although the fetch that it joins could not read the cache.
    [Fact]
    public async Task DiscoverAsync_FetchInProgressCouldNotReadTheCache_IsCertain()
    {
        _cache.OnGet = static _ => throw new IOException("The cache is down.");
        TaskCompletionSource<FetchResult> fetch = await BeginFetchAsync("1");
        _cache.OnGet = static _ => default;
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();

        fetch.SetResult(FetchResult.Failed(FetchStatus.NotFound));

        DiscoveredPolicy found = await Within(call);
        (found.Policy, found.IsUncertain).Should().Be((null, false));
    }

    // The policy of the other id could not be stored. It still applies when the own fetch fails.
    [Fact]
    public async Task DiscoverAsync_PolicyOfAnotherIdCouldNotBeStored_AppliesToWhoWaitedForIt()
    {
        _cache.OnUpdate = static _ => throw new IOException("The cache is down.");
        TaskCompletionSource<FetchResult> first = await BeginFetchAsync("1");
        _source.Txt = Found("2");
        _source.Policy = FetchResult.Failed(FetchStatus.NotFound);
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();

        first.SetResult(Fetched(MakePolicy()));

        DiscoveredPolicy found = await Within(call);
        found.Policy.Should().Be(MakePolicy());
        (await Within(found.Refresh!)).Policy.Should().Be(MakePolicy());
        _source.Fetches.Should().Be(2);
    }

    // The cache hangs while a result is stored. Other domains do not wait for that.
    [Fact]
    public async Task DiscoverAsync_CacheHangsWhileAResultIsStored_HoldsNoTurn()
    {
        PolicyDiscovery discovery = Create(_cache, maxConcurrentFetches: 1);
        bool isHeld = false;
        _cache.OnUpdate = _ =>
        {
            isHeld = true;
            return new(Never<object>(CancellationToken.None).AsTask());
        };
        _source.Txt = Found("1");
        _source.Policy = Fetched(MakePolicy());
        _ = discovery.DiscoverAsync(PolicyDomain.Parse("example.net")).AsTask();
        await Until(() => isHeld);

        _ = discovery.DiscoverAsync(Domain).AsTask();

        await Until(() => _source.Fetches == 2);
        Task disposal = discovery.DisposeAsync().AsTask();
        await AdvanceUntil(() => Task.FromResult(disposal.IsCompleted)); // the limit of the writes
    }

    [Fact]
    public async Task DiscoverAsync_CacheHangs_CountsAsAMissAfterTheLookupTimeout()
    {
        _cache.OnGet = static _ => new(Never<object>(CancellationToken.None).AsTask());

        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        await AdvanceUntil(() => Task.FromResult(call.IsCompleted));

        (await call).IsUncertain.Should().BeTrue();
        _clock.GetUtcNow().Should().BeOnOrAfter(Noon.AddSeconds(10));
        _events.Should().ContainSingle().Which.Exception.Should().BeOfType<TimeoutException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DiscoverAsync_CacheCannotBeWritten_AppliesThePolicyJustFetched(bool hangs)
    {
        _cache.OnUpdate = hangs
            ? static _ => new(Never<object>(CancellationToken.None).AsTask())
            : static _ => throw new IOException("The cache is down.");
        _source.Txt = Found("1");
        _source.Policy = Fetched(MakePolicy());

        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        await AdvanceUntil(() => Task.FromResult(call.IsCompleted));

        (await call).Policy.Should().Be(MakePolicy());
        _events.Select(static e => e.Kind).Should().Equal(DiscoveryEventKind.CacheWriteFailed, DiscoveryEventKind.Fetched);
        _events.First().Exception.Should().BeOfType(hangs ? typeof(TimeoutException) : typeof(IOException));
    }

    // The store makes a write after ten minutes. It must not replace a policy that was stored meanwhile. It may fill an
    // empty place, and replace the policy that was there before.
    [Theory]
    [InlineData(false, "2", "2")]
    [InlineData(false, null, "1")]
    [InlineData(true, null, "1")]
    [InlineData(true, "2", "2")]
    public async Task DiscoverAsync_CacheWritesLongAfterTheLimit_ReplacesNoNewerPolicy(bool isCached, string? stored, string expected)
    {
        if (isCached)
        {
            await StoreAsync("0");
        }

        TaskCompletionSource write = new();
        _cache.OnUpdate = _ => new(write.Task);
        _source.Txt = Found("1");
        _source.Policy = Fetched(MakePolicy());
        DiscoveredPolicy? found = isCached ? await Within(_discovery.DiscoverAsync(Domain).AsTask()) : null;
        Task<DiscoveredPolicy> call = found?.Refresh ?? _discovery.DiscoverAsync(Domain).AsTask();
        await AdvanceUntil(() => Task.FromResult(call.IsCompleted));
        _clock.Advance(TimeSpan.FromMinutes(10));
        if (stored is not null)
        {
            await _cache.Store.SetAsync(Domain, new(stored, MakePolicy(mx: "new.example.net"), _clock.GetUtcNow()));
        }

        write.SetResult();

        await Until(() => _cache.Store.TryGet(Domain.Name, out CachedPolicy? entry) && entry.Id == expected);
        await Within(_discovery.DisposeAsync().AsTask());
        (await ReadAsync())!.Id.Should().Be(expected);
    }

    // The cache loses the entry during the fetch, which fails: the policy applies, and is stored again.
    [Fact]
    public async Task Refresh_EntryLostDuringTheFetchThatFails_KeepsThePolicy()
    {
        CachedPolicy cached = await StoreAsync("1");
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found("2");
        _source.OnFetch = (_, _) => new(fetch.Task);
        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        await Until(() => _source.Fetches == 1);

        _cache.Store.Remove(Domain.Name);
        fetch.SetResult(FetchResult.Failed(FetchStatus.TimedOut));

        (await Within(found.Refresh!)).Policy.Should().BeSameAs(cached.Policy);
        (await ReadAsync())!.Policy.Should().BeSameAs(cached.Policy);
    }

    [Fact]
    public async Task DiscoverAsync_FetchFailsForManyWaiters_OneReportsIt()
    {
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found("1");
        _source.OnFetch = (_, _) => new(fetch.Task);
        Task<DiscoveredPolicy>[] calls = [.. Enumerable.Range(0, 50).Select(_ => _discovery.DiscoverAsync(Domain).AsTask())];

        fetch.SetResult(FetchResult.Failed(FetchStatus.CertificateInvalid));

        (await Within(Task.WhenAll(calls))).Select(static found => found.Failure).Where(static failure => failure is not TlsFailure.None)
            .Should().Equal(TlsFailure.StsWebPkiInvalid);
    }

    // The delivery that began the fetch has left when it fails: another one reports the failure.
    [Fact]
    public async Task DiscoverAsync_FirstWaiterCancels_AnotherReportsTheFailure()
    {
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found("1");
        _source.OnFetch = (_, _) => new(fetch.Task);
        using CancellationTokenSource cancel = new();
        Task<DiscoveredPolicy> first = _discovery.DiscoverAsync(Domain, cancel.Token).AsTask();
        Task<DiscoveredPolicy> second = _discovery.DiscoverAsync(Domain).AsTask();
        await cancel.CancelAsync();
        await ShouldBeCanceled(first, cancel.Token);

        fetch.SetResult(FetchResult.Failed(FetchStatus.TimedOut));

        (await Within(second)).Failure.Should().Be(TlsFailure.StsPolicyFetchError);
    }

    [Fact]
    public async Task Refresh_FetchFailsForManyDeliveries_OneReportsAndAlerts()
    {
        await StoreAsync("1");
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found("2");
        _source.OnFetch = (_, _) => new(fetch.Task);
        Task<DiscoveredPolicy>[] calls = [.. Enumerable.Range(0, 50).Select(_ => _discovery.DiscoverAsync(Domain).AsTask())];
        DiscoveredPolicy[] found = await Within(Task.WhenAll(calls));

        fetch.SetResult(FetchResult.Failed(FetchStatus.NotFound));

        DiscoveredPolicy[] refreshed = await Within(Task.WhenAll(found.Select(static result => result.Refresh!)));
        found.Should().OnlyContain(static result => result.Failure == TlsFailure.None && !result.ShouldAlert);
        refreshed.Count(static result => result.Failure == TlsFailure.StsPolicyFetchError && result.ShouldAlert).Should().Be(1);
        refreshed.Count(static result => result.Failure == TlsFailure.None && !result.ShouldAlert).Should().Be(49);
        _events.Should().ContainSingle().Which.ShouldAlert.Should().BeTrue();
    }

    // The record is missing, and the refresh fails as well: one delivery has one failure of its policy.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refresh_FailureOfThePlanIsTold_TellsNoOther(bool isFetched)
    {
        await StoreAsync("1");
        _clock.Advance(TimeSpan.FromDays(2));
        _source.Policy = isFetched ? Fetched(MakePolicy()) : FetchResult.Failed(FetchStatus.WrongMediaType);

        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        DiscoveredPolicy refreshed = await Within(found.Refresh!);

        (found.Failure, found.ShouldAlert).Should().Be((TlsFailure.StsPolicyFetchError, true));
        (refreshed.Failure, refreshed.ShouldAlert).Should().Be((TlsFailure.None, false));
    }

    [Theory]
    [MemberData(nameof(Bounces))]
    public async Task MayFailPermanentlyAsync_EachCase_FollowsSection5(string lookup, bool isServed, string cached, bool expected)
    {
        CachedPolicy judged = await StoreAsync("1");
        _source.Txt = Found("1");
        DiscoveredPolicy denied = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        _clock.Advance(TimeSpan.FromMinutes(10));
        DateTimeOffset now = _clock.GetUtcNow();
        await _cache.Store.RemoveAsync(Domain);
        if (cached is not "nothing")
        {
            await _cache.Store.SetAsync(Domain, cached switch
            {
                "judged" => judged,
                "id 2" => new("2", MakePolicy(), now),
                "renewed" => new("1", MakePolicy(), now),
                "renewed with other hosts" => new("1", MakePolicy(mx: "new.example.net"), now),
                _ => judged.With(new FailedAttempt("2", now.AddMinutes(-4))),
            });
        }

        _source.Txt = Answer(lookup);
        _source.Policy = isServed ? Fetched(MakePolicy(mx: "new.example.net")) : FetchResult.Failed(FetchStatus.NotFound);

        (await Within(_discovery.MayFailPermanentlyAsync(denied).AsTask())).Should().Be(expected);
        _source.Lookups.Should().Be(2);
    }

    [Fact]
    public async Task MayFailPermanentlyAsync_WithoutAPolicy_IsTrueAndLooksNothingUp()
    {
        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());

        (await _discovery.MayFailPermanentlyAsync(found)).Should().BeTrue();

        _source.Lookups.Should().Be(1);
    }

    // A fetch of a third id is in progress. If it fails, the id of the new lookup is tried.
    [Theory]
    [InlineData(false, true, false, 2)]
    [InlineData(false, false, true, 2)]
    [InlineData(true, false, false, 1)] // its policy may allow what the first one denied
    public async Task MayFailPermanentlyAsync_FetchOfAnotherIdInProgress_WaitsAndTriesItsOwn(
        bool isOtherServed, bool isServed, bool expected, int fetches)
    {
        await StoreAsync("1");
        _source.Txt = Found("1");
        DiscoveredPolicy denied = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        TaskCompletionSource<FetchResult> other = await BeginFetchAsync("2");
        _source.Txt = Found("3");
        _source.Policy = isServed ? Fetched(MakePolicy(mx: "new.example.net")) : FetchResult.Failed(FetchStatus.NotFound);

        Task<bool> call = _discovery.MayFailPermanentlyAsync(denied).AsTask();
        other.SetResult(isOtherServed ? Fetched(MakePolicy(mx: "other.example.net")) : FetchResult.Failed(FetchStatus.NotFound));

        (await Within(call)).Should().Be(expected);
        _source.Fetches.Should().Be(fetches);
    }

    // The policy of the other id has a max_age of 0: it was fetched, although it is not cached.
    [Fact]
    public async Task MayFailPermanentlyAsync_OtherPolicyExpiresAtOnce_IsFalse()
    {
        await StoreAsync("1");
        _source.Txt = Found("1");
        DiscoveredPolicy denied = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        _source.Txt = Found("2");
        _source.Policy = Fetched(MakePolicy(maxAge: 0));

        (await Within(_discovery.MayFailPermanentlyAsync(denied).AsTask())).Should().BeFalse();
    }

    [Fact]
    public async Task RefreshDueAsync_HungPolicyHosts_HoldUpNoOther()
    {
        InMemoryCache cache = new();
        await using PolicyDiscovery discovery = Create(cache);
        for (int i = 0; i < 20; i++)
        {
            cache.Set($"d{i}.example", MakeEntry());
        }

        cache.Set("fresh.example", new("1", MakePolicy(), Noon.AddDays(2)));
        _clock.SetUtcNow(Noon.AddDays(2));
        _source.Txt = Found(Id);
        _source.OnFetch = static (domain, token) =>
            domain.Name is "d0.example" or "d1.example" ? Never<FetchResult>(token) : new(Fetched(MakePolicy()));

        Task round = discovery.RefreshDueAsync();
        await Until(() => _events.Count == 18);
        await AdvanceUntil(() => Task.FromResult(round.IsCompleted));

        await round;
        _source.Fetches.Should().Be(20);
        _events.Where(static e => e.Kind is DiscoveryEventKind.FetchFailed).Select(static e => e.Domain.Name)
            .Should().BeEquivalentTo("d0.example", "d1.example");
    }

    // The next delivery that waits for the fetch of a round reports its failure, because a round reports nothing.
    [Fact]
    public async Task RefreshDueAsync_FetchFails_LeavesTheReportToADelivery()
    {
        InMemoryCache cache = new();
        await using PolicyDiscovery discovery = Create(cache);
        cache.Set(Domain.Name, MakeEntry());
        _clock.SetUtcNow(Noon.AddDays(2));
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found(Id);
        _source.OnFetch = (_, _) => new(fetch.Task);
        Task round = discovery.RefreshDueAsync();
        await Until(() => _source.Fetches == 1);
        DiscoveredPolicy found = await Within(discovery.DiscoverAsync(Domain).AsTask());

        fetch.SetResult(FetchResult.Failed(FetchStatus.NotFound));

        await Within(round);
        (await Within(found.Refresh!)).Failure.Should().Be(TlsFailure.StsPolicyFetchError);
    }

    // The store never lists what is due. A round that does not end would stop all later ones.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefreshDueAsync_ListingHangs_EndsByTheTimeLimitOrTheDisposal(bool isDisposed)
    {
        HangingList cache = new();
        PolicyDiscovery discovery = Create(cache);
        Task round = discovery.RefreshDueAsync();

        if (isDisposed)
        {
            await Within(discovery.DisposeAsync().AsTask());
            await FluentActions.Awaiting(() => Within(round)).Should().ThrowAsync<OperationCanceledException>();
        }
        else
        {
            await AdvanceUntil(() => Task.FromResult(round.IsCompleted));
            await FluentActions.Awaiting(() => round).Should().ThrowAsync<TimeoutException>();
        }

        await discovery.DisposeAsync();
    }

    [Fact]
    public async Task RefreshDueAsync_CacheThatCannotList_Throws()
    {
        Func<Task> round = () => _discovery.RefreshDueAsync();

        (await round.Should().ThrowAsync<NotSupportedException>())
            .WithMessage("FaultyCache cannot list what is due: it is not an IRefreshableCache.");
    }

    [Fact]
    public async Task RefreshDueAsync_Canceled_EndsTheRoundAndNotTheFetch()
    {
        InMemoryCache cache = new();
        await using PolicyDiscovery discovery = Create(cache);
        cache.Set(Domain.Name, MakeEntry());
        _clock.SetUtcNow(Noon.AddDays(2));
        TaskCompletionSource<FetchResult> fetch = new();
        _source.Txt = Found(Id);
        _source.OnFetch = (_, _) => new(fetch.Task);
        using CancellationTokenSource cancel = new();
        Task round = discovery.RefreshDueAsync(cancel.Token);
        await Until(() => _source.Fetches == 1);

        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => round.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        fetch.SetResult(Fetched(MakePolicy()));
        await Until(() => cache.TryGet(Domain.Name, out CachedPolicy? entry) && entry.FetchedAt == Noon.AddDays(2));
    }

    [Fact]
    public async Task DisposeAsync_DeliveriesWait_EndsThemAndCallsNothingMore()
    {
        await StoreAsync("1");
        CancellationToken fetchToken = default;
        _source.OnFetch = (_, token) =>
        {
            fetchToken = token;
            return Never<FetchResult>(CancellationToken.None);
        };
        _source.Txt = Found("2");
        DiscoveredPolicy applied = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        Task<DiscoveredPolicy> waiting = _discovery.DiscoverAsync(PolicyDomain.Parse("example.net")).AsTask();
        await Until(() => _source.Fetches == 2);
        _source.OnLookup = static (_, _) => Never<TxtAnswer>(CancellationToken.None);
        Task<DiscoveredPolicy> lookingUp = _discovery.DiscoverAsync(Domain).AsTask();

        await Within(_discovery.DisposeAsync().AsTask());

        await FluentActions.Awaiting(() => Within(waiting)).Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(() => Within(lookingUp)).Should().ThrowAsync<OperationCanceledException>();
        DiscoveredPolicy refreshed = await Within(applied.Refresh!);
        (refreshed.Entry, refreshed.Failure, refreshed.Refresh).Should().Be((applied.Entry, TlsFailure.None, null));
        await Until(() => fetchToken.IsCancellationRequested);
        (await ReadAsync())!.FailedAt.Should().BeNull("the policy host has not failed");
        _events.Should().BeEmpty();
    }

    // A policy that was fetched must not be lost, so the disposal waits for the cache.
    [Fact]
    public async Task DisposeAsync_ResultIsBeingStored_WaitsForTheCache()
    {
        TaskCompletionSource update = new();
        bool isUpdating = false;
        _cache.OnUpdate = _ =>
        {
            isUpdating = true;
            return new(update.Task);
        };
        _source.Txt = Found("1");
        _source.Policy = Fetched(MakePolicy());
        Task<DiscoveredPolicy> call = _discovery.DiscoverAsync(Domain).AsTask();
        await Until(() => isUpdating);

        Task disposal = _discovery.DisposeAsync().AsTask();
        disposal.IsCompleted.Should().BeFalse();
        update.SetResult();

        await Within(disposal);
        (await ReadAsync())!.Policy.Should().Be(MakePolicy());
        (await Within(call)).Policy.Should().Be(MakePolicy());
    }

    [Fact]
    public async Task DisposeAsync_Afterwards_EachCallThrowsAndASecondDisposalDoesNot()
    {
        DiscoveredPolicy found = await Within(_discovery.DiscoverAsync(Domain).AsTask());
        await _discovery.DisposeAsync();
        await _discovery.DisposeAsync();

        Func<Task>[] calls =
        [
            () => _discovery.DiscoverAsync(Domain).AsTask(),
            () => _discovery.MayFailPermanentlyAsync(found).AsTask(),
            () => _discovery.RefreshDueAsync(),
        ];
        foreach (Func<Task> call in calls)
        {
            await call.Should().ThrowAsync<ObjectDisposedException>();
        }

        _source.Lookups.Should().Be(1);
    }

    [Fact]
    public async Task OnEvent_Throws_IsIgnored()
    {
        await using PolicyDiscovery discovery = new(_cache, _source, new()
        {
            TimeProvider = _clock,
            OnEvent = static _ => throw new InvalidOperationException("The handler is faulty."),
        });
        _source.Txt = Found("1");
        _source.Policy = Fetched(MakePolicy());

        (await Within(discovery.DiscoverAsync(Domain).AsTask())).Policy.Should().NotBeNull();

        _source.Txt = TxtAnswer.LookupFailed;
        (await Within(discovery.DiscoverAsync(Domain).AsTask())).Policy.Should().NotBeNull();
    }

    [Fact]
    public void Constructor_InvalidArguments_Throws()
    {
        PolicyDiscovery Create(Action<PolicyDiscoveryOptions> change)
        {
            PolicyDiscoveryOptions options = new();
            change(options);
            return new(_cache, _source, options);
        }

        FluentActions.Invoking(() => new PolicyDiscovery(null!, _source)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new PolicyDiscovery(_cache, null!)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => Create(static options => options.TimeProvider = null!)).Should().Throw<ArgumentNullException>();
        Action<PolicyDiscoveryOptions>[] invalid =
        [
            static options => options.MaxConcurrentFetches = 0,
            static options => options.LookupTimeout = TimeSpan.Zero,
            static options => options.FetchTimeout = TimeSpan.FromSeconds(-1),
            static options => options.FetchTimeout = TimeSpan.FromDays(50),
        ];
        foreach (Action<PolicyDiscoveryOptions> change in invalid)
        {
            FluentActions.Invoking(() => Create(change)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("options");
        }

        FluentActions.Invoking(() => Create(static options => options.LookupTimeout = Timeout.InfiniteTimeSpan)).Should().NotThrow();
    }

    [Fact]
    public async Task NullArguments_Throw()
    {
        await FluentActions.Awaiting(() => _discovery.DiscoverAsync(null!).AsTask()).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(() => _discovery.MayFailPermanentlyAsync(null!).AsTask()).Should().ThrowAsync<ArgumentNullException>();
    }

    private static TxtAnswer Answer(string lookup) => lookup switch
    {
        "no record" => TxtAnswer.NoRecord,
        "lookup failed" => TxtAnswer.LookupFailed,
        _ => Found(lookup["id ".Length..]),
    };

    private static async ValueTask<T> Never<T>(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("The wait has no end.");
    }

    private static async ValueTask<T> Later<T>(Func<T> result)
    {
        await Task.Yield();
        return result();
    }

    private static ValueTask<T> Fail<T>(string what, T failure, CancellationToken cancellationToken) => what switch
    {
        "throws" => throw new IOException("The network is down."),
        "throws later" => Later<T>(static () => throw new IOException("The network is down.")),
        "returns null" => new(default(T)!),
        "cancels itself" => Later<T>(static () => throw new OperationCanceledException()),
        "is late" => Never<T>(cancellationToken),
        "is late and ignores its token" => Never<T>(CancellationToken.None),
        _ => new(failure),
    };

    private static void ShouldBe(Exception? exception, Type? type)
    {
        if (type is null)
        {
            exception.Should().BeNull();
        }
        else
        {
            exception.Should().BeAssignableTo(type);
        }
    }

    private static async Task ShouldBeCanceled(Task call, CancellationToken cancellationToken) =>
        (await FluentActions.Awaiting(() => call.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>())
            .Which.CancellationToken.Should().Be(cancellationToken);

    private static Task<T> Within<T>(Task<T> task) => task.WaitAsync(Patience);

    private static Task Within(Task task) => task.WaitAsync(Patience);

    private static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!condition())
        {
            limit.IsCancellationRequested.Should().BeFalse("it must happen");
            await Task.Delay(1, CancellationToken.None);
        }
    }

    // Advances the clock until something has happened. A timer may begin only after the clock was advanced.
    private async Task AdvanceUntil(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!await condition())
        {
            limit.IsCancellationRequested.Should().BeFalse("it must happen");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private PolicyDiscovery Create(ICache cache, int maxConcurrentFetches = 64) => new(cache, _source, new()
    {
        TimeProvider = _clock,
        MaxConcurrentFetches = maxConcurrentFetches,
        OnEvent = _events.Enqueue,
    });

    private async Task<CachedPolicy> StoreAsync(string id)
    {
        CachedPolicy entry = new(id, MakePolicy(), Noon);
        await _cache.Store.SetAsync(Domain, entry);
        return entry;
    }

    private Task<CachedPolicy?> ReadAsync() => _cache.Store.GetAsync(Domain).AsTask();

    // Begins the fetch of an id by a delivery that gives up at once.
    private async Task<TaskCompletionSource<FetchResult>> BeginFetchAsync(string id)
    {
        TaskCompletionSource<FetchResult> fetch = new();
        int before = _source.Fetches;
        _source.Txt = Found(id);
        _source.OnFetch = (_, _) => new(fetch.Task);
        using CancellationTokenSource cancel = new();
        Task call = _discovery.DiscoverAsync(Domain, cancel.Token).AsTask();
        await Until(() => _source.Fetches > before);
        await cancel.CancelAsync();
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return fetch;
    }

    /// <summary>Represents a cache whose list of due domains has no end.</summary>
    private sealed class HangingList : IRefreshableCache
    {
        public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default) => default;

        public ValueTask<CachedPolicy?> UpdateAsync(
            PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default) => default;

        public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default) => default;

        public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default) => default;

        public async IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(
            DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return await Never<PolicyDomain>(CancellationToken.None);
        }
    }
}
