using System.Globalization;

namespace MtaSts.Benchmarks;

/// <summary>Runs the command <c>gates</c>, which holds the library to the time budgets of BUDGETS.md.</summary>
internal static class GatesCommand
{
    private const int Rounds = 400;

    /// <summary>Measures all rows that have a time budget.</summary>
    /// <param name="isTwice">
    /// If <see langword="true"/> (<c>gates --twice</c>), each operation is done twice as often. Each row must then be
    /// over its budget.
    /// </param>
    /// <returns>The exit code: 0 if every row passed; otherwise, 1.</returns>
    public static int Run(bool isTwice)
    {
        Gate[] gates =
        [
            .. BudgetFile.Read(BudgetFile.Find())
                .Where(static budget => budget.Ratio is not null)
                .Select(static budget => new Gate(budget.Id, budget.Ratio!.Value)),
        ];
        string[] ids = [.. gates.Select(static gate => gate.Id)];
        for (int copy = 1; Array.Exists(gates, static gate => gate.WantsAnotherCopy); copy++)
        {
            Console.WriteLine($"Copy {copy} of the library.");
            Func<string, int, double> measure = Bench.OpenCopy(ids, isTwice);
            foreach (Gate gate in gates.Where(static gate => gate.WantsAnotherCopy))
            {
                gate.Add(measure(gate.Id, Rounds));
            }
        }

        Console.WriteLine($"{"operation",-42} {"ratio",9} {"budget",9} {"of budget",9}  in each copy");
        foreach (Gate gate in gates)
        {
            string used = (gate.Ratio / gate.Budget).ToString("P0", CultureInfo.InvariantCulture);
            string ratios = string.Join(' ', gate.Ratios.Select(Report.Text));
            Console.WriteLine(
                $"{gate.Id,-42} {Report.Text(gate.Ratio),9} {Report.Text(gate.Budget),9} {used,9}  {ratios}{(gate.IsOver ? " OVER" : "")}");
        }

        int over = gates.Count(static gate => gate.IsOver);
        Console.WriteLine(isTwice
            ? $"{over} of {gates.Length} gates found the doubled work"
            : $"{gates.Length - over} gates passed, {over} failed");
        return over == (isTwice ? gates.Length : 0) ? 0 : 1;
    }
}
