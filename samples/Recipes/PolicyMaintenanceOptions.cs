namespace Recipes;

/// <summary>Represents the options of <see cref="PolicyMaintenance"/>.</summary>
public sealed class PolicyMaintenanceOptions
{
    /// <summary>The path of the file that keeps the cache while the process does not run.</summary>
    /// <value><c>mta-sts-cache.json</c> in the working directory by default.</value>
    public string SnapshotPath { get; set; } = "mta-sts-cache.json";
}
