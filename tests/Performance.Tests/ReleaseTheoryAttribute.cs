namespace MtaSts.Performance.Tests;

/// <summary>A theory about speed or memory, which says nothing about a build without optimization.</summary>
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
