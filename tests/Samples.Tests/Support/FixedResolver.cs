using MtaSts;

namespace Samples.Tests;

/// <summary>Represents a resolver that returns one answer for every name.</summary>
internal sealed class FixedResolver
{
    public TxtAnswer Answer { get; set; } = TxtAnswer.NoRecord;

    public List<string> Names { get; } = [];

    public Task<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Names.Add(domain.RecordName);
        return Task.FromResult(Answer);
    }
}
