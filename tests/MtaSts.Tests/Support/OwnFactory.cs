using System.Diagnostics.Metrics;

namespace MtaSts.Tests;

/// <summary>Creates one meter.</summary>
internal sealed class OwnFactory : IMeterFactory
{
    public Meter? Meter { get; private set; }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return Meter ??= new(options); // as the factories of the framework do
    }

    public void Dispose() => Meter?.Dispose();
}
