namespace MtaSts.Tests;

/// <summary>Represents the identity of a call of the source or the cache.</summary>
/// <param name="Kind">The call.</param>
/// <param name="Domain">The number of the domain.</param>
/// <param name="Owner">The number of the delivery that has caused the call, even if it has ended since.</param>
internal readonly record struct CallKey(CallKind Kind, int Domain, int Owner)
{
    public override string ToString() => $"{Kind} of domain {Domain} for {Owner}";
}
