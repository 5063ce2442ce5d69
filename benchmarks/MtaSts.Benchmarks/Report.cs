using System.Globalization;
using System.Runtime.InteropServices;

namespace MtaSts.Benchmarks;

/// <summary>The commands that measure all comparisons: <c>ratios</c> prints them, <c>budgets</c> puts them into BUDGETS.md.</summary>
internal static class Report
{
    private const int Rounds = 400;
    private static readonly TimeSpan SettleLimit = TimeSpan.FromMinutes(2);

    /// <summary>Measures the comparisons whose id contains the filter, and prints them.</summary>
    public static IReadOnlyDictionary<string, (string Median, string Baseline, string Ratio, string Bytes)> Measure(string filter)
    {
        Comparison[] comparisons = [.. Comparisons.All().Where(comparison => comparison.Id.Contains(filter, StringComparison.Ordinal))];
        Console.WriteLine(Machine());
        Console.WriteLine(Meter.Settle(comparisons, SettleLimit) ? "Settled." : "NOT SETTLED: methods were still being compiled.");
        Console.WriteLine($"{"operation",-42} {"ns",12} {"baseline ns",12} {"ratio",9} {"median",9} {"bytes",9}");

        Dictionary<string, (string Median, string Baseline, string Ratio, string Bytes)> measured = new(StringComparer.Ordinal);
        foreach (Comparison comparison in comparisons)
        {
            Measurement m = Meter.Compare(comparison, Rounds);
            long bytes = Meter.Allocated(comparison.Operation);
            Console.WriteLine(
                $"{comparison.Id,-42} {Text(m.Nanoseconds),12} {Text(m.BaselineNanoseconds),12} {Text(m.Ratio),9} {Text(m.MedianRatio),9} {Text(bytes),9}");
            measured[comparison.Id] = (Text(m.Nanoseconds), Text(m.BaselineNanoseconds), Text(m.Ratio), Text(bytes));
        }

        if (Budget.CachedDomain.Contains(filter, StringComparison.Ordinal))
        {
            double bytes = Caches.BytesPerDomain(TypicalInputs.Domains(100_000));
            Console.WriteLine($"{Budget.CachedDomain,-42} {Text(bytes),56}");
            measured[Budget.CachedDomain] = ("–", "–", "–", Text(bytes));
        }

        return measured;
    }

    /// <summary>Measures everything and renews the measured columns of BUDGETS.md.</summary>
    public static void RenewBudgets() => BudgetFile.Renew(BudgetFile.Find(), Machine(), Measure(filter: ""));

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        string? model = !File.Exists(CpuInfo) ? null : File.ReadLines(CpuInfo)
            .Where(static line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(static line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>Three significant digits, as more would be noise; and whole numbers in full.</summary>
    public static string Text(double value) => value == Math.Floor(value) || value >= 100
        ? value.ToString("N0", CultureInfo.InvariantCulture)
        : value.ToString(value switch { >= 10 => "0.0", >= 1 => "0.00", >= 0.1 => "0.000", >= 0.01 => "0.0000", _ => "0.00000" }, CultureInfo.InvariantCulture);
}
