using MtaSts;
using OutboundMta;

namespace Samples.Tests;

/// <summary>Represents a resolver that returns one answer for every name.</summary>
internal sealed class FixedResolver : ITxtResolver
{
    public TxtAnswer Answer { get; set; } = TxtAnswer.NoRecord;

    public List<string> Names { get; } = [];

    public Task<TxtAnswer> LookUpTxtAsync(string name)
    {
        Names.Add(name);
        return Task.FromResult(Answer);
    }
}
