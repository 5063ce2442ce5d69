using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the decisions of a plan and of its completion (RFC 8461, Sections 3.3, 5.1, 6 and 10.2).</summary>
/// <remarks><see cref="RefreshLawsTests"/> has the laws over time.</remarks>
public class PolicyRefreshTests
{
    private const int Week = 604_800;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    // The outcomes of a TXT lookup; the first two are usable, and the first has the id of the cached entry.
    private static readonly Dictionary<string, TxtAnswer> Answers = new(StringComparer.Ordinal)
    {
        ["same id"] = Found(Id),
        ["other id"] = Found("other"),
        ["no record"] = TxtAnswer.FromRecords([]),
        ["several"] = TxtAnswer.FromRecords(["v=STSv1; id=a;", "v=STSv1; id=b;"]),
        ["invalid"] = TxtAnswer.FromRecords(["v=STSv1; id=;"]),
        ["failed"] = TxtAnswer.LookupFailed,
    };

    // The failed fetches and the failure to report for each.
    private static readonly Dictionary<FetchStatus, TlsFailure> FetchFailures = new()
    {
        [FetchStatus.ConnectionFailed] = TlsFailure.StsPolicyFetchError,
        [FetchStatus.Redirected] = TlsFailure.StsPolicyFetchError,
        [FetchStatus.NotFound] = TlsFailure.StsPolicyFetchError,
        [FetchStatus.UnexpectedStatus] = TlsFailure.StsPolicyFetchError,
        [FetchStatus.TimedOut] = TlsFailure.StsPolicyFetchError,
        [FetchStatus.WrongMediaType] = TlsFailure.StsPolicyInvalid,
        [FetchStatus.TooLarge] = TlsFailure.StsPolicyInvalid,
        [FetchStatus.InvalidPolicy] = TlsFailure.StsPolicyInvalid,
        [FetchStatus.CertificateInvalid] = TlsFailure.StsWebPkiInvalid,
    };

    // max_age of the cached policy (-1: nothing is cached), its age, the answer; the action; whether the cached policy
    // applies.
    public static TheoryData<int, TimeSpan, string, RefreshAction, bool> Plans => new()
    {
        // Nothing cached.
        { -1, TimeSpan.Zero, "same id", RefreshAction.Fetch, false },
        { -1, TimeSpan.Zero, "other id", RefreshAction.Fetch, false },
        { -1, TimeSpan.Zero, "no record", RefreshAction.Apply, false },
        { -1, TimeSpan.Zero, "several", RefreshAction.Apply, false },
        { -1, TimeSpan.Zero, "invalid", RefreshAction.Apply, false },
        { -1, TimeSpan.Zero, "failed", RefreshAction.Apply, false },

        // Unexpired and fresh.
        { Week, TimeSpan.Zero, "same id", RefreshAction.Apply, true },
        { Week, TimeSpan.Zero, "other id", RefreshAction.ApplyAndFetch, true },
        { Week, TimeSpan.Zero, "no record", RefreshAction.Apply, true },
        { Week, TimeSpan.Zero, "several", RefreshAction.Apply, true },
        { Week, TimeSpan.Zero, "invalid", RefreshAction.Apply, true },
        { Week, TimeSpan.Zero, "failed", RefreshAction.Apply, true },

        // 24 hours, the last instant before and the first of them.
        { Week, Day - Tick, "same id", RefreshAction.Apply, true },
        { Week, Day - Tick, "other id", RefreshAction.ApplyAndFetch, true },
        { Week, Day - Tick, "no record", RefreshAction.Apply, true },
        { Week, Day - Tick, "several", RefreshAction.Apply, true },
        { Week, Day - Tick, "invalid", RefreshAction.Apply, true },
        { Week, Day - Tick, "failed", RefreshAction.Apply, true },
        { Week, Day, "same id", RefreshAction.ApplyAndFetch, true },
        { Week, Day, "other id", RefreshAction.ApplyAndFetch, true },
        { Week, Day, "no record", RefreshAction.ApplyAndFetch, true },
        { Week, Day, "several", RefreshAction.ApplyAndFetch, true },
        { Week, Day, "invalid", RefreshAction.ApplyAndFetch, true },
        { Week, Day, "failed", RefreshAction.ApplyAndFetch, true },

        // Expiry, the last instant before and the first of it: the policy is gone at FetchedAt + max_age.
        { Week, TimeSpan.FromDays(7) - Tick, "same id", RefreshAction.ApplyAndFetch, true },
        { Week, TimeSpan.FromDays(7) - Tick, "no record", RefreshAction.ApplyAndFetch, true },
        { Week, TimeSpan.FromDays(7), "same id", RefreshAction.Fetch, false },
        { Week, TimeSpan.FromDays(7), "other id", RefreshAction.Fetch, false },
        { Week, TimeSpan.FromDays(7), "no record", RefreshAction.Apply, false },
        { Week, TimeSpan.FromDays(7), "several", RefreshAction.Apply, false },
        { Week, TimeSpan.FromDays(7), "invalid", RefreshAction.Apply, false },
        { Week, TimeSpan.FromDays(7), "failed", RefreshAction.Apply, false },

        // Two days are the longest max_age whose half is not over 24 hours.
        { 172_800, Day - Tick, "same id", RefreshAction.Apply, true },
        { 172_800, Day, "same id", RefreshAction.ApplyAndFetch, true },
        { 172_802, Day, "same id", RefreshAction.ApplyAndFetch, true },
        { 172_802, Day - Tick, "same id", RefreshAction.Apply, true },
        { 172_798, Day - TimeSpan.FromSeconds(1) - Tick, "same id", RefreshAction.Apply, true },
        { 172_798, Day - TimeSpan.FromSeconds(1), "failed", RefreshAction.ApplyAndFetch, true },

        // A day, the max_age of more than a quarter of the published policies. Without the rule of the half, such a policy
        // would expire before it is due.
        { 86_400, (Day / 2) - Tick, "same id", RefreshAction.Apply, true },
        { 86_400, (Day / 2) - Tick, "failed", RefreshAction.Apply, true },
        { 86_400, Day / 2, "same id", RefreshAction.ApplyAndFetch, true },
        { 86_400, Day / 2, "failed", RefreshAction.ApplyAndFetch, true },
        { 86_400, Day - Tick, "same id", RefreshAction.ApplyAndFetch, true },
        { 86_400, Day - Tick, "no record", RefreshAction.ApplyAndFetch, true },
        { 86_400, Day, "same id", RefreshAction.Fetch, false },
        { 86_400, Day, "failed", RefreshAction.Apply, false },

        // Odd numbers of seconds, down to one, and a minute. An unchanged id never extends a policy.
        { 43_201, TimeSpan.FromSeconds(21_600.5) - Tick, "same id", RefreshAction.Apply, true },
        { 43_201, TimeSpan.FromSeconds(21_600.5), "same id", RefreshAction.ApplyAndFetch, true },
        { 1, TimeSpan.FromSeconds(0.5) - Tick, "same id", RefreshAction.Apply, true },
        { 1, TimeSpan.FromSeconds(0.5), "same id", RefreshAction.ApplyAndFetch, true },
        { 60, TimeSpan.FromSeconds(60) - Tick, "same id", RefreshAction.ApplyAndFetch, true },
        { 60, TimeSpan.FromSeconds(60), "same id", RefreshAction.Fetch, false },
        { 60, TimeSpan.FromSeconds(60), "no record", RefreshAction.Apply, false },

        // A max_age of 0 expires at once. It is still unexpired if the clock was set back by one instant.
        { 0, TimeSpan.Zero, "same id", RefreshAction.Fetch, false },
        { 0, TimeSpan.Zero, "no record", RefreshAction.Apply, false },
        { 0, -Tick, "same id", RefreshAction.Apply, true },

        // A clock that was set back: the policy still applies. The clocks of two machines may differ by five minutes. A fetch
        // further in the future was dated by a wrong clock, and the policy would otherwise not be due until then.
        { Week, -Tick, "same id", RefreshAction.Apply, true },
        { Week, -Tick, "failed", RefreshAction.Apply, true },
        { Week, -FiveMinutes, "same id", RefreshAction.Apply, true },
        { Week, -FiveMinutes, "failed", RefreshAction.Apply, true },
        { Week, -FiveMinutes - Tick, "same id", RefreshAction.ApplyAndFetch, true },
        { Week, -FiveMinutes - Tick, "failed", RefreshAction.ApplyAndFetch, true },
        { Week, TimeSpan.FromDays(-9_000), "failed", RefreshAction.ApplyAndFetch, true },
    };

    // The id of the failed attempt (null: an attempt without a record), its age, the answer; whether it delays a due
    // fetch.
    public static TheoryData<string?, TimeSpan, string, bool> Attempts => new()
    {
        // An attempt with the id of the answer.
        { Id, TimeSpan.Zero, "same id", true },
        { Id, FiveMinutes - Tick, "same id", true },
        { Id, FiveMinutes, "same id", false },
        { "other", FiveMinutes - Tick, "other id", true },
        { "other", FiveMinutes, "other id", false },

        // With another id, or without an id.
        { "other", TimeSpan.Zero, "same id", false },
        { Id, TimeSpan.Zero, "other id", false },
        { null, TimeSpan.Zero, "same id", false },
        { null, TimeSpan.Zero, "other id", false },

        // If the answer has no id, any attempt counts.
        { Id, FiveMinutes - Tick, "no record", true },
        { "other", FiveMinutes - Tick, "several", true },
        { null, FiveMinutes - Tick, "invalid", true },
        { null, FiveMinutes - Tick, "failed", true },
        { Id, FiveMinutes, "no record", false },
        { "other", FiveMinutes, "several", false },
        { null, FiveMinutes, "invalid", false },
        { null, FiveMinutes, "failed", false },

        // A clock that was set back a little delays the fetch; one that was set back further does not.
        { Id, Tick - FiveMinutes, "same id", true },
        { Id, -FiveMinutes, "same id", false },
        { null, -FiveMinutes, "failed", false },
    };

    // The answer; whether a bounce is permitted without a fetch, after a failed fetch, and after a successful one.
    public static TheoryData<string, bool, bool, bool> PermanentFailures => new()
    {
        { "same id", true, true, true },
        { "other id", false, true, false }, // the new policy may allow the host, unless it is unavailable
        { "no record", true, true, true },
        { "several", true, true, true }, // no policy, by Section 3.1
        { "invalid", true, true, true }, // no policy, by Section 3.1
        { "failed", false, false, false }, // not completed: nothing was checked
    };

    public static TheoryData<string> AnswerNames => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Plans))]
    public void Plan_EachRowOfTheTable_ReturnsTheActionAndThePolicy(
        int maxAge, TimeSpan age, string answer, RefreshAction action, bool applies)
    {
        foreach (PolicyMode mode in Enum.GetValues<PolicyMode>())
        {
            CachedPolicy? cached = maxAge < 0 ? null : MakeEntry(mode, maxAge);

            RefreshPlan plan = PolicyRefresh.Plan(cached, Answers[answer], Noon + age);

            plan.Action.Should().Be(action);
            plan.Policy.Should().BeSameAs(applies ? cached!.Policy : null);
            plan.AppliedEntry.Should().BeSameAs(applies ? cached : null);

            // Sections 6 and 10.2: the record is missing, but the domain has an unexpired policy of a mode other than none.
            bool isBlocked = applies && mode is not PolicyMode.None && answer is not ("same id" or "other id");
            plan.Failure.Should().Be(isBlocked ? TlsFailure.StsPolicyFetchError : TlsFailure.None);
            plan.ShouldAlert.Should().Be(isBlocked);

            // The same instant in another time zone.
            PolicyRefresh.Plan(cached, Answers[answer], (Noon + age).ToOffset(TimeSpan.FromHours(-11))).Should().Be(plan);
        }
    }

    [Theory]
    [MemberData(nameof(Attempts))]
    public void Plan_AfterAFailedAttempt_DelaysTheNextForFiveMinutes(string? failedId, TimeSpan age, string answer, bool isDelayed)
    {
        DateTimeOffset now = Noon + TimeSpan.FromDays(2);
        FailedAttempt attempt = new(failedId, now - age);
        CachedPolicy due = MakeEntry().With(attempt); // old enough for a fetch with every answer
        CachedPolicy expired = MakeEntry(maxAge: 60).With(attempt);
        CachedPolicy failureOnly = MakeFailure(attempt.At, failedId);
        bool hasId = Answers[answer].Record is not null;

        RefreshPlan[] plans = [.. new[] { due, expired, failureOnly }.Select(cached => PolicyRefresh.Plan(cached, Answers[answer], now))];

        plans[0].Action.Should().Be(isDelayed ? RefreshAction.Apply : RefreshAction.ApplyAndFetch);
        plans[0].Policy.Should().BeSameAs(due.Policy);
        plans[1].Action.Should().Be(isDelayed || !hasId ? RefreshAction.Apply : RefreshAction.Fetch);
        plans[2].Should().Be(plans[1]);
        plans[0].HasJustFailed.Should().Be(isDelayed);
        plans[1].HasJustFailed.Should().Be(isDelayed && hasId, "without a record and a policy, no fetch is due");
        plans[2].Policy.Should().BeNull();
    }

    [Fact]
    public void Plan_SeveralFailingIds_TriesEachOnceInFiveMinutes()
    {
        // The publisher alternates between ids, and there is a message every ten seconds.
        string[] ids = ["a", "b", "c", "a1", "b1"];
        CachedPolicy? cached = MakeEntry();
        List<(string Id, DateTimeOffset At)> fetches = [];
        for (int delivery = 0; delivery < 600; delivery++)
        {
            DateTimeOffset now = Noon + (delivery * TimeSpan.FromSeconds(10));
            string id = ids[delivery % ids.Length];
            RefreshPlan plan = PolicyRefresh.Plan(cached, Found(id), now);
            plan.Policy.Should().NotBeNull();
            if (plan.Action is RefreshAction.ApplyAndFetch)
            {
                fetches.Add((id, now));
                cached = PolicyRefresh.Complete(cached, Found(id), FetchResult.Failed(FetchStatus.TimedOut), now).Entry;
            }
        }

        fetches.Should().HaveCount(100, "a hundred minutes allow twenty attempts with each of the five ids");
        foreach (string id in ids)
        {
            DateTimeOffset[] times = [.. fetches.Where(fetch => fetch.Id == id).Select(static fetch => fetch.At)];
            times.Zip(times.Skip(1), static (earlier, later) => later - earlier)
                .Should().OnlyContain(static gap => gap >= TimeSpan.FromMinutes(5));
        }
    }

    // The eight others began later but failed sooner. Without the ninth, the entry would not remember this failure at all.
    [Fact]
    public void Complete_NinthFailedIdThatBeganFirst_IsRemembered()
    {
        CachedPolicy? cached = null;
        for (int i = 0; i < 8; i++)
        {
            cached = PolicyRefresh.Complete(
                cached, Found($"id{i}"), FetchResult.Failed(FetchStatus.NotFound), Noon + TimeSpan.FromSeconds(10 + i)).Entry;
        }

        CachedPolicy? entry = PolicyRefresh.Complete(cached, Found("id8"), FetchResult.Failed(FetchStatus.NotFound), Noon).Entry;

        entry!.FailedAttempts.Should().HaveCount(8)
            .And.Contain(new FailedAttempt("id8", Noon)).And.NotContain(attempt => attempt.Id == "id0");
    }

    [Fact]
    public void Plan_MoreThanEightFailingIds_DelaysAllUntilTheFirstIsFiveMinutesOld()
    {
        // A new id with each delivery. The number of remembered attempts is bounded, so the ninth must wait.
        CachedPolicy? cached = null;
        for (int i = 0; i < 8; i++)
        {
            DateTimeOffset now = Noon + TimeSpan.FromSeconds(i);
            PolicyRefresh.Plan(cached, Found($"id{i}"), now).Action.Should().Be(RefreshAction.Fetch);
            cached = PolicyRefresh.Complete(cached, Found($"id{i}"), FetchResult.Failed(FetchStatus.NotFound), now).Entry;
        }

        RefreshPlan ninth = PolicyRefresh.Plan(cached, Found("id8"), Noon + TimeSpan.FromSeconds(8));
        (ninth.Action, ninth.HasJustFailed).Should().Be((RefreshAction.Apply, false), "eight other attempts failed, not this one");
        PolicyRefresh.Plan(cached, Found("id8"), Noon + FiveMinutes - Tick).Action.Should().Be(RefreshAction.Apply);
        PolicyRefresh.Plan(cached, Found("id8"), Noon + FiveMinutes).Action.Should().Be(RefreshAction.Fetch);
        PolicyRefresh.Plan(cached, Found("id0"), Noon + FiveMinutes).Action.Should().Be(RefreshAction.Fetch);
        PolicyRefresh.Plan(cached, Found("id1"), Noon + FiveMinutes).Action
            .Should().Be(RefreshAction.Apply, "the attempt with its own id is a second younger");
    }

    [Fact]
    public void Complete_MoreThanEightFailures_RemembersTheLatestEight()
    {
        // A caller that fetches without a plan.
        CachedPolicy? cached = null;
        for (int i = 0; i < 20; i++)
        {
            DateTimeOffset now = Noon + TimeSpan.FromSeconds(i);
            cached = PolicyRefresh.Complete(cached, Found($"id{i}"), FetchResult.Failed(FetchStatus.NotFound), now).Entry;
        }

        cached!.FailedAttempts.Select(static attempt => attempt.Id)
            .Should().Equal("id12", "id13", "id14", "id15", "id16", "id17", "id18", "id19");
        cached.FailedId.Should().Be("id19");
        cached.FailedAt.Should().Be(Noon + TimeSpan.FromSeconds(19));
    }

    [Theory]
    [MemberData(nameof(AnswerNames))]
    public void Complete_Accepted_StoresThePolicyAsOfNow(string answer)
    {
        TxtAnswer txt = Answers[answer];
        DateTimeOffset now = Noon + TimeSpan.FromDays(2);
        foreach (PolicyMode mode in Enum.GetValues<PolicyMode>())
        {
            foreach (int maxAge in (int[])[0, 60, Week, 31_557_600])
            {
                FetchResult fetch = Fetched(MakePolicy(mode, maxAge, "new.example.com"));
                foreach (CachedPolicy? cached in (CachedPolicy?[])
                    [null, MakeFailure(Noon), MakeEntry(maxAge: 60), MakeEntry(), MakeEntry(PolicyMode.None)])
                {
                    bool isUnexpired = cached is not null && !cached.IsExpired(now);

                    RefreshResult result = PolicyRefresh.Complete(cached, txt, fetch, now);

                    // Without a record, only an applicable policy can be renewed (Sections 3.1 and 10.2).
                    if (txt.Record is null && !isUnexpired)
                    {
                        result.Should().Be(default(RefreshResult));
                        result.Status.Should().Be(RefreshStatus.NotFound);
                        continue;
                    }

                    string id = txt.Record?.Id ?? Id;
                    result.Status.Should().Be(cached?.Id == id ? RefreshStatus.Renewed : RefreshStatus.Found);
                    result.Policy.Should().BeSameAs(fetch.Policy, "the policy applies to this delivery even with a max_age of 0");
                    result.Failure.Should().Be(TlsFailure.None);
                    result.ShouldAlert.Should().BeFalse();
                    result.AppliedEntry.Should().BeSameAs(result.Entry);
                    result.Entry.Describe().Should().Be(new CachedPolicy(id, fetch.Policy!, now).Describe());
                    result.Entry!.IsExpired(now).Should().Be(maxAge == 0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AnswerNames))]
    public void Complete_Failed_KeepsThePolicyAndRemembersTheAttempt(string answer)
    {
        TxtAnswer txt = Answers[answer];
        DateTimeOffset now = Noon + TimeSpan.FromDays(2);
        FetchFailures.Keys.Append(FetchStatus.Ok).Should().BeEquivalentTo(Enum.GetValues<FetchStatus>(), "the table has every status");
        foreach ((FetchStatus status, TlsFailure failure) in FetchFailures)
        {
            foreach (CachedPolicy? cached in (CachedPolicy?[])
                [null, MakeFailure(Noon), MakeEntry(maxAge: 60), MakeEntry(), MakeEntry(PolicyMode.Testing), MakeEntry(PolicyMode.None)])
            {
                Policy? valid = cached is not null && !cached.IsExpired(now) ? cached.Policy : null;
                bool isProtecting = valid is { Mode: not PolicyMode.None };

                RefreshResult result = PolicyRefresh.Complete(cached, txt, FetchResult.Failed(status), now);

                if (txt.Record is null && valid is null)
                {
                    result.Should().Be(default(RefreshResult));
                    continue;
                }

                result.Status.Should().Be(RefreshStatus.Errored);
                result.Policy.Should().BeSameAs(valid);
                result.Failure.Should().Be(txt.Record is not null || isProtecting ? failure : TlsFailure.None); // Section 6
                result.ShouldAlert.Should().Be(isProtecting); // Section 3.3

                result.AppliedEntry.Should().BeSameAs(valid is null ? null : cached);
                result.Entry!.Id.Should().Be(cached?.Id);
                result.Entry.Policy.Should().BeSameAs(cached?.Policy);
                result.Entry.FetchedAt.Should().Be(cached?.FetchedAt ?? DateTimeOffset.MinValue);
                result.Entry.ExpiresAt.Should().Be(cached?.ExpiresAt ?? DateTimeOffset.MinValue);
                result.Entry.FailedId.Should().Be(txt.Record?.Id);
                result.Entry.FailedAt.Should().Be(now);
                result.Entry.FailedAt!.Value.Offset.Should().Be(TimeSpan.Zero);
            }
        }
    }

    [Fact]
    public void Complete_FailedAgain_RemembersEachIdOnceAndForgetsAfterFiveMinutes()
    {
        FetchResult timedOut = FetchResult.Failed(FetchStatus.TimedOut);
        CachedPolicy? cached = PolicyRefresh.Complete(MakeEntry(), Found("a"), timedOut, Noon).Entry;
        cached = PolicyRefresh.Complete(cached, TxtAnswer.LookupFailed, timedOut, Noon + TimeSpan.FromMinutes(1)).Entry;
        cached = PolicyRefresh.Complete(cached, Found("a"), timedOut, Noon + TimeSpan.FromMinutes(2)).Entry;
        cached!.FailedAttempts
            .Should().Equal(
            new FailedAttempt(null, Noon + TimeSpan.FromMinutes(1)), new FailedAttempt("a", Noon + TimeSpan.FromMinutes(2)));

        cached = PolicyRefresh.Complete(cached, Found("b"), timedOut, Noon + TimeSpan.FromMinutes(6)).Entry;
        cached!.FailedAttempts
            .Should().Equal(
            new FailedAttempt("a", Noon + TimeSpan.FromMinutes(2)), new FailedAttempt("b", Noon + TimeSpan.FromMinutes(6)));
    }

    [Fact]
    public void Complete_AcceptedAfterFailures_ForgetsTheAttemptsOfItsIdAndWithoutAnId()
    {
        CachedPolicy cached = MakeEntry().With(new("a", Noon), new(null, Noon), new("b", Noon));

        RefreshResult result = PolicyRefresh.Complete(cached, Found("a"), Fetched(MakePolicy()), Noon + TimeSpan.FromMinutes(1));

        // The attempt with "b" still counts: otherwise "b" would be fetched again if the record returned to it.
        result.Entry!.FailedAttempts.Should().Equal(new FailedAttempt("b", Noon));
        PolicyRefresh.Plan(result.Entry, Found("b"), Noon + TimeSpan.FromMinutes(2)).Action.Should().Be(RefreshAction.Apply);
    }

    [Fact]
    public void Complete_AcceptedUnderAnUnchangedId_ReplacesThePolicy()
    {
        // The id is only a hint. The fetched policy counts.
        RefreshResult result = PolicyRefresh.Complete(MakeEntry(), Found(Id), Fetched(MakePolicy(PolicyMode.None, 60)), Noon + Day);

        result.Status.Should().Be(RefreshStatus.Renewed);
        result.Entry!.Policy!.Mode.Should().Be(PolicyMode.None);
        result.Entry.ExpiresAt.Should().Be(Noon + Day + TimeSpan.FromSeconds(60));
    }

    // The time of the cached entry's fetch, relative to the begin of the fetch that ends now; whether that entry stays
    // although the fetch was accepted.
    public static TheoryData<TimeSpan, bool> LaterFetches => new()
    {
        { -Tick, false },
        { TimeSpan.Zero, false },
        { Tick, true }, // began later and ended earlier
        { TimeSpan.FromSeconds(10), true },
        { FiveMinutes, true },
        { FiveMinutes + Tick, false }, // a wrong clock, because no fetch takes that long
        { TimeSpan.FromDays(3_650), false },
    };

    [Theory]
    [MemberData(nameof(LaterFetches))]
    public void Complete_TwoFetches_TheLaterBeginWins(TimeSpan later, bool stays)
    {
        foreach (int maxAge in (int[])[0, 60, Week])
        {
            foreach (CachedPolicy? before in (CachedPolicy?[])[null, MakeEntry()])
            {
                DateTimeOffset now = Noon + Day;
                RefreshPlan plan = PolicyRefresh.Plan(before, Found("1"), now);
                FetchResult first = Fetched(MakePolicy(mx: "old.example.com"));
                CachedPolicy second = new("2", MakePolicy(maxAge: maxAge, mx: "new.example.com"), now + later);

                RefreshResult[] accepted =
                    [PolicyRefresh.Complete(plan, second, first), PolicyRefresh.Complete(second, Found("1"), first, now)];
                RefreshResult failed = PolicyRefresh.Complete(plan, second, FetchResult.Failed(FetchStatus.TimedOut));

                foreach (RefreshResult result in accepted)
                {
                    result.Status.Should().Be(RefreshStatus.Found);
                    result.Policy.Should().BeSameAs(stays ? second.Policy : first.Policy);
                    result.AppliedEntry!.Id.Should().Be(stays ? "2" : "1");
                    result.Entry?.Policy.Should().BeSameAs(first.Policy);
                    (result.Entry is null).Should().Be(stays, "an entry that stays is not stored again");
                }

                failed.Entry!.Policy.Should().BeSameAs(second.Policy);
                failed.Entry.Id.Should().Be("2");
                failed.Entry.FetchedAt.Should().Be(later > FiveMinutes ? now : now + later);
            }
        }
    }

    [Fact]
    public void Complete_PlannedWithAnEntryDatedAhead_ReplacesThatEntry()
    {
        // The clock was set back by four minutes. Otherwise the entry would stay that long, and each message would fetch
        // again.
        CachedPolicy cached = new("1", MakePolicy(mx: "old.example.com"), Noon + TimeSpan.FromMinutes(4));
        FetchResult fetch = Fetched(MakePolicy(mx: "new.example.com"));
        RefreshPlan plan = PolicyRefresh.Plan(cached, Found("2"), Noon);
        CachedPolicy.TryDeserialize(cached.Serialize(), out CachedPolicy? copy).Should().BeTrue();

        foreach (CachedPolicy? current in (CachedPolicy?[])[cached, copy])
        {
            RefreshResult result = PolicyRefresh.Complete(plan, current, fetch);

            result.Policy.Should().BeSameAs(fetch.Policy);
            (result.Entry!.Id, result.Entry.FetchedAt).Should().Be(("2", Noon));
            PolicyRefresh.Plan(result.Entry, Found("2"), Noon + TimeSpan.FromSeconds(1)).Action.Should().Be(RefreshAction.Apply);
        }
    }

    // A clock that is behind looks like one that was ahead before. The documentation states the effect.
    [Fact]
    public void Complete_ClockBehindAndFetchFails_ShortensThePolicy()
    {
        CachedPolicy cached = MakeEntry();
        DateTimeOffset boot = DateTimeOffset.UnixEpoch;
        RefreshPlan plan = PolicyRefresh.Plan(cached, TxtAnswer.LookupFailed, boot);
        (plan.Action, plan.Policy).Should().Be((RefreshAction.ApplyAndFetch, cached.Policy), "the policy applies meanwhile");

        RefreshResult failed = PolicyRefresh.Complete(plan, cached, FetchResult.Failed(FetchStatus.CertificateInvalid));

        failed.Policy.Should().BeSameAs(cached.Policy);
        failed.Entry!.ExpiresAt.Should().Be(boot + TimeSpan.FromDays(7));
        PolicyRefresh.Complete(plan, cached, Fetched(MakePolicy())).Entry!.FetchedAt.Should().Be(boot);
    }

    [Theory]
    [MemberData(nameof(AnswerNames))]
    public void Complete_CacheLostTheEntryDuringTheFetch_KeepsThePolicyOfThePlan(string answer)
    {
        CachedPolicy cached = MakeEntry();
        RefreshPlan plan = PolicyRefresh.Plan(cached, Answers[answer], Noon + Day);
        plan.Action.Should().Be(RefreshAction.ApplyAndFetch);

        // Evicted; and evicted, with the failed attempt of another delivery stored afterwards.
        foreach (CachedPolicy? current in (CachedPolicy?[])[null, MakeFailure(Noon + Day, "c")])
        {
            RefreshResult failed = PolicyRefresh.Complete(plan, current, FetchResult.Failed(FetchStatus.TimedOut));
            failed.Status.Should().Be(RefreshStatus.Errored);
            failed.Policy.Should().BeSameAs(cached.Policy);
            failed.AppliedEntry.Should().BeSameAs(cached);
            failed.Failure.Should().Be(TlsFailure.StsPolicyFetchError);
            failed.ShouldAlert.Should().BeTrue();
            failed.Entry!.Policy.Should().BeSameAs(cached.Policy, "the entry is stored again");
            (failed.Entry.Id, failed.Entry.FetchedAt).Should().Be((cached.Id, cached.FetchedAt));
            failed.Entry.FailedAttempts.Select(static attempt => attempt.Id)
                .Should().Equal(current is null ? [Answers[answer].Record?.Id] : ["c", Answers[answer].Record?.Id]);

            FetchResult fetch = Fetched(MakePolicy(mx: "new.example.com"));
            RefreshResult accepted = PolicyRefresh.Complete(plan, current, fetch);
            accepted.Status.Should().Be(Answers[answer].Record?.Id is { } id && id != Id ? RefreshStatus.Found : RefreshStatus.Renewed);
            accepted.Policy.Should().BeSameAs(fetch.Policy);
            accepted.Entry!.Id.Should().Be(Answers[answer].Record?.Id ?? Id, "the entry has the id of the plan");
            accepted.Entry.FetchedAt.Should().Be(Noon + Day);
        }
    }

    [Fact]
    public void Complete_CacheLostTheEntryButHasAnotherAttempt_KeepsAllAttempts()
    {
        CachedPolicy cached = MakeEntry().With(new("a", Noon + Day), new("b", Noon + Day));
        RefreshPlan plan = PolicyRefresh.Plan(cached, Found("c"), Noon + Day + TimeSpan.FromMinutes(1));
        CachedPolicy current = MakeFailure(Noon + Day + TimeSpan.FromMinutes(2), "b");

        CachedPolicy entry = PolicyRefresh.Complete(plan, current, FetchResult.Failed(FetchStatus.TimedOut)).Entry!;

        entry.FailedAttempts.Should().Equal(
            new FailedAttempt("a", Noon + Day),
            new FailedAttempt("c", Noon + Day + TimeSpan.FromMinutes(1)),
            new FailedAttempt("b", Noon + Day + TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public void Complete_PolicyExpiresDuringTheFetch_StillAppliesToTheDelivery()
    {
        CachedPolicy cached = MakeEntry(maxAge: 60);
        RefreshPlan plan = PolicyRefresh.Plan(cached, TxtAnswer.LookupFailed, Noon + TimeSpan.FromSeconds(59));

        // A minute later, the store has removed the entry, or still has it.
        foreach (CachedPolicy? current in (CachedPolicy?[])[null, cached])
        {
            PolicyRefresh.Complete(plan, current, FetchResult.Failed(FetchStatus.TimedOut)).Policy.Should().BeSameAs(cached.Policy);
            PolicyRefresh.Complete(plan, current, Fetched(MakePolicy())).Entry!.Id.Should().Be(Id);
        }
    }

    [Fact]
    public void Complete_ReplacedDuringTheFetch_DoesNotRestoreTheOldPolicy()
    {
        // A slightly earlier fetch returned a policy that has already expired, such as an opt-out with a max_age of 0.
        CachedPolicy cached = MakeEntry();
        RefreshPlan plan = PolicyRefresh.Plan(cached, Found("3"), Noon + Day);
        CachedPolicy optOut = new("2", MakePolicy(PolicyMode.None, maxAge: 0), Noon + Day - TimeSpan.FromSeconds(5));

        RefreshResult result = PolicyRefresh.Complete(plan, optOut, FetchResult.Failed(FetchStatus.TimedOut));

        result.Policy.Should().BeSameAs(cached.Policy, "the policy of the plan applies to this delivery");
        result.AppliedEntry.Should().BeSameAs(cached);
        result.Entry!.Policy.Should().BeSameAs(optOut.Policy);
        result.Entry.Id.Should().Be("2");
    }

    [Fact]
    public void Complete_FetchedByAClockTenYearsAhead_ExpiresAMaxAgeAfterTheCorrection()
    {
        CachedPolicy? cached = new(Id, MakePolicy(maxAge: Week), Noon.AddYears(10));
        foreach (TxtAnswer txt in (TxtAnswer[])[Found(Id), TxtAnswer.LookupFailed])
        {
            DateTimeOffset now = Noon;
            CachedPolicy? entry = cached;
            for (; now < Noon + TimeSpan.FromDays(7); now += TimeSpan.FromHours(1))
            {
                CachedPolicy.TryDeserialize(entry!.Serialize(), out entry).Should().BeTrue(); // across a restart
                RefreshPlan plan = PolicyRefresh.Plan(entry, txt, now);
                plan.Policy.Should().Be(cached.Policy);
                if (plan.Action is not RefreshAction.Apply)
                {
                    entry = PolicyRefresh.Complete(plan, entry, FetchResult.Failed(FetchStatus.TimedOut)).Entry;
                }

                entry!.FetchedAt.Should().Be(Noon, "this is the time of the first attempt, and later ones do not move it");
            }

            PolicyRefresh.Plan(entry, txt, now).Policy.Should().BeNull();
        }
    }

    [Fact]
    public void Complete_FetchedByAClockTenYearsAhead_IsReplacedByAnyAcceptedFetch()
    {
        CachedPolicy cached = new(Id, MakePolicy(), Noon.AddYears(10));
        foreach (TxtAnswer txt in (TxtAnswer[])[Found(Id), Found("other"), TxtAnswer.LookupFailed])
        {
            FetchResult fetch = Fetched(MakePolicy(mx: "new.example.com"));

            RefreshResult result = PolicyRefresh.Complete(PolicyRefresh.Plan(cached, txt, Noon), cached, fetch);

            result.Policy.Should().BeSameAs(fetch.Policy);
            result.Entry!.FetchedAt.Should().Be(Noon);
        }
    }

    [Theory]
    [MemberData(nameof(AnswerNames))]
    public void Complete_OfAPlan_ReportsTheFailureOfTheDeliveryOnce(string answer)
    {
        foreach (PolicyMode mode in Enum.GetValues<PolicyMode>())
        {
            CachedPolicy cached = MakeEntry(mode);
            RefreshPlan plan = PolicyRefresh.Plan(cached, Answers[answer], Noon + Day);

            RefreshResult accepted = PolicyRefresh.Complete(plan, cached, Fetched(MakePolicy()));
            (accepted.Failure, accepted.ShouldAlert).Should().Be((plan.Failure, plan.ShouldAlert), "the lookup still failed");

            foreach ((FetchStatus status, TlsFailure failure) in FetchFailures)
            {
                RefreshResult failed = PolicyRefresh.Complete(plan, cached, FetchResult.Failed(status));
                bool isReported = Answers[answer].Record is not null || mode is not PolicyMode.None;
                failed.Failure
                    .Should().Be(isReported ? failure : TlsFailure.None, "the failure of the fetch replaces that of the lookup");
                failed.ShouldAlert.Should().Be(mode is not PolicyMode.None);
            }
        }
    }

    [Fact]
    public void Complete_PlanWithoutAFetch_Throws()
    {
        FetchResult fetch = FetchResult.Failed(FetchStatus.TimedOut);
        foreach (RefreshPlan plan in (RefreshPlan[])[default, PolicyRefresh.Plan(MakeEntry(), Found(Id), Noon)])
        {
            FluentActions.Invoking(() => PolicyRefresh.Complete(plan, MakeEntry(), fetch))
                .Should().Throw<ArgumentException>().WithParameterName("plan");
        }
    }

    [Fact]
    public void PlanAndComplete_AnyTime_NeverThrow()
    {
        DateTimeOffset[] times =
        [
            DateTimeOffset.MinValue, DateTimeOffset.MinValue + Tick, DateTimeOffset.MinValue + FiveMinutes,
            DateTimeOffset.UnixEpoch, Noon - Day, Noon,
            Noon + Day, DateTimeOffset.MaxValue - Day, DateTimeOffset.MaxValue - Tick, DateTimeOffset.MaxValue,
            new(DateTime.MinValue, TimeSpan.FromHours(0)), new(DateTime.MaxValue, TimeSpan.FromHours(0)),
            new(DateTime.MaxValue, TimeSpan.FromHours(14)),
        ];
        FetchResult[] fetches =
            [Fetched(MakePolicy(maxAge: 31_557_600)), Fetched(MakePolicy(maxAge: 0)), FetchResult.Failed(FetchStatus.TimedOut)];
        foreach (DateTimeOffset first in times)
        {
            foreach (FetchResult firstFetch in fetches)
            {
                CachedPolicy cached = PolicyRefresh.Complete(cached: null, Found(Id), firstFetch, first).Entry!;
                CachedPolicy.TryDeserialize(cached.Serialize(), out CachedPolicy? copy).Should().BeTrue();
                copy.Describe().Should().Be(cached.Describe());
                foreach (DateTimeOffset second in times)
                {
                    foreach (TxtAnswer txt in Answers.Values)
                    {
                        RefreshPlan plan = PolicyRefresh.Plan(cached, txt, second);
                        plan.Policy.Should().BeSameAs(second < cached.ExpiresAt ? cached.Policy : null);
                        foreach (FetchResult fetch in fetches)
                        {
                            RefreshResult result = PolicyRefresh.Complete(cached, txt, fetch, second);
                            bool stays = cached.Policy is not null && cached.FetchedAt > second && cached.FetchedAt - second <= FiveMinutes;
                            (result.Policy ?? fetch.Policy).Should().BeSameAs(stays ? cached.Policy : fetch.Policy ?? plan.Policy);
                            if (plan.Action is not RefreshAction.Apply)
                            {
                                // The plan has the cached entry. A later date of that entry then shows that the clock was
                                // set back.
                                PolicyRefresh.Complete(plan, cached, fetch).Policy.Should().BeSameAs(fetch.Policy ?? plan.Policy);
                            }
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(PermanentFailures))]
    public void MayFailPermanently_EachAnswerAndFetch_IsTrueOnlyWithoutAnotherPolicy(
        string answer, bool unfetched, bool failed, bool accepted)
    {
        PolicyRefresh.MayFailPermanently(MakeEntry(), Answers[answer]).Should().Be(unfetched);
        foreach (FetchStatus status in FetchFailures.Keys)
        {
            PolicyRefresh.MayFailPermanently(MakeEntry(), Answers[answer], FetchResult.Failed(status)).Should().Be(failed);
        }

        PolicyRefresh.MayFailPermanently(MakeEntry(), Answers[answer], Fetched(MakePolicy())).Should().Be(accepted);
    }

    [Fact]
    public void MayFailPermanently_OtherIdWithoutAPolicyForMonths_BecomesTrue()
    {
        // A publisher announced another id but never served its file. The queue must not keep the mail until its own limit.
        CachedPolicy cached = MakeEntry(maxAge: 31_557_600);
        for (int day = 1; day < 90; day++)
        {
            DateTimeOffset now = Noon + TimeSpan.FromDays(day);
            RefreshPlan plan = PolicyRefresh.Plan(cached, Found("other"), now);
            FetchResult fetch = FetchResult.Failed(FetchStatus.NotFound);
            RefreshResult result = PolicyRefresh.Complete(plan, cached, fetch);
            cached = result.Entry!;

            PolicyRefresh.MayFailPermanently(result.AppliedEntry!, Found("other"), fetch).Should().BeTrue();
        }
    }

    [Fact]
    public void MayFailPermanently_OtherIdThatAnotherDeliveryHasJustTried_IsFalse()
    {
        // Only the plan shows that attempt. A sender that checks it first may bounce.
        CachedPolicy cached = MakeEntry();
        RefreshPlan first = PolicyRefresh.Plan(cached, Found("other"), Noon);
        cached = PolicyRefresh.Complete(first, cached, FetchResult.Failed(FetchStatus.NotFound)).Entry!;

        RefreshPlan second = PolicyRefresh.Plan(cached, Found("other"), Noon + Tick);

        (second.Action, second.HasJustFailed).Should().Be((RefreshAction.Apply, true));
        PolicyRefresh.MayFailPermanently(second.AppliedEntry!, Found("other")).Should().BeFalse();
    }

    [Fact]
    public void MayFailPermanently_IdsThatDifferInCase_AreOtherIds() =>
        PolicyRefresh.MayFailPermanently(MakeEntry(id: "a"), Found("A")).Should().BeFalse();

    [Fact]
    public void Plan_IdsThatDifferInCase_AreOtherIds() =>
        PolicyRefresh.Plan(MakeEntry(id: "a"), Found("A"), Noon).Action.Should().Be(RefreshAction.ApplyAndFetch);

    [Fact]
    public void NullArguments_AreRejected()
    {
        FetchResult fetch = FetchResult.Failed(FetchStatus.TimedOut);
        FluentActions.Invoking(() => PolicyRefresh.Plan(MakeEntry(), null!, Noon))
            .Should().Throw<ArgumentNullException>().WithParameterName("txt");
        FluentActions.Invoking(() => PolicyRefresh.Complete(MakeEntry(), null!, fetch, Noon))
            .Should().Throw<ArgumentNullException>().WithParameterName("txt");
        FluentActions.Invoking(() => PolicyRefresh.Complete(MakeEntry(), Found(Id), null!, Noon))
            .Should().Throw<ArgumentNullException>().WithParameterName("fetch");
        FluentActions.Invoking(() => PolicyRefresh.MayFailPermanently(null!, Found(Id)))
            .Should().Throw<ArgumentNullException>().WithParameterName("judged");
        FluentActions.Invoking(() => PolicyRefresh.MayFailPermanently(MakeEntry(), null!))
            .Should().Throw<ArgumentNullException>().WithParameterName("fresh");
    }

    [Fact]
    public void Default_OfAPlan_AppliesNoPolicy()
    {
        RefreshPlan plan = default;
        (plan.Action, plan.Policy, plan.Failure, plan.ShouldAlert).Should().Be((RefreshAction.Apply, null, TlsFailure.None, false));
        plan.Should().Be(PolicyRefresh.Plan(cached: null, TxtAnswer.LookupFailed, Noon));
    }

    [Fact]
    public void Default_OfAResult_HasNoPolicy()
    {
        RefreshResult result = default;
        (result.Status, result.Policy, result.Entry, result.Failure, result.ShouldAlert)
            .Should().Be((RefreshStatus.NotFound, null, null, TlsFailure.None, false));
    }

    [Fact]
    public void Plan_OfAnyKind_AllocatesNothing()
    {
        CachedPolicy[] entries = [MakeEntry(), MakeEntry(maxAge: 0), MakeEntry().With(new("a", Noon), new(null, Noon)), MakeFailure(Noon)];
        TxtAnswer[] answers = [.. Answers.Values];
        int fetches = CountFetches(entries, answers); // warm-up
        long before = GC.GetAllocatedBytesForCurrentThread();

        fetches += CountFetches(entries, answers);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        fetches.Should().BePositive();
    }

    private static int CountFetches(CachedPolicy[] entries, TxtAnswer[] answers)
    {
        int fetches = 0;
        for (int round = 0; round < 100; round++)
        {
            foreach (CachedPolicy entry in entries)
            {
                foreach (TxtAnswer answer in answers)
                {
                    fetches += PolicyRefresh.Plan(entry, answer, Noon).Action is RefreshAction.Apply ? 0 : 1;
                }
            }
        }

        return fetches;
    }
}
