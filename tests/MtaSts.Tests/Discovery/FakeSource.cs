namespace MtaSts.Tests;

/// <summary>Represents a network that answers as the test says, and counts the calls.</summary>
internal sealed class FakeSource : IPolicySource
{
    private int _lookups;
    private int _fetches;
    private int _active;
    private int _mostActive;

    /// <summary>The answer of each lookup; at once and without a record by default.</summary>
    public Func<PolicyDomain, CancellationToken, ValueTask<TxtAnswer>> OnLookup { get; set; } = static (_, _) => new(TxtAnswer.NoRecord);

    /// <summary>The result of each fetch; a failure at once by default.</summary>
    public Func<PolicyDomain, CancellationToken, ValueTask<FetchResult>> OnFetch { get; set; } =
        static (_, _) => new(FetchResult.Failed(FetchStatus.NotFound));

    public TxtAnswer Txt
    {
        set => OnLookup = (_, _) => new(value);
    }

    public FetchResult Policy
    {
        set => OnFetch = (_, _) => new(value);
    }

    public int Lookups => Volatile.Read(ref _lookups);

    public int Fetches => Volatile.Read(ref _fetches);

    /// <summary>The highest number of fetches at one time.</summary>
    public int MostActive => Volatile.Read(ref _mostActive);

    public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _lookups);
        return OnLookup(domain, cancellationToken);
    }

    public async ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        int active = Interlocked.Increment(ref _active);
        InterlockedMax(ref _mostActive, active);
        Interlocked.Increment(ref _fetches);
        try
        {
            return await OnFetch(domain, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private static void InterlockedMax(ref int location, int value)
    {
        for (int current = Volatile.Read(ref location); current < value;)
        {
            int found = Interlocked.CompareExchange(ref location, value, current);
            if (found == current)
            {
                return;
            }

            current = found;
        }
    }
}
