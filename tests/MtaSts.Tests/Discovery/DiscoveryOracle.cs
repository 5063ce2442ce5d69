namespace MtaSts.Tests;

/// <summary>
/// Predicts all that a <see cref="PolicyDiscovery"/> does, step by step: which calls run, how each delivery ends and
/// which events are told. Slow and in one thread, from the table of behavior.
/// </summary>
/// <remarks>
/// <para>A delivery reads the cache and looks up the record at the same time, then decides. It waits for a fetch only if
/// no unexpired policy is at hand; else its refresh waits. A domain has one flight at a time, which all deliveries join
/// that find it.</para>
/// <para>A flight waits for its turn, reads the cache, plans, fetches, and stores after its turn. Its result answers the
/// deliveries with the same id or without a record, and those whose lookup ended before the fetch began. The others read
/// the cache and decide again; the policy that the flight brought counts as known.</para>
/// <para><see cref="PolicyRefresh"/> is part of the oracle: <see cref="RefreshLawsTests"/> tests it by itself.</para>
/// </remarks>
/// <param name="domains">The number of domains.</param>
/// <param name="turns">The number of fetches that may run at once.</param>
/// <param name="clock">The clock.</param>
/// <param name="quick">The response of a call that ends at once, by its key and number; null if the call waits.</param>
internal sealed class DiscoveryOracle(int domains, int turns, SteppedClock clock, Func<CallKey, int, Response?> quick)
{
    public static readonly TimeSpan LookupTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan FetchTimeout = TimeSpan.FromMinutes(1);

    private readonly int _maxConcurrency = turns;
    private readonly CachedPolicy?[] _store = new CachedPolicy?[domains];
    private readonly ExpectedFlight?[] _flights = new ExpectedFlight?[domains];
    private readonly Queue<ExpectedFlight> _queue = new();
    private readonly Dictionary<CallKey, int> _numbers = [];
    private readonly Queue<Action> _next = new();
    private readonly List<ExpectedDelivery> _deliveries = [];
    private int _turns = turns;
    private int _fetches;

    /// <summary>Each call so far, in the order of this oracle.</summary>
    public List<ExpectedCall> Calls { get; } = [];

    /// <summary>Each event so far.</summary>
    public List<string> Events { get; } = [];

    public bool IsDisposed { get; private set; }

    public bool IsDisposalDone => IsDisposed && Array.TrueForAll(_flights, static flight => flight is null);

    /// <summary>The flights that have ended since the last step began.</summary>
    public List<ExpectedFlight> Landed { get; } = [];

    /// <summary>The number of calls so far that do not end at once: each has a timer.</summary>
    public int LimitedCalls { get; private set; }

    /// <summary>The calls that the library waits for.</summary>
    public IEnumerable<ExpectedCall> Live => Calls.Where(static call => call.IsLive);

    /// <summary>The calls that run although the library waits for them no longer.</summary>
    public IEnumerable<ExpectedCall> Abandoned => Calls.Where(static call => call is { IsAbandoned: true, HasEnded: false });

    public static string Describe(DiscoveryEventKind kind, int domain, Type? exception, FetchStatus? status, bool shouldAlert) =>
        $"{kind} of domain {domain}, {exception?.Name}, {status}{(shouldAlert ? ", alert" : "")}";

    public CachedPolicy? Stored(int domain) => _store[domain];

    public void Store(int domain, CachedPolicy? entry) => _store[domain] = entry;

    public ExpectedDelivery Discover(int owner, int domain, bool isCanceled)
    {
        ExpectedDelivery delivery = new(owner, domain);
        Start(delivery, isCanceled);
        return delivery;
    }

    public ExpectedDelivery AskToBounce(int owner, int domain, CachedPolicy denying)
    {
        ExpectedDelivery delivery = new(owner, domain) { Denying = denying };
        Start(delivery, isCanceled: false);
        return delivery;
    }

    public ExpectedRound RefreshDue(int owner)
    {
        DateTimeOffset now = clock.GetUtcNow();
        ExpectedRound round = new(owner, Enumerable.Range(0, domains).Where(i => _store[i]?.IsDueForRefresh(now) is true));
        Run(() => Continue(round));
        return round;
    }

    /// <summary>Ends a call, whether anyone waits for it or not.</summary>
    public void End(ExpectedCall call, Response response)
    {
        Run(() => EndNow(call, response));
    }

    /// <summary>Ends the wait for a call at its limit.</summary>
    public void TimeOut(ExpectedCall call)
    {
        call.IsAbandoned = true;
        Run(() => call.Then(Response.Late));
    }

    public void Cancel(ExpectedDelivery delivery)
    {
        if (delivery.First is null)
        {
            Run(() => EndEarly(delivery, OutcomeKind.Canceled));
        }
    }

    public void Cancel(ExpectedRound round)
    {
        if (round.End is null)
        {
            Run(() => Stop(round, OutcomeKind.Canceled));
        }
    }

    /// <summary>Ends all waits but those for a result that is being stored.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        Run(() =>
        {
            foreach (ExpectedDelivery delivery in _deliveries.ToArray())
            {
                if (delivery is { HasEnded: false, Flight: null })
                {
                    EndEarly(delivery, OutcomeKind.CanceledByDisposal);
                }
            }

            foreach (ExpectedFlight flight in _flights.OfType<ExpectedFlight>().ToArray())
            {
                if (flight.Call?.Key.Kind is not CallKind.Update)
                {
                    Abandon(flight.Call);
                    Land(flight, isCanceled: true);
                }
            }
        });
    }

    private static void Abandon(ExpectedCall? call)
    {
        if (call is not null)
        {
            call.IsAbandoned = true;
        }
    }

    // What an action causes happens after it, in the order in which it was caused.
    private void Run(Action action)
    {
        _next.Enqueue(action);
        while (_next.TryDequeue(out Action? next))
        {
            next();
        }
    }

    private void EndNow(ExpectedCall call, Response response)
    {
        bool isLive = call.IsLive;
        call.HasEnded = true;
        if (response.IsApplied)
        {
            call.Apply();
        }

        if (isLive)
        {
            call.Then(response);
        }
    }

    private ExpectedCall Begin(CallKind kind, int domain, int owner, object actor, Action<Response> then, Action? apply = null)
    {
        CallKey key = new(kind, domain, owner);
        ExpectedCall call = new(key, actor, clock.Measured + (kind is CallKind.Fetch ? FetchTimeout : LookupTimeout)) { Then = then };
        call.Apply = apply ?? call.Apply;
        Calls.Add(call);
        int number = _numbers.GetValueOrDefault(key);
        _numbers[key] = number + 1;
        if (quick(key, number) is { } response)
        {
            _next.Enqueue(() => EndNow(call, response));
        }
        else
        {
            LimitedCalls++;
        }

        return call;
    }

    private void Start(ExpectedDelivery delivery, bool isCanceled)
    {
        if (IsDisposed || isCanceled)
        {
            delivery.First = new(IsDisposed ? OutcomeKind.Disposed : OutcomeKind.Canceled);
            return;
        }

        Run(() => Find(delivery));
    }

    private void Find(ExpectedDelivery delivery)
    {
        _deliveries.Add(delivery);
        delivery.Calls.Add(Begin(CallKind.Read, delivery.Domain, delivery.Owner, delivery, response =>
        {
            Read(delivery, response);
            DecideOnceFound(delivery);
        }));
        delivery.Calls.Add(Begin(CallKind.Lookup, delivery.Domain, delivery.Owner, delivery, response =>
        {
            delivery.Txt = response.Exception is null && response.Txt is { } txt ? txt : TxtAnswer.LookupFailed;
            if (delivery.Txt.Status is TxtStatus.LookupFailed)
            {
                Type? exception = response.Exception?.GetType() ?? (response.Txt is null ? typeof(InvalidOperationException) : null);
                Tell(DiscoveryEventKind.LookupFailed, delivery.Domain, exception);
            }

            DecideOnceFound(delivery);
        }));
    }

    // A second read that fails, or finds nothing, takes nothing away from the first.
    private void Read(ExpectedDelivery delivery, Response response)
    {
        bool isFailed = response.Exception is not null;
        delivery.IsReadFailed = isFailed && (delivery.IsReadFailed || !delivery.IsRead);
        delivery.Entry = (isFailed ? null : _store[delivery.Domain]) ?? delivery.Entry;
        delivery.IsRead = true;
        if (response.Exception is { } exception)
        {
            Tell(DiscoveryEventKind.CacheReadFailed, delivery.Domain, exception.GetType());
        }
    }

    private void DecideOnceFound(ExpectedDelivery delivery)
    {
        if (delivery is { IsRead: true, Txt: not null })
        {
            delivery.FetchesBefore = _fetches;
            Decide(delivery);
        }
    }

    private void Decide(ExpectedDelivery delivery)
    {
        delivery.Calls.Clear();
        delivery.Plan = PolicyRefresh.Plan(delivery.Entry, delivery.Txt!, clock.GetUtcNow());
        if (delivery.Denying is { } denying)
        {
            DecideOnBounce(delivery, denying);
        }
        else if (delivery.Round is { } round)
        {
            if (!Joins(delivery))
            {
                End(delivery, round);
            }
        }
        else
        {
            DecideOnDelivery(delivery);
        }
    }

    // Awaited: a fetch only where nothing unexpired is at hand.
    private void DecideOnDelivery(ExpectedDelivery delivery)
    {
        bool joins = Joins(delivery);
        CachedPolicy? applied = delivery.Plan.AppliedEntry;
        if (joins && applied is null)
        {
            return;
        }

        if (joins)
        {
            delivery.Planned = applied;
        }

        if (!joins || delivery.First is null)
        {
            SetOutcome(delivery, new(OutcomeKind.Found)
            {
                Entry = applied,
                Failure = delivery.Plan.Failure,
                ShouldAlert = delivery.Plan.ShouldAlert,
                IsUncertain = delivery.IsReadFailed && applied is null,
                HasRefresh = joins,
            });
        }
    }

    // Section 5: no bounce before a lookup shows no other id, or shows one whose policy was tried and could not be fetched.
    private void DecideOnBounce(ExpectedDelivery delivery, CachedPolicy denying)
    {
        CachedPolicy? applied = delivery.Plan.AppliedEntry;
        bool isReplaced = applied is not null && (applied.Id != denying.Id || !applied.Policy!.Equals(denying.Policy));
        bool showsAnotherId = delivery.Txt!.Record is { } record && record.Id != denying.Id;
        if (!isReplaced && showsAnotherId && delivery.Answered is null && Joins(delivery))
        {
            return;
        }

        bool isTried = delivery.Plan.HasJustFailed || delivery.Answered?.Fetch is { IsOk: false };
        bool mayFail = delivery.Txt.Status is not TxtStatus.LookupFailed && (!showsAnotherId || isTried);
        delivery.First = new(OutcomeKind.Answered) { Answer = !isReplaced && mayFail };
    }

    // Shared: one flight a domain, which a delivery joins even if it asks for no fetch.
    private bool Joins(ExpectedDelivery delivery)
    {
        RefreshPlan plan = delivery.Plan;
        ExpectedFlight? flight = _flights[delivery.Domain];
        if (flight is null && plan.Action is not RefreshAction.Apply)
        {
            flight = new(delivery.Domain, delivery.Owner, plan.Id ?? plan.AppliedEntry!.Id, delivery.Txt!, delivery.Entry)
            {
                IsUncertain = delivery.IsReadFailed,
            };
            _flights[delivery.Domain] = flight;
            ExpectedFlight started = flight;
            _next.Enqueue(() => TakeTurn(started));
        }

        delivery.Flight = flight;
        flight?.Waiting.Add(delivery);
        return flight is not null;
    }

    // Bounded: the rest wait for their turn.
    private void TakeTurn(ExpectedFlight flight)
    {
        if (IsDisposed)
        {
            Land(flight, isCanceled: true);
        }
        else if (_turns == 0)
        {
            _queue.Enqueue(flight);
        }
        else
        {
            _turns--;
            flight.Call = Begin(CallKind.Read, flight.Domain, flight.Owner, flight, response => PlanAgain(flight, response));
        }
    }

    // A flight plans on the entry as it is when its turn comes.
    private void PlanAgain(ExpectedFlight flight, Response response)
    {
        bool isFailed = response.Exception is not null;
        flight.IsUncertain &= isFailed;
        if (isFailed)
        {
            Tell(DiscoveryEventKind.CacheReadFailed, flight.Domain, response.Exception!.GetType());
        }

        CachedPolicy? entry = (isFailed ? null : _store[flight.Domain]) ?? flight.Known;

        // The failure of a plan is told by the delivery, which has a plan of its own.
        RefreshPlan plan = PolicyRefresh.Plan(entry, flight.Txt, clock.GetUtcNow()) with { Failure = TlsFailure.None };
        flight.Applied = plan.AppliedEntry;
        if (plan.Action is RefreshAction.Apply)
        {
            EndTurn();
            Land(flight, isCanceled: false);
        }
        else
        {
            flight.Number = ++_fetches;
            flight.Call = Begin(CallKind.Fetch, flight.Domain, flight.Owner, flight, fetched => Save(flight, plan, entry, fetched));
        }
    }

    // A fetch that throws is ConnectionFailed, a late one TimedOut. Only an update stores, with Complete inside.
    private void Save(ExpectedFlight flight, RefreshPlan plan, CachedPolicy? entry, Response response)
    {
        EndTurn();
        Type? exception = response.Exception?.GetType() ?? (response.Fetch is null ? typeof(InvalidOperationException) : null);
        FetchResult fetch = response switch
        {
            { Exception: TimeoutException or OperationCanceledException } => FetchResult.Failed(FetchStatus.TimedOut),
            { Exception: null, Fetch: { } result } => result,
            _ => FetchResult.Failed(FetchStatus.ConnectionFailed),
        };
        RefreshResult Complete(CachedPolicy? current) => PolicyRefresh.Complete(plan, current, fetch);
        RefreshResult stored = default;
        flight.Fetch = fetch;
        ExpectedCall? update = null;
        update = Begin(
            CallKind.Update,
            flight.Domain,
            flight.Owner,
            flight,
            written =>
            {
                if (written.Exception is { } fault)
                {
                    Tell(DiscoveryEventKind.CacheWriteFailed, flight.Domain, fault.GetType());
                    stored = Complete(entry);
                }

                flight.Applied = stored.AppliedEntry;
                flight.Failure = stored.Failure;
                flight.ShouldAlert = stored.ShouldAlert;
                DiscoveryEventKind kind = fetch.IsOk ? DiscoveryEventKind.Fetched : DiscoveryEventKind.FetchFailed;
                Tell(kind, flight.Domain, exception, fetch.Status, flight.ShouldAlert);
                Land(flight, isCanceled: false);
            },
            () =>
            {
                // A write after its time limit replaces no policy that was stored meanwhile.
                CachedPolicy? current = _store[flight.Domain];
                bool isSame = (current?.Id, current?.FetchedAt) == (entry?.Id, entry?.FetchedAt);
                if (!update!.IsAbandoned || current?.Policy is null || isSame)
                {
                    stored = Complete(_store[flight.Domain]);
                    _store[flight.Domain] = stored.Entry ?? _store[flight.Domain];
                }
            });
        flight.Call = update;
    }

    private void EndTurn()
    {
        _turns++;
        if (!IsDisposed && _queue.TryDequeue(out ExpectedFlight? next))
        {
            TakeTurn(next);
        }
    }

    private void Land(ExpectedFlight flight, bool isCanceled)
    {
        _flights[flight.Domain] = null;
        Landed.Add(flight);
        foreach (ExpectedDelivery delivery in flight.Waiting.ToArray())
        {
            delivery.Flight = null;
            if (isCanceled)
            {
                EndEarly(delivery, OutcomeKind.CanceledByDisposal);
            }
            else if (delivery.Round is { } round)
            {
                End(delivery, round);
            }
            else if (flight.Answers(delivery) && delivery.Denying is null)
            {
                Answer(delivery, flight);
            }
            else
            {
                delivery.Answered = flight.Answers(delivery) ? flight : null;
                delivery.Entry = flight.Applied ?? delivery.Entry;
                DecideAgain(delivery);
            }
        }
    }

    // Same id, none, or a fetch after the lookup: the flight's own result, never a new plan.
    private void Answer(ExpectedDelivery delivery, ExpectedFlight flight)
    {
        CachedPolicy? applied = flight.Applied ?? delivery.Plan.AppliedEntry;
        SetOutcome(delivery, new(OutcomeKind.Found)
        {
            Entry = applied,
            IsUncertain = delivery.IsReadFailed && flight.IsUncertain && applied is null,
            Tells = delivery.Plan.Failure is TlsFailure.None ? flight : null,
        });
    }

    private void DecideAgain(ExpectedDelivery delivery)
    {
        if (IsDisposed)
        {
            EndEarly(delivery, OutcomeKind.CanceledByDisposal);
            return;
        }

        delivery.Calls.Add(Begin(CallKind.Read, delivery.Domain, delivery.Owner, delivery, response =>
        {
            Read(delivery, response);
            Decide(delivery);
        }));
    }

    private void SetOutcome(ExpectedDelivery delivery, Outcome outcome)
    {
        if (delivery.First is null)
        {
            delivery.First = outcome;
        }
        else
        {
            // The policy of the delivery applies until another one is fetched, even if it expires meanwhile.
            delivery.Refresh = outcome with { Entry = outcome.Entry ?? delivery.Planned, IsUncertain = false, HasRefresh = false };
        }
    }

    // A refresh never throws: it ends with the policy that applied before.
    private void EndEarly(ExpectedDelivery delivery, OutcomeKind kind)
    {
        delivery.Calls.ForEach(Abandon);
        delivery.Calls.Clear();
        delivery.Flight?.Waiting.Remove(delivery);
        delivery.Flight = null;
        if (delivery.Round is { } round)
        {
            round.Active.Remove(delivery);
            Stop(round, kind);
        }
        else if (delivery.First is null)
        {
            delivery.First = new(kind);
        }
        else
        {
            delivery.Refresh = new(OutcomeKind.Found) { Entry = delivery.Planned };
        }
    }

    private void End(ExpectedDelivery delivery, ExpectedRound round)
    {
        delivery.First = new(OutcomeKind.Answered);
        round.Active.Remove(delivery);
        Continue(round);
    }

    private void Continue(ExpectedRound round)
    {
        while (round.Fault is null && round.Active.Count < _maxConcurrency && round.Due.TryDequeue(out int domain))
        {
            if (IsDisposed)
            {
                Stop(round, OutcomeKind.CanceledByDisposal);
                return;
            }

            ExpectedDelivery delivery = new(round.Owner, domain) { Round = round };
            round.Active.Add(delivery);
            Find(delivery);
        }

        if (round.Active.Count == 0)
        {
            round.End ??= new(round.Fault ?? OutcomeKind.Answered);
        }
    }

    private void Stop(ExpectedRound round, OutcomeKind kind)
    {
        round.Fault ??= kind;
        foreach (ExpectedDelivery delivery in round.Active.ToArray())
        {
            EndEarly(delivery, kind);
        }

        round.End ??= new(round.Fault.Value);
    }

    private void Tell(DiscoveryEventKind kind, int domain, Type? exception, FetchStatus? status = null, bool shouldAlert = false) =>
        Events.Add(Describe(kind, domain, exception, status, shouldAlert));
}
