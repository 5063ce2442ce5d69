using System.Collections.Concurrent;
using MtaSts;

namespace Samples.Tests;

/// <summary>Represents a network that returns one answer and one policy to all calls.</summary>
internal sealed class FakeSource : IPolicySource
{
    public TxtAnswer Answer { get; set; } = TxtAnswer.NoRecord;

    /// <summary>The result of each fetch, which may be pending.</summary>
    public Task<FetchResult> Result { get; set; } = Task.FromResult(FetchResult.Failed(FetchStatus.ConnectionFailed));

    public ConcurrentQueue<PolicyDomain> Fetched { get; } = new();

    public ValueTask<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken) => new(Answer);

    public ValueTask<FetchResult> FetchPolicyAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        Fetched.Enqueue(domain);
        return new(Result);
    }
}
