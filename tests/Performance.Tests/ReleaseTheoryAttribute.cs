namespace MtaSts.Performance.Tests;

/// <summary>Marks a theory about memory, which is skipped in a build without optimization.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReleaseTheoryAttribute : TheoryAttribute
{
    public ReleaseTheoryAttribute()
    {
#if DEBUG
        Skip = "BUDGETS.md is about Release builds: dotnet test -c Release.";
#endif
    }
}
