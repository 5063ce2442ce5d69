using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>
/// Represents one random schedule: steps over a <see cref="PolicyDiscovery"/> and its <see cref="DiscoveryOracle"/>. After
/// each step it waits until all that the oracle expects has happened, then compares both.
/// </summary>
/// <remarks>
/// One seed gives one schedule. Of the calls with the same time limit, all but those of one delivery or flight end before
/// it, because the order of two that end at once depends on the threads.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A step disposes the discovery.")]
internal sealed class DiscoverySchedule
{
    private const int Steps = 80;
    private const int StepsAfterDisposal = 15;
    private const int RoundsFrom = 1_000; // rounds have numbers from here on, deliveries below

    // For a fault only: a slow machine must not make a schedule fail.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan[] Pauses =
    [
        Tick, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1),
        FiveMinutes - Tick, FiveMinutes, TimeSpan.FromMinutes(10), TimeSpan.FromHours(12), TimeSpan.FromDays(1),
    ];

    private static readonly TimeSpan[] Jumps =
        [TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(-7), TimeSpan.FromHours(-30), TimeSpan.FromDays(2)];

    private readonly int _seed;
    private readonly Random _random;
    private readonly bool _hasCacheFaults;
    private readonly bool _hasJumps;
    private readonly int _percentQuick;
    private readonly int _disposedAt;
    private readonly SteppedClock _clock = new();
    private readonly PolicyDomain[] _domains;
    private readonly HeldCalls _calls;
    private readonly DiscoveryOracle _oracle;
    private readonly PolicyDiscovery _discovery;
    private readonly ConcurrentQueue<string> _events = new();
    private readonly List<RunningDelivery> _deliveries = [];
    private readonly List<RunningDelivery> _open = [];
    private readonly List<string> _log = [];
    private (ExpectedRound Expected, Task Actual, CancellationTokenSource Cancellation)? _round;
    private Task? _disposal;
    private int _owners;
    private int _rounds = RoundsFrom;
    private int _calledBefore;
    private int _toldBefore;

    public DiscoverySchedule(int seed)
    {
        _seed = seed;
        _random = new(seed);
        _hasCacheFaults = _random.Next(2) == 0;
        _hasJumps = _random.Next(4) == 0;
        _percentQuick = _random.Next(3) * 35;
        _disposedAt = _random.Next(3) == 0 ? _random.Next(Steps) : Steps;
        _domains = [.. Enumerable.Range(0, _random.Next(2, 5)).Select(static i => PolicyDomain.Parse($"domain{i}.example"))];

        // With at most one flight that waits for its turn, the order of the flights does not depend on the threads.
        int maxFetches = _domains.Length - _random.Next(2);
        _calls = new(_domains, maxFetches, Quick, isReliable: !_hasCacheFaults && !_hasJumps);
        _oracle = new(_domains.Length, maxFetches, _clock, Quick);
        _discovery = new(_calls, _calls, new()
        {
            TimeProvider = _clock,
            LookupTimeout = DiscoveryOracle.LookupTimeout,
            FetchTimeout = DiscoveryOracle.FetchTimeout,
            MaxConcurrentFetches = maxFetches,
            OnEvent = happened => _events.Enqueue(DiscoveryOracle.Describe(
                happened.Kind,
                Array.IndexOf(_domains, happened.Domain),
                happened.Exception?.GetType(),
                happened.Fetch?.Status,
                happened.ShouldAlert)),
        });
        _log.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{_domains.Length} domains, {maxFetches} fetches at once, cache faults {_hasCacheFaults}, jumps {_hasJumps}"));
    }

    /// <summary>The number of steps so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of times that each case has taken place.</summary>
    public Dictionary<string, int> Tally { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs all steps, disposes the discovery, and lets each call end.</summary>
    public void Run()
    {
        StoreFirstEntries();
        for (int i = 0; i < Math.Min(Steps, _disposedAt + StepsAfterDisposal); i++)
        {
            if (i == _disposedAt)
            {
                Dispose();
            }

            TakeStep();
        }

        Dispose();
        while (_oracle.Live.ToArray() is { Length: > 0 } live)
        {
            End(Pick(live));
        }

        Check(_oracle.IsDisposalDone, "Law 7: the disposal has not ended");
        Check(_open.Count == 0, $"Law 7: {_open.Count} deliveries have not ended");
        Check(_round is null, "Law 7: the round has not ended");
        _calls.Close();
        foreach (ExpectedCall late in _oracle.Calls.Where(static call => !call.HasEnded).ToArray())
        {
            End(late);
        }

        Discover();
        Check(_calls.FirstViolation() is null, _calls.FirstViolation()!);
    }

    private static uint Mix(params ReadOnlySpan<int> values)
    {
        uint hash = 2_166_136_261;
        foreach (int value in values)
        {
            hash = (hash ^ (uint)value) * 16_777_619;
            hash ^= hash >> 15;
        }

        return hash;
    }

    // The first calls of a delivery and its updates may end at once. Where several deliveries go on at the same time, their
    // calls wait, so that the schedule determines the order. A fetch begins on another thread, so it waits as well.
    private Response? Quick(CallKey key, int number)
    {
        if (key.Kind is CallKind.Fetch || (key.Kind is CallKind.Read or CallKind.Lookup && (number > 0 || key.Owner >= RoundsFrom)))
        {
            return null;
        }

        Random random = new((int)Mix(_seed, (int)key.Kind, key.Domain, key.Owner, number));
        return random.Next(100) < _percentQuick ? Response.Make(key.Kind, random, _hasCacheFaults) : null;
    }

    private void StoreFirstEntries()
    {
        for (int i = 0; i < _domains.Length; i++)
        {
            if (_random.Next(2) == 0)
            {
                CachedPolicy entry = new("a", MakePolicy(Pick(Enum.GetValues<PolicyMode>())), Noon - TimeSpan.FromHours(_random.Next(72)));
                _calls.Store(i, entry);
                _oracle.Store(i, entry);
            }
        }
    }

    private void TakeStep()
    {
        ExpectedCall[] live = [.. _oracle.Live];
        switch (_random.Next(100))
        {
            case < 28 when _open.Count < 12:
                Discover();
                break;
            case < 33:
                AskToBounce();
                break;
            case < 36:
                RefreshDue();
                break;
            case < 42:
                Cancel();
                break;
            case < 52:
                Advance(_clock.Measured + Pauses[Math.Min(_random.Next(Pauses.Length), _random.Next(Pauses.Length))]);
                break;
            case < 54 when _hasJumps:
                Jump(Pick(Jumps));
                break;
            case < 56 when _hasCacheFaults:
                Lose();
                break;
            case < 60 when _oracle.Abandoned.ToArray() is { Length: > 0 } abandoned:
                End(Pick(abandoned));
                break;
            case var _ when live.Length > 0:
                End(Pick(live));
                break;
            default:
                Discover();
                break;
        }
    }

    private void Discover()
    {
        int domain = _random.Next(_domains.Length);
        int owner = ++_owners;
        CancellationTokenSource cancellation = new();
        bool isCanceled = _random.Next(40) == 0;
        if (isCanceled)
        {
            cancellation.Cancel();
        }

        _log.Add($"{owner} discovers domain {domain}{(isCanceled ? ", canceled" : "")}");
        Add(new(
            owner,
            cancellation,
            _oracle.Discover(owner, domain, isCanceled),
            Start(owner, () => _discovery.DiscoverAsync(_domains[domain], cancellation.Token).AsTask()),
            Bounce: null));
        Settle();
    }

    private void AskToBounce()
    {
        RunningDelivery[] denied = [.. _deliveries.Where(static delivery => delivery.Result?.Entry is not null)];
        if (denied.Length == 0)
        {
            return;
        }

        DiscoveredPolicy judged = Pick(denied).Result!;
        int domain = Array.IndexOf(_domains, judged.Domain);
        int owner = ++_owners;
        CancellationTokenSource cancellation = new();
        _log.Add($"{owner} asks whether a message to domain {domain} may bounce, denied by {judged.Entry}");
        Add(new(
            owner,
            cancellation,
            _oracle.AskToBounce(owner, domain, judged.Entry!),
            Found: null,
            Start(owner, () => _discovery.MayFailPermanentlyAsync(judged, cancellation.Token).AsTask())));
        Settle();
    }

    private void RefreshDue()
    {
        if (_round is not null || _oracle.IsDisposed)
        {
            return;
        }

        int owner = ++_rounds;
        CancellationTokenSource cancellation = new();
        _log.Add($"round {owner}");
        _round = (_oracle.RefreshDue(owner), StartRound(owner, cancellation.Token), cancellation);
        Settle();
    }

    private Task StartRound(int owner, CancellationToken token)
    {
        HeldCalls.SetOwner(owner);
        Task round = _discovery.RefreshDueAsync(token);
        HeldCalls.SetOwner(0);
        return round;
    }

    // Also deliveries that have ended: their refresh goes on.
    private void Cancel()
    {
        if (_round is { } round && _random.Next(4) == 0)
        {
            _log.Add($"round {round.Expected.Owner} is canceled");
            _oracle.Cancel(round.Expected);
            round.Cancellation.Cancel();
            Settle();
        }
        else if (_open.Count > 0)
        {
            RunningDelivery delivery = Pick(_open);
            _log.Add($"{delivery.Owner} is canceled");
            _oracle.Cancel(delivery.Expected);
            delivery.Cancellation.Cancel();
            Settle();
        }
    }

    private void Advance(DateTimeOffset target)
    {
        while (_oracle.Live.Where(call => call.Deadline <= target).MinBy(static call => call.Deadline) is { Deadline: var deadline })
        {
            ExpectedCall[] late = [.. _oracle.Live.Where(call => call.Deadline == deadline)];
            if (Array.Find(late, call => call.Actor != late[0].Actor) is { } other)
            {
                End(other);
                continue;
            }

            _log.Add($"{deadline - Noon}: {string.Join(", ", late.Select(static call => call.Key))} too late");
            foreach (ExpectedCall fault in late.Where(static call => call.Key.Kind is CallKind.Read or CallKind.Update))
            {
                _calls.Distrust(fault.Key.Domain);
            }

            _clock.Advance(deadline - _clock.Measured);
            foreach (ExpectedCall call in late)
            {
                Note($"{call.Key.Kind} too late");
                _oracle.TimeOut(call);
            }

            Settle();
        }

        _clock.Advance(target - _clock.Measured);
        _log.Add($"{target - Noon}");
        Settle();
    }

    private void Jump(TimeSpan jump)
    {
        _log.Add($"the clock jumps by {jump}");
        _clock.Skew += jump;
        Settle();
    }

    private void Lose()
    {
        int domain = _random.Next(_domains.Length);
        _log.Add($"the cache loses domain {domain}");
        _calls.Store(domain, null);
        _oracle.Store(domain, null);
        Settle();
    }

    private void End(ExpectedCall call)
    {
        Response response = Response.Make(call.Key.Kind, _random, _hasCacheFaults);
        _log.Add($"{call.Key} ends{(call.IsLive ? "" : " too late")}: {response}");
        Note($"{call.Key.Kind} {(call.IsLive ? "in time" : "ends after all waits")}");
        _oracle.End(call, response);
        call.Actual!.End(response);
        Settle();
    }

    private void Dispose()
    {
        if (_disposal is null)
        {
            _log.Add("the disposal begins");
            _oracle.Dispose();
            _disposal = _discovery.DisposeAsync().AsTask();
            Settle();
        }
    }

    private static Task<T> Start<T>(int owner, Func<Task<T>> call)
    {
        HeldCalls.SetOwner(owner);
        try
        {
            return call();
        }
        catch (ObjectDisposedException e)
        {
            return Task.FromException<T>(e);
        }
        finally
        {
            HeldCalls.SetOwner(0);
        }
    }

    private void Add(RunningDelivery delivery)
    {
        _deliveries.Add(delivery);
        _open.Add(delivery);
    }

    // Waits until all that the oracle expects has happened, then compares.
    private void Settle()
    {
        Count++;
        SpinWait spin = default;
        long start = Stopwatch.GetTimestamp();
        while (!HasSettled())
        {
            if (_calls.FirstViolation() is { } violation)
            {
                Fail(violation);
            }

            if (Stopwatch.GetElapsedTime(start) > Patience || HasMoreThanExpected())
            {
                break;
            }

            spin.SpinOnce(sleep1Threshold: 200);
        }

        Verify();
    }

    private bool HasSettled() =>
        _calls.Count == _oracle.Calls.Count
        && _clock.CreatedTimers == _oracle.LimitedCalls
        && _clock.DisposedTimers == _oracle.LimitedCalls - _oracle.Live.Count()
        && _events.Count == _oracle.Events.Count
        && _open.TrueForAll(static delivery => delivery.IsUpToDate)
        && (_round is not { Expected.End: not null } || _round.Value.Actual.IsCompleted)
        && (!_oracle.IsDisposalDone || _disposal is null or { IsCompleted: true });

    private bool HasMoreThanExpected() => _calls.Count > _oracle.Calls.Count || _events.Count > _oracle.Events.Count;

    private void Verify()
    {
        Check(_calls.FirstViolation() is null, _calls.FirstViolation()!);
        VerifyCalls();
        VerifyEvents();
        foreach (RunningDelivery delivery in _open)
        {
            VerifyDelivery(delivery);
        }

        VerifyTold();
        _oracle.Landed.Clear();
        _open.RemoveAll(static delivery => delivery.Expected.HasEnded);
        VerifyRound();
        Check(_disposal is null || _oracle.IsDisposalDone == _disposal.IsCompleted, "the disposal ends with the last flight");
        for (int i = 0; i < _domains.Length; i++)
        {
            CachedPolicy? expected = _oracle.Stored(i);
            CachedPolicy? actual = _calls.Stored(i);
            bool isEqual = expected == actual || expected.Describe() == actual.Describe();
            Check(isEqual, $"Law 3: domain {i} must have {expected}, but has {actual}");
        }

        int timers = _clock.CreatedTimers - _clock.DisposedTimers;
        Check(timers == _oracle.Live.Count(), $"Law 7: {timers} timers for {_oracle.Live.Count()} calls");
    }

    private void VerifyCalls()
    {
        foreach (HeldCall actual in _calls.BegunFrom(_calledBefore))
        {
            ExpectedCall? expected = _oracle.Calls.Find(call => call.Actual is null && call.Key == actual.Key);
            Check(expected is not null, $"{actual.Key} must not begin (law 1, 2, 4 or 6)");
            expected!.Actual = actual;
            _calledBefore++;
        }

        ExpectedCall? missing = _oracle.Calls.Find(static call => call.Actual is null);
        Check(missing is null, $"{missing?.Key} must begin");
    }

    private void VerifyEvents()
    {
        string[] expected = [.. _oracle.Events.Skip(_toldBefore).Order(StringComparer.Ordinal)];
        string[] actual = [.. _events.Skip(_toldBefore).Order(StringComparer.Ordinal)];
        Check(expected.SequenceEqual(actual), $"events: must be [{string.Join("; ", expected)}], but are [{string.Join("; ", actual)}]");
        _toldBefore += expected.Length;
        foreach (string happened in expected)
        {
            Note($"event {happened.Split(' ')[0]}");
        }
    }

    private void VerifyDelivery(RunningDelivery delivery)
    {
        if (!delivery.IsFirstVerified)
        {
            VerifyOutcome(delivery.Owner, delivery.First, delivery.Expected.First, delivery);
            delivery.IsFirstVerified = delivery.Expected.First is not null;
        }

        if (delivery.Result?.Refresh is { } refresh)
        {
            VerifyOutcome(delivery.Owner, refresh, delivery.Expected.Refresh, delivery);
        }
    }

    private void VerifyOutcome(int owner, Task task, Outcome? expected, RunningDelivery delivery)
    {
        string what = delivery.IsFirstVerified ? $"the refresh of {owner}" : $"{owner}";
        if (expected is null || !task.IsCompleted)
        {
            string law = expected is { HasRefresh: true } ? "Law 4: a delivery must not wait while a policy is at hand" : "Law 7";
            Check(expected is null == !task.IsCompleted, $"{law}: {what} {(expected is null ? "must not end yet" : "must end")}");
            return;
        }

        string actual = Describe(task, expected, delivery);
        string must = Describe(expected);
        Check(actual == must, $"{what} must be {must}, but is {actual}");
        Note($"{(delivery.IsFirstVerified ? "refresh" : "delivery")} {expected.Kind}");
    }

    private static string Describe(Outcome expected) => expected.Kind switch
    {
        OutcomeKind.Found => Describe(
            expected.Entry,
            expected.Tells is null ? $"{expected.Failure}, alert {expected.ShouldAlert}" : "tells or not",
            expected.IsUncertain,
            expected.HasRefresh),
        OutcomeKind.Answered => $"{expected.Answer}",
        _ => $"{expected.Kind}",
    };

    private static string Describe(CachedPolicy? entry, string failure, bool isUncertain, bool hasRefresh) =>
        $"{entry.Describe()}, {failure}, uncertain {isUncertain}, refresh {hasRefresh}";

    private static string Describe(Task task, Outcome expected, RunningDelivery delivery)
    {
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e)
        {
            return $"{(e.CancellationToken == delivery.Cancellation.Token ? OutcomeKind.Canceled : OutcomeKind.CanceledByDisposal)}";
        }
        catch (ObjectDisposedException)
        {
            return $"{OutcomeKind.Disposed}";
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        return task is Task<DiscoveredPolicy> { Result: var found }
            ? Describe(
                found.Entry,
                expected.Tells is null ? $"{found.Failure}, alert {found.ShouldAlert}" : "tells or not",
                found.IsUncertain,
                found.Refresh is not null)
            : $"{((Task<bool>)task).Result}";
    }

    // Of those who have waited for a flight, one tells its failure.
    private void VerifyTold()
    {
        foreach (ExpectedFlight flight in _oracle.Landed)
        {
            DiscoveredPolicy[] waited = [.. _open.SelectMany(delivery => ResultsOf(delivery, flight))];
            int told = waited.Count(static found => found.Failure is not TlsFailure.None || found.ShouldAlert);
            bool isTold = flight.Failure is not TlsFailure.None || flight.ShouldAlert;
            Check(told == (isTold && waited.Length > 0 ? 1 : 0), $"Law 5: {told} of {waited.Length} deliveries tell {flight.Failure}");
            DiscoveredPolicy? teller = Array.Find(waited, static found => found.Failure is not TlsFailure.None);
            Check(
                teller is null || (teller.Failure, teller.ShouldAlert) == (flight.Failure, flight.ShouldAlert),
                $"Law 5: {teller?.Failure} is told for {flight.Failure}");
            Note($"told by one of {Math.Min(told == 0 ? 0 : waited.Length, 3)}");
        }
    }

    private static IEnumerable<DiscoveredPolicy> ResultsOf(RunningDelivery delivery, ExpectedFlight flight)
    {
        if (delivery.Expected.First?.Tells == flight)
        {
            yield return delivery.Result!;
        }

        if (delivery.Expected.Refresh?.Tells == flight)
        {
            yield return delivery.Result!.Refresh!.Result;
        }
    }

    private void VerifyRound()
    {
        if (_round is not { } round)
        {
            return;
        }

        Check(
            round.Expected.End is null != round.Actual.IsCompleted,
            $"the round {(round.Expected.End is null ? "must not end yet" : "must end")}");
        if (round.Expected.End is { } end)
        {
            bool isCanceled = round.Actual.IsCanceled
                || round.Actual.Exception?.InnerExceptions.All(static e => e is OperationCanceledException) is true;
            Check(isCanceled == end.Kind is not OutcomeKind.Answered, $"the round must end {end.Kind}, but is {round.Actual.Status}");
            Check(isCanceled || round.Actual.IsCompletedSuccessfully, $"the round has thrown {round.Actual.Exception}");
            Note($"round {end.Kind}");
            _round = null;
        }
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private void Note(string what) => Tally[what] = Tally.GetValueOrDefault(what) + 1;

    private void Check(bool condition, string message)
    {
        if (!condition)
        {
            Fail(message);
        }
    }

    private void Fail(string message) =>
        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{message}\nSeed {_seed}, after these steps:\n{string.Join('\n', _log)}"));
}
