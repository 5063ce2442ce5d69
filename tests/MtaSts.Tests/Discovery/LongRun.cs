using System.Globalization;

namespace MtaSts.Tests;

/// <summary>Represents the environment variables that change the tests of discovery.</summary>
internal static class LongRun
{
    /// <summary>The number of schedules to explore, <c>MTASTS_SCHEDULES</c>; null if it is not set.</summary>
    public static int? Schedules { get; } = Find("MTASTS_SCHEDULES");

    /// <summary>The seed of the first schedule, <c>MTASTS_SEED</c>; 0 if it is not set.</summary>
    public static int Seed { get; } = Find("MTASTS_SEED") ?? 0;

    private static int? Find(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int value) ? value : null;
}
