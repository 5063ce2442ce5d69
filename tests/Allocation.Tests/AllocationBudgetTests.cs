using MtaSts.Benchmarks;

namespace MtaSts.Allocation.Tests;

/// <summary>Holds the library to BUDGETS.md.</summary>
/// <remarks>
/// Times are never compared with a clock, only with a baseline that is measured in turns with the operation; and of all rounds those count that nothing
/// disturbed. A comparison that is over its budget all the same gets more attempts (<see cref="Benches"/>).
/// </remarks>
public sealed class PerformanceTests(Benches benches) : IClassFixture<Benches>
{
    private static readonly IReadOnlyList<Budget> Budgets = BudgetFile.Read(Path.Combine(AppContext.BaseDirectory, BudgetFile.Name));

    public static TheoryData<string> Compared => [.. Budgets.Where(static budget => budget.Ratio is not null).Select(static budget => budget.Id)];

    public static TheoryData<string> Allocating =>
        [.. Budgets.Where(static budget => budget.Bytes is not null && budget.Id != Budget.CachedDomain).Select(static budget => budget.Id)];

    [ReleaseTheory]
    [MemberData(nameof(Compared))]
    public void Time_ToItsBaseline_IsWithinTheBudget(string id)
    {
        double budget = BudgetOf(id).Ratio!.Value;

        benches.LeastRatio(nameof(Bench.Ratio), id, budget).Should().BeLessThanOrEqualTo(budget, "{0} says so", BudgetFile.Name);
    }

    [ReleaseTheory]
    [MemberData(nameof(Allocating))]
    public void Allocation_OfOneOperation_IsWithinTheBudget(string id) =>
        benches.First.Allocated(id).Should().BeLessThanOrEqualTo(BudgetOf(id).Bytes!.Value, "{0} says so", BudgetFile.Name);

    [ReleaseTheory]
    [InlineData(100_000)]
    public void Memory_OfACachedDomain_IsWithinTheBudget(int domains) =>
        Caches.BytesPerDomain(Usual.Domains(domains)).Should().BeLessThanOrEqualTo(BudgetOf(Budget.CachedDomain).Bytes!.Value, "{0} says so", BudgetFile.Name);

    // The gates above are worth something only if work that is done twice shows, however busy the machine. It is never within 1.5, so that this goes through
    // all benches.
    [ReleaseTheory]
    [InlineData("record")]
    [InlineData("policy-utf8")]
    [InlineData("match-miss")]
    [InlineData("enforce-none")]
    public void LeastRatio_WorkDoneTwice_IsTwo(string id) =>
        benches.LeastRatio(nameof(Bench.RatioOfTwice), id, budget: 1.5).Should().BeInRange(1.7, 2.3);

    [Fact]
    public void Budgets_Ids_AreThoseOfAllThatIsMeasured() =>
        Budgets.Select(static budget => budget.Id).Should().BeEquivalentTo(
            [.. Comparisons.All().Select(static comparison => comparison.Id), Budget.CachedDomain]);

    private static Budget BudgetOf(string id) => Budgets.Single(budget => budget.Id == id);
}
