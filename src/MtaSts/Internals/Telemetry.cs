using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MtaSts;

/// <summary>Creates the meter and the activities of the library.</summary>
internal static class Telemetry
{
    private const string Name = "MtaSts";

    private static readonly string? Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly Lazy<Meter> LibraryMeter = new(static () => new(Name, Version));

    /// <summary>The source of the library's activities.</summary>
    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>Returns the meter of a factory; without a factory, the one of the library.</summary>
    /// <remarks>A factory returns one meter for one name, and disposes of it.</remarks>
    public static Meter GetMeter(IMeterFactory? factory) => factory is null ? LibraryMeter.Value : factory.Create(Name, Version);
}
