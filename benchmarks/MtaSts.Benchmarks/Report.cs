using System.Globalization;
using System.Runtime.InteropServices;

namespace MtaSts.Benchmarks;

/// <summary>
/// Runs the commands <c>ratios</c>, which prints all comparisons, and <c>budgets</c>, which renews BUDGETS.md.
/// </summary>
internal static class Report
{
    private const int Rounds = 400;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(2);

    /// <summary>Measures and prints the comparisons whose id contains the filter.</summary>
    public static IReadOnlyDictionary<string, MeasuredCells> Measure(string filter)
    {
        Comparison[] comparisons = [.. Comparisons.All().Where(comparison => comparison.Id.Contains(filter, StringComparison.Ordinal))];
        Console.WriteLine(Machine());
        Console.WriteLine(Meter.Settle(comparisons, SettleLimit) ? "Settled." : "NOT SETTLED: the compiler was still working.");
        Console.WriteLine($"{"operation",-42} {"ns",12} {"baseline ns",12} {"ratio",9} {"median",9} {"bytes",9}");

        Dictionary<string, MeasuredCells> measured = new(StringComparer.Ordinal);
        foreach (Comparison comparison in comparisons)
        {
            Measurement m = Meter.Compare(comparison, Rounds);
            long bytes = Meter.Allocated(comparison.Operation);
            MeasuredCells cells = new(Text(m.Nanoseconds), Text(m.BaselineNanoseconds), Text(m.Ratio), Text(bytes));
            Console.WriteLine(
                $"{comparison.Id,-42} {cells.Median,12} {cells.Baseline,12} {cells.Ratio,9} {Text(m.MedianRatio),9} {cells.Bytes,9}");
            measured[comparison.Id] = cells;
        }

        if (Budget.CachedDomain.Contains(filter, StringComparison.Ordinal))
        {
            double bytes = Caches.BytesPerDomain(TypicalInputs.Domains(100_000));
            Console.WriteLine($"{Budget.CachedDomain,-42} {Text(bytes),56}");
            measured[Budget.CachedDomain] = new("–", "–", "–", Text(bytes));
        }

        return measured;
    }

    /// <summary>Measures all comparisons and renews the measured columns of BUDGETS.md.</summary>
    public static void RenewBudgets() => BudgetFile.Renew(BudgetFile.Find(), Machine(), Measure(filter: ""));

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? model = !File.Exists(CpuInfo) ? null : File.ReadLines(CpuInfo)
            .Where(static line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(static line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();
        string processor = model ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"{processor}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>
    /// Formats a number with three significant digits, since more would be noise, or a whole number in full.
    /// </summary>
    public static string Text(double value)
    {
        string format = value switch
        {
            _ when value == Math.Floor(value) => "N0",
            >= 100 => "N0",
            >= 10 => "0.0",
            >= 1 => "0.00",
            >= 0.1 => "0.000",
            >= 0.01 => "0.0000",
            _ => "0.00000",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
