using System.Globalization;

namespace MtaSts.Tests;

/// <summary>Represents the environment variable <c>MTASTS_SCHEDULES</c>, which asks for longer tests of discovery.</summary>
internal static class LongRun
{
    /// <summary>The number of schedules to explore; null if the variable is not set.</summary>
    public static int? Schedules { get; } =
        Environment.GetEnvironmentVariable("MTASTS_SCHEDULES") is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
