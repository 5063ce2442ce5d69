using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

/// <summary>
/// Holds the library to the allocations and the memory in BUDGETS.md, and that file to the measured operations.
/// </summary>
public sealed class AllocationBudgetTests
{
    private static readonly IReadOnlyList<Budget> Budgets = BudgetFile.Read(Path.Combine(AppContext.BaseDirectory, BudgetFile.Name));
    private static readonly IReadOnlyList<Comparison> All = Comparisons.All();

    public static TheoryData<string> Allocating =>
    [
        .. Budgets.Where(static budget => budget.Bytes is not null && budget.Id != Budget.CachedDomain).Select(static budget => budget.Id),
    ];

    [Theory]
    [MemberData(nameof(Allocating))]
    public void Allocation_OfOneOperation_IsTheBudget(string id)
    {
        Comparison comparison = All.Single(comparison => comparison.Id == id);

        Meter.Allocated(comparison.Operation).Should().Be(BudgetOf(id), "of {0}", BudgetFile.Name);
    }

    [Theory]
    [InlineData(100_000)]
    public void Memory_OfACachedDomain_IsWithinTheBudget(int domains)
    {
        double bytes = Caches.BytesPerDomain(TypicalInputs.Domains(domains));

        bytes.Should().BeInRange(1, BudgetOf(Budget.CachedDomain), "of {0}", BudgetFile.Name);
    }

    [Fact]
    public void Budgets_Ids_AreThoseOfTheMeasuredOperations() =>
        Budgets.Select(static budget => budget.Id)
            .Should().OnlyHaveUniqueItems().And.BeEquivalentTo([.. All.Select(static comparison => comparison.Id), Budget.CachedDomain]);

    [Fact]
    public void Budgets_TypicalInputs_AreTheFirstRowsAndLimitTheTime()
    {
        string[] typical = [.. All.Where(static comparison => comparison.IsTypical).Select(static comparison => comparison.Id)];

        Budgets.Take(typical.Length).Select(static budget => budget.Id).Should().Equal(typical);
        Budgets.Take(typical.Length).Should().OnlyContain(static budget => budget.Ratio != null);
    }

    // The runtime's first code boxes some values. How long that code is in use depends on the load of the machine.
    [Fact]
    public void Runtime_OfTheseTests_OptimizesAllCodeAtOnce()
    {
        AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out bool isTiered).Should().BeTrue();
        isTiered.Should().BeFalse();
    }

    private static long BudgetOf(string id) => Budgets.Single(budget => budget.Id == id).Bytes!.Value;
}
