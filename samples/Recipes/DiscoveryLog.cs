using Microsoft.Extensions.Logging;

namespace Recipes;

/// <summary>Writes the events of a discovery to a log.</summary>
internal static partial class DiscoveryLog
{
    /// <summary>Writes one event: an error if an administrator must act, a warning if something failed.</summary>
    public static void Write(ILogger log, DiscoveryEvent told)
    {
        LogLevel level = told.ShouldAlert ? LogLevel.Error
            : told.Kind is DiscoveryEventKind.Fetched ? LogLevel.Information
            : LogLevel.Warning;
        Told(log, level, told, told.Exception);
    }

    [LoggerMessage("MTA-STS: {Event}")]
    private static partial void Told(ILogger log, LogLevel level, DiscoveryEvent @event, Exception? exception);
}
