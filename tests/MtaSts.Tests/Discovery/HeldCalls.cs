using System.Collections.Immutable;

namespace MtaSts.Tests;

/// <summary>
/// Represents the source and the cache of a schedule: each call ends at once or when the schedule says so. Checks the
/// laws that can be seen from here, without the oracle.
/// </summary>
/// <param name="domains">The domains.</param>
/// <param name="maxFetches">The number of fetches that may run at once.</param>
/// <param name="quick">The response of a call that ends at once, by its key and number; null if the call waits.</param>
/// <param name="isReliable">Whether the cache works and the clock goes forward.</param>
internal sealed class HeldCalls(
    IReadOnlyList<PolicyDomain> domains, int maxFetches, Func<CallKey, int, Response?> quick, bool isReliable)
    : IPolicySource, IRefreshableCache
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly AsyncLocal<int> CurrentOwner = new();

    private readonly Lock _lock = new();
    private readonly CachedPolicy?[] _store = new CachedPolicy?[domains.Count];
    private readonly Dictionary<CallKey, int> _numbers = [];
    private readonly List<HeldCall> _begun = [];
    private readonly List<string> _violations = [];
    private readonly bool[] _isReliable = [.. Enumerable.Repeat(isReliable, domains.Count)];
    private bool _isDisposed;

    /// <summary>The number of calls that have begun.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _begun.Count;
            }
        }
    }

    /// <summary>Sets the delivery that the calls of this thread, and of what it starts, belong to.</summary>
    public static void SetOwner(int owner) => CurrentOwner.Value = owner;

    /// <summary>Returns the calls that have begun, from a number on.</summary>
    public ImmutableArray<HeldCall> BegunFrom(int first)
    {
        lock (_lock)
        {
            return [.. _begun.Skip(first)];
        }
    }

    public CachedPolicy? Stored(int domain)
    {
        lock (_lock)
        {
            return _store[domain];
        }
    }

    public void Store(int domain, CachedPolicy? entry)
    {
        lock (_lock)
        {
            _store[domain] = entry;
        }
    }

    /// <summary>Checks no more what the cache keeps of a domain, because a call was late.</summary>
    public void Distrust(int domain)
    {
        lock (_lock)
        {
            _isReliable[domain] = false;
        }
    }

    /// <summary>Makes each later call a violation.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }
    }

    public string? FirstViolation()
    {
        lock (_lock)
        {
            return _violations.FirstOrDefault();
        }
    }

    public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
        Begin(CallKind.Lookup, domain, static (_, response) => Returned(response.Txt!, response), cancellationToken);

    public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
        Begin(CallKind.Fetch, domain, static (_, response) => Returned(response.Fetch!, response), cancellationToken);

    public ValueTask<CachedPolicy?> GetAsync(PolicyDomain domain, CancellationToken cancellationToken = default) =>
        Begin(CallKind.Read, domain, (i, response) => Returned(Stored(i), response), cancellationToken);

    public ValueTask<CachedPolicy?> UpdateAsync(
        PolicyDomain domain, Func<CachedPolicy?, CachedPolicy?> update, CancellationToken cancellationToken = default) =>
        Begin(CallKind.Update, domain, (i, response) => Returned(Updated(i, update, response.IsApplied), response), cancellationToken);

    public ValueTask SetAsync(PolicyDomain domain, CachedPolicy entry, CancellationToken cancellationToken = default) =>
        throw Forbidden("SetAsync");

    public ValueTask RemoveAsync(PolicyDomain domain, CancellationToken cancellationToken = default) => throw Forbidden("RemoveAsync");

    public IAsyncEnumerable<PolicyDomain> DueForRefreshAsync(DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            PolicyDomain[] due = [.. domains.Where((_, i) => _store[i]?.IsDueForRefresh(now) is true)];
            return due.ToAsyncEnumerable();
        }
    }

    private static T Returned<T>(T value, Response response) => response.Exception is null ? value : throw response.Exception;

    private ValueTask<T> Begin<T>(CallKind kind, PolicyDomain domain, Func<int, Response, T> answer, CancellationToken token)
    {
        int index = IndexOf(domain);
        CallKey key = new(kind, index, CurrentOwner.Value);
        HeldCall call = new(key, token);

        // Not asynchronous: what follows from the end of a call happens within the step, so that the order is that of the
        // schedule. A delivery that has joined a flight cannot be told from one that has not decided yet.
        TaskCompletionSource<T> end = new();
        call.End = ended =>
        {
            call.HasEnded = true;
            try
            {
                end.TrySetResult(answer(index, ended));
            }
            catch (Exception e)
            {
                end.TrySetException(e);
            }
        };

        // Added when it is complete: a fetch begins on another thread, and the schedule may end it at once.
        Response? response;
        int number;
        lock (_lock)
        {
            number = _numbers.GetValueOrDefault(key);
            _numbers[key] = number + 1;
            response = quick(key, number);
            CheckBegin(call);
            call.HasEnded = response is not null;
            _begun.Add(call);
        }

        if (response is not null)
        {
            // One exception in two is thrown by the call, the other by its task.
            return response.Exception is null || number % 2 == 0
                ? new(answer(index, response))
                : ValueTask.FromException<T>(response.Exception);
        }

        // One call in two ignores its token.
        if ((number + key.Owner) % 2 == 0)
        {
            token.Register(() => end.TrySetCanceled(token));
        }

        return new(end.Task);
    }

    private int IndexOf(PolicyDomain domain)
    {
        for (int i = 0; i < domains.Count; i++)
        {
            if (domains[i].Equals(domain))
            {
                return i;
            }
        }

        throw new ArgumentException($"{domain} is unknown", nameof(domain));
    }

    private void CheckBegin(HeldCall call)
    {
        if (_isDisposed)
        {
            _violations.Add($"Law 6: {call.Key} began after the disposal");
        }

        if (call.Key.Kind is CallKind.Fetch)
        {
            HeldCall[] active = [.. _begun.Where(static other => other.Key.Kind is CallKind.Fetch && other.IsActive)];
            if (Array.Exists(active, other => other.Key.Domain == call.Key.Domain))
            {
                _violations.Add($"Law 1: {call.Key} began during another one");
            }

            if (active.Length >= maxFetches)
            {
                _violations.Add($"Law 1: {call.Key} began during {active.Length} others");
            }
        }
    }

    // The function must be pure: it is called for another entry first, and its last call counts.
    private CachedPolicy? Updated(int domain, Func<CachedPolicy?, CachedPolicy?> update, bool isApplied)
    {
        lock (_lock)
        {
            CachedPolicy? current = _store[domain];
            if (!isApplied || (update(null), update(current)) is not (_, { } entry))
            {
                return current;
            }

            if (_isReliable[domain])
            {
                CheckUpdate(domain, current, entry);
            }

            _store[domain] = entry;
            return entry;
        }
    }

    private void CheckUpdate(int domain, CachedPolicy? current, CachedPolicy entry)
    {
        foreach (FailedAttempt attempt in entry.FailedAttempts)
        {
            bool IsEarlier(FailedAttempt other) =>
                (attempt.Id is null || other.Id == attempt.Id) && other.At < attempt.At && attempt.At - other.At < FiveMinutes;
            if (current is not null && !current.FailedAttempts.Contains(attempt) && current.FailedAttempts.Any(IsEarlier))
            {
                _violations.Add($"Law 2: domain {domain}, id {attempt.Id ?? "none"} was tried again within five minutes of a failure");
            }
        }

        if (current?.Policy is not null && (entry.Policy is null || entry.FetchedAt < current.FetchedAt))
        {
            _violations.Add($"Law 3: domain {domain} has lost its policy: {current} became {entry}");
        }
    }

    private NotSupportedException Forbidden(string method)
    {
        lock (_lock)
        {
            _violations.Add($"Law 3: {method} was called, which can overwrite a policy");
        }

        return new(method);
    }
}
