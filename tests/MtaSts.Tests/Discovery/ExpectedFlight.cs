namespace MtaSts.Tests;

/// <summary>Represents the fetch of a domain and all that belongs to it, in the oracle.</summary>
/// <param name="domain">The number of the domain.</param>
/// <param name="owner">The delivery that has started it.</param>
/// <param name="id">The id that it fetches.</param>
/// <param name="txt">The lookup that asked for it.</param>
/// <param name="known">The entry that the delivery had read.</param>
internal sealed class ExpectedFlight(int domain, int owner, string? id, TxtAnswer txt, CachedPolicy? known)
{
    public int Domain => domain;

    public int Owner => owner;

    public TxtAnswer Txt => txt;

    public CachedPolicy? Known => known;

    /// <summary>The deliveries that wait.</summary>
    public List<ExpectedDelivery> Waiting { get; } = [];

    public ExpectedCall? Call { get; set; }

    /// <summary>Indicates that neither the delivery that started it nor the flight could read the cache.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>The result of the fetch; null if nothing was fetched.</summary>
    public FetchResult? Fetch { get; set; }

    /// <summary>The entry of the policy that applies to all who wait.</summary>
    public CachedPolicy? Applied { get; set; }

    /// <summary>The failure that one of those who wait tells.</summary>
    public TlsFailure Failure { get; set; }

    public bool ShouldAlert { get; set; }

    /// <summary>The number of the fetch among all fetches; 0 if nothing was fetched.</summary>
    public int Number { get; set; }

    /// <summary>
    /// The same id, no record, or a fetch that began after the lookup of the delivery: the result answers the delivery.
    /// </summary>
    public bool Answers(ExpectedDelivery delivery) =>
        delivery.Txt!.Record is not { } record || record.Id == id || Number > delivery.FetchesBefore;
}
