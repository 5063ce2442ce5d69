using MtaSts;

namespace Consumer;

/// <summary>Checks cache entries and the plan of the next fetch.</summary>
internal static class Refreshing
{
    private static readonly TxtAnswer Found = TxtAnswer.FromRecords(["v=STSv1; id=1"]);
    private static readonly FetchResult TimedOut = FetchResult.Failed(FetchStatus.TimedOut);

    private static readonly FetchResult Fetched =
        FetchResult.FromResponse(200, "text/plain", "version: STSv1\nmode: none\nmax_age: 60\n"u8);

    public static DateTimeOffset Now { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static CachedPolicy Entry { get; } = new("1", Policies.Enforcing, Now);

    public static void Run()
    {
        Remembering();
        Planning();
        Completing();
    }

    private static void Remembering()
    {
        DateTimeOffset expiry = Now.AddDays(7);
        Check.That(
            "an entry",
            Entry is { Id: "1", FailedId: null, FailedAt: null }
                && Entry.Policy == Policies.Enforcing && Entry.FetchedAt == Now && Entry.ExpiresAt == expiry);
        Check.That("an entry expires", Entry.IsExpired(expiry) && !Entry.IsExpired(expiry.AddTicks(-1)));

        CachedPolicy? failed = PolicyRefresh.Complete(Entry, Found, TimedOut, Now).Entry;
        Check.That("a failed attempt", failed is { Id: "1", FailedId: "1" } && failed.FailedAt == Now);
        Check.That(
            "an entry survives serialization",
            CachedPolicy.TryDeserialize(failed!.Serialize(), out CachedPolicy? read)
                && read is { Id: "1", FailedId: "1" } && read.Policy == Policies.Enforcing && read.ExpiresAt == expiry);
        Interfaces.CheckText(
            Entry, "id 1, mode enforce, 2 mx, max_age 604800, fetched 2026-01-01T00:00:00Z, expires 2026-01-08T00:00:00Z");
        Check.That("damaged bytes", !CachedPolicy.TryDeserialize(Entry.Serialize().AsSpan(1), out read) && read is null);
    }

    private static void Planning()
    {
        RefreshPlan apply = PolicyRefresh.Plan(Entry, Found, Now);
        Check.That(
            "a fresh policy applies",
            apply is { Action: RefreshAction.Apply, Failure: TlsFailure.None, ShouldAlert: false } && apply.Policy == Policies.Enforcing);
        RefreshPlan fetch = PolicyRefresh.Plan(null, Found, Now);
        Check.That("an unknown policy is fetched", fetch is { Action: RefreshAction.Fetch, Policy: null, AppliedEntry: null });
        Check.That(
            "a missing record is reported",
            PolicyRefresh.Plan(Entry, TxtAnswer.NoRecord, Now)
                is { Action: RefreshAction.Apply, Failure: TlsFailure.StsPolicyFetchError, ShouldAlert: true });

        Check.That(
            "an attempt that has just failed",
            PolicyRefresh.Plan(PolicyRefresh.Complete(null, Found, TimedOut, Now).Entry, Found, Now)
                is { Action: RefreshAction.Apply, HasJustFailed: true });

        Check.That("equal plans", apply == PolicyRefresh.Plan(Entry, Found, Now) && !(apply == fetch));
        Check.That("different plans", apply != fetch && !(apply != PolicyRefresh.Plan(Entry, Found, Now)));
        Interfaces.CheckEquality(apply, PolicyRefresh.Plan(Entry, Found, Now), fetch);
        Interfaces.CheckText(fetch, "Fetch, no policy");
    }

    private static void Completing()
    {
        RefreshResult found = PolicyRefresh.Complete(null, Found, Fetched, Now);
        Check.That(
            "a policy is found",
            found is { Status: RefreshStatus.Found, Policy.Mode: PolicyMode.None, Entry.Id: "1" }
                && found is { Failure: TlsFailure.None, ShouldAlert: false });
        RefreshResult errored = PolicyRefresh.Complete(Entry, Found, TimedOut, Now);
        Check.That(
            "a failed fetch",
            errored is { Status: RefreshStatus.Errored, Policy.Mode: PolicyMode.Enforce }
                && errored is { Failure: TlsFailure.StsPolicyFetchError, ShouldAlert: true });

        RefreshResult none = PolicyRefresh.Complete(null, TxtAnswer.NoRecord, Fetched, Now);
        Check.That("equal results", none == default && !(none == errored));
        Check.That("different results", none != errored && !(none != default));
        Interfaces.CheckEquality(none, default, errored);
        Interfaces.CheckText(none, "NotFound, no policy");

        RefreshPlan plan = PolicyRefresh.Plan(Entry, TxtAnswer.NoRecord, Now.AddDays(1));
        Check.That(
            "a policy that the cache lost during the fetch",
            PolicyRefresh.Complete(plan, null, TimedOut) is { Status: RefreshStatus.Errored, AppliedEntry.Id: "1", Entry.FailedId: null });

        TxtAnswer other = TxtAnswer.FromRecords(["v=STSv1; id=2"]);
        Check.That(
            "a permanent failure",
            PolicyRefresh.MayFailPermanently(Entry, Found) && PolicyRefresh.MayFailPermanently(Entry, other, TimedOut));
        Check.That(
            "no permanent failure",
            !PolicyRefresh.MayFailPermanently(Entry, other) && !PolicyRefresh.MayFailPermanently(Entry, TxtAnswer.LookupFailed));
    }
}
