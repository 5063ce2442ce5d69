using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

/// <summary>Holds the library to the allocations and the memory in BUDGETS.md, and that file to what is measured.</summary>
public sealed class AllocationBudgetTests
{
    private static readonly IReadOnlyList<Budget> Budgets = BudgetFile.Read(Path.Combine(AppContext.BaseDirectory, BudgetFile.Name));
    private static readonly IReadOnlyList<Comparison> All = Comparisons.All();

    public static TheoryData<string> Allocating =>
        [.. Budgets.Where(static budget => budget.Bytes is not null && budget.Id != Budget.CachedDomain).Select(static budget => budget.Id)];

    [ReleaseTheory]
    [MemberData(nameof(Allocating))]
    public void Allocation_OfOneOperation_IsTheBudget(string id) =>
        Meter.Allocated(All.Single(comparison => comparison.Id == id).Operation).Should().Be(BudgetOf(id), "{0} says so", BudgetFile.Name);

    [ReleaseTheory]
    [InlineData(100_000)]
    public void Memory_OfACachedDomain_IsWithinTheBudget(int domains) =>
        Caches.BytesPerDomain(TypicalInputs.Domains(domains)).Should().BeInRange(1, BudgetOf(Budget.CachedDomain), "{0} says so", BudgetFile.Name);

    [Fact]
    public void Budgets_Ids_AreThoseOfAllThatIsMeasured() =>
        Budgets.Select(static budget => budget.Id).Should().BeEquivalentTo([.. All.Select(static comparison => comparison.Id), Budget.CachedDomain]);

    [Fact]
    public void Budgets_OfUsualInputs_LimitTheTime() =>
        All.Where(static comparison => comparison.IsUsual).Select(static comparison => comparison.Id)
            .Should().BeSubsetOf(Budgets.Where(static budget => budget.Ratio is not null).Select(static budget => budget.Id));

    // The compiler's first code boxes here and there, and how long that code is in use depends on the machine's load.
    [Fact]
    public void Runtime_OfTheseTests_OptimizesAllCodeAtOnce()
    {
        AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out bool isTiered).Should().BeTrue();
        isTiered.Should().BeFalse();
    }

    private static long BudgetOf(string id) => Budgets.Single(budget => budget.Id == id).Bytes!.Value;
}
