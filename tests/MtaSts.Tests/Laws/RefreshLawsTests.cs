using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// Verifies the laws of freshness over random timelines: deliveries, TXT answers and fetches of all kinds, in sequence
/// or overlapping. While the clock only goes forward, each decision equals that of <see cref="RefreshHistory"/>. If the
/// clock jumps, or the cache loses entries, each law of <see cref="PolicyRefresh"/> is checked by itself. Each entry is
/// serialized and deserialized between two events.
/// </summary>
public class RefreshLawsTests
{
    private const int DeliveriesPerTimeline = 400;

    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static readonly string[] FewIds = ["a", "b", "A"];
    private static readonly string[] ManyIds = [.. Enumerable.Range(0, 14).Select(static i => $"id{i}")];

    private static readonly int[] MaxAges = [0, 1, 60, 3_600, 43_200, 86_399, 86_400, 172_800, 604_800, 31_557_600];

    private static readonly Policy[] Policies =
    [
        .. from mode in Enum.GetValues<PolicyMode>()
           from maxAge in MaxAges
           select MakePolicy(mode, maxAge, $"mx{maxAge}.example.com"),
    ];

    // Times on the caller's clock: until the next delivery, and for a fetch.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.Zero, Tick, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), FiveMinutes - Tick, FiveMinutes,
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(6), TimeSpan.FromHours(12), Day - Tick, Day,
        TimeSpan.FromDays(3), TimeSpan.FromDays(7),
    ];

    private static readonly TimeSpan[] FetchTimes =
        [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];

    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromSeconds(-1), -FiveMinutes + Tick, -FiveMinutes, TimeSpan.FromHours(-1), TimeSpan.FromHours(1), -Day,
        TimeSpan.FromDays(-40),
        TimeSpan.FromDays(400), TimeSpan.FromDays(-4_000),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ClockGoesForward_EachDecisionEqualsTheModel(bool overlaps)
    {
        Tally tally = new();
        for (int seed = 0; seed < 60; seed++)
        {
            Timeline timeline = new()
            {
                Ids = seed % 4 == 3 ? ManyIds : FewIds,
                PercentFailing = (seed % 3) switch { 0 => 20, 1 => 50, _ => 90 },
                Overlaps = overlaps,
            };
            RefreshHistory history = new();
            Dictionary<Delivery, ((RefreshAction, Policy?, TlsFailure) Plan, string? Id)> planned = [];
            foreach (Event step in timeline.Run(seed))
            {
                string because = string.Create(CultureInfo.InvariantCulture, $"the model decides so (seed {seed}, {step.Now:O})");
                if (step is Delivery delivery)
                {
                    planned[delivery] = (history.Plan(delivery.Txt.Record?.Id, delivery.Now), history.PolicyIdAt(delivery.Now));
                    (delivery.Plan.Action, delivery.Plan.Policy, delivery.Plan.Failure).Should().Be(planned[delivery].Plan, because);
                    delivery.Plan.ShouldAlert.Should().Be(delivery.Plan.Failure is not TlsFailure.None);
                }
                else if (step is Completion { Delivery: var cause, Result: var result } completion)
                {
                    (result.Status, result.Policy, result.Failure, result.ShouldAlert).Should().Be(
                        history.Complete(cause.Txt.Record?.Id, planned[cause].Plan, planned[cause].Id, completion.Fetch, cause.Now),
                        because);
                }

                Policy? applied = step.After is null || step.After.IsExpired(step.Now) ? null : step.After.Policy;
                applied.Should().Be(history.PolicyAt(step.Now), because);
                tally.Count(step);
            }
        }

        tally.Deliveries.Should().Be(60 * DeliveriesPerTimeline);
        tally.ShouldHaveSeenEverything();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the clock also jumps forwards and backwards
    public void EveryOrderOfEvents_OnlyAnAcceptedFetchOrExpiryEndsAPolicy(bool jumps)
    {
        int kept = 0;
        foreach (Event step in Runs(new() { PercentFailing = 60, Jumps = jumps ? Jumps : [], Overlaps = true }))
        {
            if (step is Delivery { Plan: var plan } delivery)
            {
                plan.Policy.Should().Be(delivery.Before is { } before && delivery.Now < before.ExpiresAt ? before.Policy : null);
            }
            else if (step is Completion { Fetch.Policy: null } failed)
            {
                failed.After!.Policy.Should().Be(failed.Before?.Policy);
                bool mayApplyNothing = failed.Delivery.Plan.Policy is null && IsExpired(failed.Before, failed.Delivery.Now);
                (failed.Result.Policy is null).Should().Be(mayApplyNothing);
                kept += failed.Result.Policy is null ? 0 : 1;
            }
        }

        kept.Should().BeGreaterThan(1_000);

        static bool IsExpired(CachedPolicy? entry, DateTimeOffset now) => entry is null || entry.IsExpired(now);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CacheThatLosesEntries_ThePlannedPolicyAppliesAndAnAcceptedFetchIsKept(bool jumps)
    {
        int restored = 0;
        int renewed = 0;
        Timeline timeline = new() { PercentFailing = 60, Jumps = jumps ? Jumps : [], Overlaps = true, PercentLost = 20 };
        foreach (Completion step in Runs(timeline).OfType<Completion>())
        {
            RefreshPlan plan = step.Delivery.Plan;
            if (step.Fetch.Policy is { } fetched)
            {
                step.Result.Status.Should().BeOneOf(RefreshStatus.Found, RefreshStatus.Renewed);
                step.After!.Policy.Should().Be(step.Result.Policy);
                if (step.Result.Entry is not null)
                {
                    step.Result.Policy.Should().BeSameAs(fetched);
                    string? id = step.Delivery.Txt.Record?.Id ?? plan.AppliedEntry!.Id;
                    step.After.Id.Should().Be(id, "the entry is stored under the id that was planned");
                    renewed += step.Before is null && step.Delivery.Txt.Record is null ? 1 : 0;
                }
            }
            else if (plan.Policy is not null)
            {
                step.Result.Policy.Should().NotBeNull("the planned policy applies to its delivery");
                step.After!.Policy.Should().NotBeNull();
                restored += step.Before?.Policy is null ? 1 : 0;
            }
        }

        restored.Should().BeGreaterThan(100, "the case must occur");
        renewed.Should().BeGreaterThan(20, "the case must occur");
    }

    [Fact]
    public void ClockGoesForward_TheOverlappingFetchThatBeganLastWins()
    {
        int overtaken = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            DateTimeOffset last = DateTimeOffset.MinValue;
            Timeline timeline = new() { PercentFailing = 20, Overlaps = true, Pauses = Pauses[..5] };
            foreach (Completion step in timeline.Run(seed).OfType<Completion>())
            {
                if (step.Fetch.Policy is not null)
                {
                    overtaken += step.Delivery.Now < last ? 1 : 0;
                    last = step.Delivery.Now > last ? step.Delivery.Now : last;
                    step.After!.FetchedAt.Should().Be(last);
                    step.Result.Policy.Should().Be(step.After.Policy);
                }
            }
        }

        overtaken.Should().BeGreaterThan(200, "the case must occur");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryOrderOfEvents_OnlyAnAcceptedFetchExtendsAPolicy(bool jumps)
    {
        int moved = 0;
        int unmoved = 0;
        int corrected = 0;
        foreach (Completion step in Runs(new() { PercentFailing = 60, Jumps = jumps ? Jumps : [], Overlaps = true }).OfType<Completion>())
        {
            DateTimeOffset began = step.Delivery.Now;
            if (step.Fetch.Policy is { } fetched && step.Result.Entry is not null)
            {
                step.After!.Policy.Should().Be(fetched);
                step.After.FetchedAt.Should().Be(began);
                (step.After.ExpiresAt - fetched.MaxAge).Should().Be(began);
                moved++;
            }
            else if (step.Before?.Policy is { } policy)
            {
                step.After!.Policy.Should().Be(policy);
                step.After.Id.Should().Be(step.Before.Id);

                // A time far in the future is corrected, which shortens the policy's life.
                bool isWrong = step.Fetch.Policy is null && step.Before.FetchedAt - began > FiveMinutes;
                step.After.FetchedAt.Should().Be(isWrong ? began : step.Before.FetchedAt);
                (step.After.ExpiresAt - step.After.FetchedAt).Should().Be(policy.MaxAge);
                unmoved++;
                corrected += isWrong ? 1 : 0;
            }
        }

        moved.Should().BeGreaterThan(1_000);
        unmoved.Should().BeGreaterThan(1_000);
        (corrected > 100).Should().Be(jumps);
    }

    [Fact]
    public void ClockJumps_AfterAnAttempt_NoEntryIsDatedFarInTheFuture()
    {
        // Therefore no policy outlives its max_age, counted from the first attempt after the clock was corrected, and
        // no fetch is blocked until then.
        int corrected = 0;
        Timeline timeline = new() { PercentFailing = 60, Jumps = Jumps, Overlaps = true, PercentLost = 5 };
        foreach (Completion step in Runs(timeline).OfType<Completion>())
        {
            DateTimeOffset latest = step.Delivery.Now + FiveMinutes;
            (step.After?.FetchedAt ?? step.Delivery.Now).Should().BeOnOrBefore(latest);
            corrected += step.Before?.FetchedAt > latest ? 1 : 0;
        }

        corrected.Should().BeGreaterThan(100, "the case must occur");
    }

    [Fact]
    public void ClockGoesForward_AtMostOneFailedFetchPerIdInFiveMinutes()
    {
        int attempts = 0;
        foreach (string[] ids in (string[][])[FewIds, ManyIds])
        {
            for (int seed = 0; seed < 25; seed++)
            {
                List<(string? Id, DateTimeOffset At)> failed = [];
                foreach (Completion step in new Timeline { Ids = ids, PercentFailing = 95 }.Run(seed).OfType<Completion>())
                {
                    (string? id, DateTimeOffset began) = (step.Delivery.Txt.Record?.Id, step.Delivery.Now);
                    failed.Exists(attempt => began - attempt.At < FiveMinutes && (id is null || attempt.Id == id)).Should().BeFalse(
                        "no fetch begins within five minutes of a failed one with its id, or of any failed one if it has no id");
                    if (step.Fetch.Policy is null)
                    {
                        failed.Add((id, began));
                        attempts++;
                    }
                    else
                    {
                        failed.Clear(); // The policy host works again.
                    }
                }
            }
        }

        attempts.Should().BeGreaterThan(2_000);
    }

    [Fact]
    public void ClockJumps_OnlyAnAttemptWithinFiveMinutesBlocksAFetch()
    {
        int blocked = 0;
        int repeated = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            List<Completion> past = [];
            foreach (Event step in new Timeline { PercentFailing = 80, Jumps = Jumps }.Run(seed))
            {
                if (step is Completion completion)
                {
                    past.Add(completion);
                    continue;
                }

                Delivery delivery = (Delivery)step;
                (RefreshPlan plan, CachedPolicy? before, string? id) = (delivery.Plan, step.Before, delivery.Txt.Record?.Id);
                List<Completion> causes = past.FindAll(earlier => earlier.Result.Status is RefreshStatus.Errored
                    && (step.Now - earlier.Delivery.Now).Duration() < FiveMinutes && (id is null || earlier.Delivery.Txt.Record?.Id == id));
                bool isDue = plan.Policy is null ? id is not null : (id is not null && id != before!.Id) || IsDue(before!, step.Now);
                if (plan.Action is not RefreshAction.Apply)
                {
                    isDue.Should().BeTrue();

                    // A cause is forgotten five minutes away from any later event, or after an accepted fetch.
                    foreach (Completion cause in causes)
                    {
                        past[past.IndexOf(cause)..]
                            .Exists(between =>
                                (between.Delivery.Now - cause.Delivery.Now).Duration() >= FiveMinutes || between.Fetch.Policy is not null)
                            .Should().BeTrue();
                        repeated++;
                    }
                }
                else if (isDue)
                {
                    causes.Should().NotBeEmpty();
                    blocked++;
                }
            }
        }

        blocked.Should().BeGreaterThan(1_000);
        repeated.Should().BePositive("the case must occur");

        static bool IsDue(CachedPolicy entry, DateTimeOffset now) =>
            now - entry.FetchedAt >= Day || 2 * (now - entry.FetchedAt) >= entry.Policy!.MaxAge || entry.FetchedAt - now > FiveMinutes;
    }

    [Fact]
    public void ReachablePolicyHost_EachDeliveryFindsAPolicyThatIsNotDue()
    {
        int renewed = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            foreach (Event step in new Timeline { PercentFailing = 0 }.Run(seed))
            {
                // A blocked lookup does not block the refresh.
                if (step is Completion { Delivery.Plan.Policy: not null } completion)
                {
                    step.After!.FetchedAt.Should().Be(completion.Delivery.Now);
                    renewed += completion.Delivery.Txt.Record is null && completion.Result.Status is RefreshStatus.Renewed ? 1 : 0;
                }
                else if (step is Delivery { Plan: { Action: RefreshAction.Apply, Policy: { } policy } })
                {
                    step.Before!.FetchedAt.Should().BeAfter(step.Now - Day).And.BeAfter(step.Now - (policy.MaxAge / 2));
                }
            }
        }

        renewed.Should().BeGreaterThan(500);
    }

    // A delivery never finds an expired policy if the policy host answers, no fetch fails, and mail arrives at least
    // once in half a max_age. From the second delivery on, an attacker forges or blocks every TXT lookup.
    [Fact]
    public void ReachablePolicyHost_MailOnceInHalfAMaxAge_NeverFindsAnExpiredPolicy()
    {
        int refreshed = 0;
        foreach (int maxAge in MaxAges[1..])
        {
            TimeSpan half = TimeSpan.FromSeconds(maxAge) / 2;
            foreach (bool isBlocked in (bool[])[false, true])
            {
                for (int seed = 0; seed < 20; seed++)
                {
                    Random random = new(seed);
                    FetchResult fetch = Fetched(MakePolicy(maxAge: maxAge));
                    DateTimeOffset now = Noon;
                    CachedPolicy? cached = PolicyRefresh.Complete(cached: null, Found("a"), fetch, now).Entry;
                    for (int i = 0; i < 100; i++)
                    {
                        // Mostly the longest pause.
                        now += random.Next(4) == 0 ? TimeSpan.FromTicks(random.NextInt64(1, half.Ticks + 1)) : half;
                        TxtAnswer txt = isBlocked ? TxtAnswer.LookupFailed : NextAnswer(random, FewIds);
                        RefreshPlan plan = PolicyRefresh.Plan(cached, txt, now);
                        plan.Policy.Should().NotBeNull($"a max_age of {maxAge} has not passed");
                        if (plan.Action is not RefreshAction.Apply)
                        {
                            cached = Stored(PolicyRefresh.Complete(plan, cached, fetch).Entry);
                            refreshed++;
                        }
                    }
                }
            }
        }

        refreshed.Should().BeGreaterThan(5_000);
    }

    [Fact]
    public void UnreachablePolicyHost_ADueFetchIsRetriedAfterFiveMinutes()
    {
        // Mail arrives every minute for a day, from two days after the fetch: with a record, and without.
        foreach (TxtAnswer txt in (TxtAnswer[])[Found(Id), Found("other"), TxtAnswer.LookupFailed])
        {
            CachedPolicy cached = MakeEntry();
            int fetches = 0;
            for (int minute = 0; minute < 24 * 60; minute++)
            {
                DateTimeOffset now = Noon + TimeSpan.FromDays(2) + TimeSpan.FromMinutes(minute);
                RefreshPlan plan = PolicyRefresh.Plan(cached, txt, now);
                plan.Policy.Should().BeSameAs(cached.Policy);
                if (plan.Action is RefreshAction.ApplyAndFetch)
                {
                    cached = PolicyRefresh.Complete(plan, cached, FetchResult.Failed(FetchStatus.ConnectionFailed)).Entry!;
                    fetches++;
                }
            }

            fetches.Should().Be(24 * 60 / 5);
        }
    }

    private static IEnumerable<Event> Runs(Timeline timeline) =>
        Enumerable.Range(0, 50).SelectMany(seed => (timeline with { Ids = seed % 4 == 3 ? ManyIds : FewIds }).Run(seed));

    /// <summary>Returns the entry after serialization, which must not change it.</summary>
    private static CachedPolicy? Stored(CachedPolicy? entry)
    {
        if (entry is null)
        {
            return null;
        }

        CachedPolicy.TryDeserialize(entry.Serialize(), out CachedPolicy? copy).Should().BeTrue();
        copy.Describe().Should().Be(entry.Describe());
        return copy;
    }

    private static TxtAnswer NextAnswer(Random random, string[] ids) => random.Next(10) switch
    {
        0 => TxtAnswer.LookupFailed,
        1 => TxtAnswer.FromRecords(["v=spf1 -all"]),
        2 => TxtAnswer.FromRecords(["v=STSv1; id=a;", "v=STSv1; id=b;"]),
        3 => TxtAnswer.FromRecords(["v=STSv1; id=not-an-id;"]),
        _ => Found(Pick(random, ids)),
    };

    private static FetchResult NextFetch(Random random, int percentFailing) => random.Next(100) >= percentFailing
        ? Fetched(Pick(random, Policies))
        : FetchResult.Failed(Pick(random, [.. Enum.GetValues<FetchStatus>().Where(static status => status is not FetchStatus.Ok)]));

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];

    /// <summary>Represents an event in the life of a domain.</summary>
    /// <param name="Now">The time on the caller's clock.</param>
    /// <param name="Before">The entry that the cache had.</param>
    /// <param name="After">The entry that the cache has now.</param>
    private abstract record Event(DateTimeOffset Now, CachedPolicy? Before, CachedPolicy? After);

    /// <summary>Represents a delivery, which plans and possibly begins a fetch.</summary>
    private sealed record Delivery(DateTimeOffset Now, CachedPolicy? Before, TxtAnswer Txt, RefreshPlan Plan) : Event(Now, Before, Before);

    /// <summary>Represents the end of a fetch.</summary>
    private sealed record Completion(
        DateTimeOffset Now, CachedPolicy? Before, CachedPolicy? After, Delivery Delivery, FetchResult Fetch, RefreshResult Result)
        : Event(Now, Before, After);

    /// <summary>Generates the events of a domain's life.</summary>
    private sealed record Timeline
    {
        public string[] Ids { get; init; } = FewIds;

        public int PercentFailing { get; init; }

        public TimeSpan[] Pauses { get; init; } = RefreshLawsTests.Pauses;

        /// <summary>The jumps that the clock may make.</summary>
        public TimeSpan[] Jumps { get; init; } = [];

        /// <summary>Indicates whether deliveries occur while fetches run.</summary>
        public bool Overlaps { get; init; }

        /// <summary>The probability, in percent, that the cache loses the entry between two events.</summary>
        public int PercentLost { get; init; }

        public IEnumerable<Event> Run(int seed)
        {
            Random random = new(seed);
            DateTimeOffset now = Noon; // The real time; the clock may show another.
            TimeSpan error = TimeSpan.Zero;
            CachedPolicy? cached = null;
            List<(DateTimeOffset End, Delivery Delivery)> running = [];
            for (int i = 0; i < DeliveriesPerTimeline; i++)
            {
                now += Pick(random, Pauses);
                if (Jumps.Length > 0 && random.Next(10) == 0)
                {
                    error += Pick(random, Jumps);
                }

                if (!Overlaps && running is [var (end, _)] && end > now)
                {
                    now = end;
                }

                foreach (var fetch in running.Where(fetch => fetch.End <= now).OrderBy(static fetch => fetch.End).ToArray())
                {
                    running.Remove(fetch);
                    cached = Keep(random, cached);
                    Completion completion = Complete(random, fetch.End + error, cached, fetch.Delivery);
                    yield return completion;
                    cached = Stored(completion.After);
                }

                cached = Keep(random, cached);
                TxtAnswer txt = NextAnswer(random, Ids);
                Delivery delivery = new(now + error, cached, txt, PolicyRefresh.Plan(cached, txt, now + error));
                yield return delivery;
                if (delivery.Plan.Action is not RefreshAction.Apply)
                {
                    running.Add((now + Pick(random, FetchTimes), delivery));
                }
            }
        }

        private CachedPolicy? Keep(Random random, CachedPolicy? cached) => random.Next(100) < PercentLost ? null : cached;

        private Completion Complete(Random random, DateTimeOffset now, CachedPolicy? cached, Delivery delivery)
        {
            FetchResult fetch = NextFetch(random, PercentFailing);
            RefreshResult result = PolicyRefresh.Complete(delivery.Plan, cached, fetch);
            return new(now, cached, result.Entry ?? cached, delivery, fetch, result);
        }
    }

    /// <summary>Counts the events, to prove that the timelines cover every case.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<Enum, int> _counts = [];
        private readonly Dictionary<(RefreshAction Action, TxtStatus Txt), int> _plans = [];

        public int Deliveries { get; private set; }

        public void Count(Event step)
        {
            if (step is Delivery { Plan.Action: var action, Txt.Status: var status })
            {
                Deliveries++;
                _plans[(action, status)] = _plans.GetValueOrDefault((action, status)) + 1;
            }
            else if (step is Completion completion)
            {
                Count(completion.Fetch.Status);
                Count(completion.Result.Status);
                Count(completion.Result.Failure);
                Count(completion.Result.Policy?.Mode ?? PolicyMode.None);
            }
        }

        public void ShouldHaveSeenEverything()
        {
            foreach (TxtStatus txt in Enum.GetValues<TxtStatus>())
            {
                foreach (RefreshAction action in Enum.GetValues<RefreshAction>())
                {
                    // Without a record there is nothing to fetch for a domain that has no policy.
                    bool canHappen = action is not RefreshAction.Fetch || txt is TxtStatus.Found;
                    int count = _plans.GetValueOrDefault((action, txt));
                    (count > 100).Should().Be(canHappen, $"{action} upon {txt} occurred {count} times");
                }
            }

            Enum[] expected =
            [
                .. Enum.GetValues<FetchStatus>().Cast<Enum>(),
                .. Enum.GetValues<PolicyMode>().Cast<Enum>(),
                RefreshStatus.Found, RefreshStatus.Renewed, RefreshStatus.Errored,
                TlsFailure.None, TlsFailure.StsPolicyFetchError, TlsFailure.StsPolicyInvalid, TlsFailure.StsWebPkiInvalid,
            ];
            foreach (Enum value in expected)
            {
                _counts.GetValueOrDefault(value).Should().BeGreaterThan(100, $"{value.GetType().Name}.{value} must occur");
            }
        }

        private void Count(Enum value) => _counts[value] = _counts.GetValueOrDefault(value) + 1;
    }
}
