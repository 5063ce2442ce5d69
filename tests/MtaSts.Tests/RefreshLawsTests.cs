using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// The laws of freshness over random timelines: deliveries and daily refreshes, TXT answers and fetches of all kinds. With a clock that goes forward, each
/// decision is that of <see cref="RefreshHistory"/>; with one that jumps about, the laws that <see cref="PolicyRefresh"/> states are held to one by one. In
/// both, each entry goes through its JSON between any two events.
/// </summary>
public class RefreshLawsTests
{
    private const int EventsPerTimeline = 400;

    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private static readonly string[] FewIds = ["a", "b", "A"];
    private static readonly string[] ManyIds = [.. Enumerable.Range(0, 14).Select(static i => $"id{i}")];

    private static readonly Policy[] Policies =
    [
        .. from mode in Enum.GetValues<PolicyMode>()
           from maxAge in (int[])[0, 60, 86_400, 604_800, 31_557_600]
           select MakePolicy(mode, maxAge, $"mx{maxAge}.example.com"),
    ];

    // By what the caller's clock shows: the next event, the length of the fetch.
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.Zero, Tick, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), FiveMinutes - Tick, FiveMinutes,
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(6), Day - Tick, Day, TimeSpan.FromDays(3), TimeSpan.FromDays(7),
    ];

    private static readonly TimeSpan[] FetchTimes = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(1)];

    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromSeconds(-1), -FiveMinutes + Tick, -FiveMinutes, TimeSpan.FromHours(-1), TimeSpan.FromHours(1), -Day, TimeSpan.FromDays(-40),
        TimeSpan.FromDays(400), TimeSpan.FromDays(-4_000),
    ];

    [Fact]
    public void ClockGoesForward_EachDecisionIsTheModels()
    {
        Tally tally = new();
        for (int seed = 0; seed < 60; seed++)
        {
            string[] ids = seed % 4 == 3 ? ManyIds : FewIds;
            RefreshHistory history = new();
            foreach (Step step in Run(new(seed), ids, percentFailing: (seed % 3) switch { 0 => 20, 1 => 50, _ => 90 }, jumps: []))
            {
                string? id = step.Txt.Record?.Id;
                string because = string.Create(CultureInfo.InvariantCulture, $"this is the model's answer (seed {seed}, {step.Now:O})");
                (step.Plan.Action, step.Plan.Policy, step.Plan.Failure).Should().Be(history.Plan(id, step.Now), because);
                step.Plan.ShouldAlert.Should().Be(step.Plan.Failure is not TlsFailure.None);
                if (step.Fetch is not null)
                {
                    (step.Result.Status, step.Result.Policy, step.Result.Failure, step.Result.ShouldAlert)
                        .Should().Be(history.Complete(id, step.Fetch, step.End), because);
                }

                (step.After is null || step.After.IsExpired(step.End) ? null : step.After.Policy).Should().Be(history.PolicyAt(step.End), because);
                tally.Count(step);
            }
        }

        tally.Events.Should().Be(60 * EventsPerTimeline);
        tally.ShouldHaveSeenEverything();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // and by a clock that jumps forwards and backwards
    public void EveryOrderOfEvents_OnlyAnAcceptedFetchOrExpiryEndsAPolicy(bool jumps)
    {
        int kept = 0;
        foreach (Step step in Runs(jumps, percentFailing: 60))
        {
            if (step.Before?.Policy is not { } policy || step.Now >= step.Before.ExpiresAt)
            {
                step.Plan.Policy.Should().BeNull("an expired policy does not apply");
                continue;
            }

            step.Plan.Policy.Should().Be(policy);
            if (step.Fetch is { Policy: null })
            {
                step.Result.Policy.Should().Be(step.End < step.Before.ExpiresAt ? policy : null);
                kept++;
            }
        }

        kept.Should().BeGreaterThan(1_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryOrderOfEvents_OnlyAnAcceptedFetchMovesTheExpiry(bool jumps)
    {
        int moved = 0;
        int unmoved = 0;
        foreach (Step step in Runs(jumps, percentFailing: 60))
        {
            if (step.Fetch?.Policy is { } fetched && step.Result.Status is not RefreshStatus.NotFound)
            {
                step.After!.Policy.Should().Be(fetched);
                (step.After.ExpiresAt - fetched.MaxAge).Should().Be(step.End);
                moved++;
            }
            else if (step.Before?.Policy is { } policy)
            {
                step.After!.Policy.Should().Be(policy);
                step.After.Id.Should().Be(step.Before.Id);
                step.After.FetchedAt.Should().Be(step.Before.FetchedAt);
                step.After.ExpiresAt.Should().Be(step.Before.ExpiresAt);
                unmoved++;
            }
        }

        moved.Should().BeGreaterThan(1_000);
        unmoved.Should().BeGreaterThan(1_000);
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
                foreach (Step step in Run(new(seed), ids, percentFailing: 95, jumps: []).Where(static step => step.Fetch is not null))
                {
                    string? id = step.Txt.Record?.Id;
                    failed.Exists(attempt => step.Now - attempt.At < FiveMinutes && (id is null || attempt.Id == id)).Should().BeFalse(
                        "no fetch begins within five minutes of one that failed with its id, or of any if it has none");
                    if (step.Result.Status is RefreshStatus.Errored)
                    {
                        failed.Add((id, step.End));
                        attempts++;
                    }
                }
            }
        }

        attempts.Should().BeGreaterThan(2_000);
    }

    [Fact]
    public void ClockJumps_AFetchIsHeldBackOnlyByAnAttemptWithinFiveMinutes()
    {
        int heldBack = 0;
        int repeated = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            List<Step> past = [];
            foreach (Step step in Run(new(seed), FewIds, percentFailing: 80, Jumps))
            {
                string? id = step.Txt.Record?.Id;
                List<Step> causes = past.FindAll(earlier => earlier.Result.Status is RefreshStatus.Errored
                    && (step.Now - earlier.End).Duration() < FiveMinutes && (id is null || earlier.Txt.Record?.Id == id));
                bool isDue = step.Plan.Policy is null
                    ? id is not null
                    : (id is not null && id != step.Before!.Id) || (step.Now - step.Before!.FetchedAt).Duration() >= Day;
                if (step.Fetch is not null)
                {
                    isDue.Should().BeTrue();

                    // What was forgotten since was over five minutes away from an event in between, or overtaken by an accepted fetch.
                    foreach (Step cause in causes)
                    {
                        past[past.IndexOf(cause)..]
                            .Exists(between => between.Fetch is not null && ((between.End - cause.End).Duration() >= FiveMinutes || between.Fetch.Policy is not null))
                            .Should().BeTrue();
                        repeated++;
                    }
                }
                else if (isDue)
                {
                    causes.Should().NotBeEmpty();
                    heldBack++;
                }

                past.Add(step);
            }
        }

        heldBack.Should().BeGreaterThan(1_000);
        repeated.Should().BePositive("the case is met");
    }

    [Fact]
    public void ReachablePolicyHost_EachDeliveryFindsAPolicyFetchedWithinTheLastDay()
    {
        int renewed = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            foreach (Step step in Run(new(seed), FewIds, percentFailing: 0, jumps: []))
            {
                // Whatever the TXT record says: look-ups that are blocked do not keep the refresh back.
                if (step.Before is not null && !step.Before.IsExpired(step.Now))
                {
                    step.After!.FetchedAt.Should().BeAfter(step.Now - Day);
                    renewed += step.Txt.Record is null && step.Result.Status is RefreshStatus.Renewed ? 1 : 0;
                }
            }
        }

        renewed.Should().BeGreaterThan(500);
    }

    [Fact]
    public void UnreachablePolicyHost_ADueFetchIsTriedAgainAfterFiveMinutes()
    {
        // Mail flows every minute for a day, beginning two days after the fetch: with a record, and without.
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
                    cached = PolicyRefresh.Complete(cached, txt, FetchResult.Failed(FetchStatus.ConnectionFailed), now).Entry!;
                    fetches++;
                }
            }

            fetches.Should().Be(24 * 60 / 5);
        }
    }

    private static IEnumerable<Step> Runs(bool jumps, int percentFailing) =>
        Enumerable.Range(0, 50).SelectMany(seed => Run(new(seed), seed % 4 == 3 ? ManyIds : FewIds, percentFailing, jumps ? Jumps : []));

    /// <summary>The events of a domain's life, one after the other, each with the decisions taken on the stored entry.</summary>
    private static IEnumerable<Step> Run(Random random, string[] ids, int percentFailing, TimeSpan[] jumps)
    {
        DateTimeOffset now = Noon;
        CachedPolicy? cached = null;
        for (int i = 0; i < EventsPerTimeline; i++)
        {
            now += Pick(random, Pauses);
            if (jumps.Length > 0 && random.Next(10) == 0)
            {
                now += Pick(random, jumps);
            }

            TxtAnswer txt = NextAnswer(random, ids);
            RefreshPlan plan = PolicyRefresh.Plan(cached, txt, now);
            DateTimeOffset end = now;
            FetchResult? fetch = null;
            RefreshResult result = default;
            CachedPolicy? after = cached;
            if (plan.Action is not RefreshAction.Apply)
            {
                end += Pick(random, FetchTimes);
                fetch = NextFetch(random, percentFailing);
                result = PolicyRefresh.Complete(cached, txt, fetch, end);
                after = result.Entry ?? cached;
            }

            yield return new(now, end, txt, cached, plan, fetch, result, after);
            now = end;
            cached = Stored(after);
        }
    }

    /// <summary>The entry as it comes back from a cache that keeps bytes, which makes no difference to it.</summary>
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

    /// <summary>One event.</summary>
    /// <param name="Now">When the delivery asked.</param>
    /// <param name="End">When the fetch, if any, ended.</param>
    /// <param name="Txt">The answer.</param>
    /// <param name="Before">The entry that the cache had.</param>
    /// <param name="Plan">The decision.</param>
    /// <param name="Fetch">The outcome of the fetch, if one was asked for.</param>
    /// <param name="Result">What came of it.</param>
    /// <param name="After">The entry that the cache has now.</param>
    private sealed record Step(
        DateTimeOffset Now,
        DateTimeOffset End,
        TxtAnswer Txt,
        CachedPolicy? Before,
        RefreshPlan Plan,
        FetchResult? Fetch,
        RefreshResult Result,
        CachedPolicy? After);

    /// <summary>How often each thing happened, so that the timelines do not come to test nothing.</summary>
    private sealed class Tally
    {
        private readonly Dictionary<Enum, int> _counts = [];
        private readonly Dictionary<(RefreshAction Action, TxtStatus Txt), int> _plans = [];

        public int Events { get; private set; }

        public void Count(Step step)
        {
            Events++;
            _plans[(step.Plan.Action, step.Txt.Status)] = _plans.GetValueOrDefault((step.Plan.Action, step.Txt.Status)) + 1;
            if (step.Fetch is not null)
            {
                Count(step.Fetch.Status);
                Count(step.Result.Status);
                Count(step.Result.Failure);
                Count(step.Result.Entry?.Policy?.Mode ?? PolicyMode.None);
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
                _counts.GetValueOrDefault(value).Should().BeGreaterThan(100, $"{value.GetType().Name}.{value} has to occur");
            }
        }

        private void Count(Enum value) => _counts[value] = _counts.GetValueOrDefault(value) + 1;
    }
}
