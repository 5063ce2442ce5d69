namespace MtaSts.Tests;

/// <summary>Represents a delivery, a question before a bounce, or one domain of a round of refreshes, in the oracle.</summary>
/// <param name="owner">The number of the delivery; all domains of a round have the same.</param>
/// <param name="domain">The number of the domain.</param>
internal sealed class ExpectedDelivery(int owner, int domain)
{
    public int Owner => owner;

    public int Domain => domain;

    /// <summary>The entry whose policy denied a message; null if this is not a question before a bounce.</summary>
    public CachedPolicy? Denying { get; init; }

    /// <summary>The round that this domain belongs to; null if this does not belong to a round.</summary>
    public ExpectedRound? Round { get; init; }

    public CachedPolicy? Entry { get; set; }

    public bool IsReadFailed { get; set; }

    public bool IsRead { get; set; }

    public TxtAnswer? Txt { get; set; }

    /// <summary>The number of fetches that had begun when the lookup ended.</summary>
    public int FetchesBefore { get; set; }

    public RefreshPlan Plan { get; set; }

    public ExpectedFlight? Flight { get; set; }

    /// <summary>The fetch that answered the question before a bounce.</summary>
    public ExpectedFlight? Answered { get; set; }

    /// <summary>The end of the delivery; null if it has not ended.</summary>
    public Outcome? First { get; set; }

    /// <summary>The end of its refresh; null if it has none, or if it has not ended.</summary>
    public Outcome? Refresh { get; set; }

    /// <summary>The policy that applies if the disposal ends the refresh.</summary>
    public CachedPolicy? Planned { get; set; }

    public bool HasEnded => First is not null && (!First.HasRefresh || Refresh is not null);

    /// <summary>The calls that the delivery waits for.</summary>
    public List<ExpectedCall> Calls { get; } = [];
}
