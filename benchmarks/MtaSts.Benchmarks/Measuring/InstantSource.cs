using System.Text;

namespace MtaSts.Benchmarks;

/// <summary>Returns the typical record at once, and the typical policy unless a benchmark holds it back.</summary>
internal sealed class InstantSource : IPolicySource
{
    private static readonly TxtAnswer Answer = TxtAnswer.FromRecords([TypicalInputs.Record]);

    public static FetchResult Fetched { get; } =
        FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes(TypicalInputs.Policy));

    /// <summary>The fetch that each delivery waits for; null if each fetch ends at once.</summary>
    public Task<FetchResult>? Fetch { get; set; }

    public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) => new(Answer);

    public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken) =>
        Fetch is null ? new(Fetched) : new(Fetch);
}
