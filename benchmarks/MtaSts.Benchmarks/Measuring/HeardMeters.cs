using System.Diagnostics.Metrics;

namespace MtaSts.Benchmarks;

/// <summary>Creates meters with a listener for all of their instruments.</summary>
internal sealed class HeardMeters : IMeterFactory
{
    private readonly MeterListener _listener = new();

    public HeardMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == this)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _listener.Start();
    }

    public System.Diagnostics.Metrics.Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new(options);
    }

    public void Dispose() => _listener.Dispose();
}
