using System.Globalization;

namespace MtaSts.Benchmarks;

/// <summary>The tables in BUDGETS.md: for people to read, for the tests to hold the library to, and for a command to renew.</summary>
/// <remarks>
/// The rows look like this; what is left of them, and lines that are none, is for people alone. A dash stands for nothing.
/// <code>
/// | `id` | what is measured | median ns | baseline ns | ratio | **budget** | bytes | **at most** |
/// </code>
/// </remarks>
internal static class BudgetFile
{
    public const string Name = "BUDGETS.md";

    private const string MachinePrefix = "Measured on ";
    private const int Columns = 8;

    /// <summary>The file, in a folder above the program.</summary>
    public static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Name)))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException($"There is no {Name} in any folder above."), Name);
    }

    public static IReadOnlyList<Budget> Read(string path) =>
        [.. File.ReadLines(path).Select(Cells).OfType<string[]>().Select(static cells => new Budget(Id(cells), Number(cells[5]), (long?)Number(cells[7])))];

    /// <summary>Puts new measurements into the file, and leaves the budgets alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="machine">What they were measured on.</param>
    /// <param name="measured">The cells for median, baseline, ratio and bytes, by id.</param>
    public static void Renew(string path, string machine, IReadOnlyDictionary<string, (string Median, string Baseline, string Ratio, string Bytes)> measured)
    {
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(MachinePrefix, StringComparison.Ordinal))
            {
                lines[i] = MachinePrefix + machine;
            }
            else if (Cells(lines[i]) is { } old && measured.TryGetValue(Id(old), out var row))
            {
                lines[i] = $"| {old[0]} | {old[1]} | {row.Median} | {row.Baseline} | {row.Ratio} | {old[5]} | {row.Bytes} | {old[7]} |";
            }
        }

        File.WriteAllText(path, string.Join('\n', lines) + "\n");
    }

    private static string[]? Cells(string line)
    {
        if (!line.StartsWith("| `", StringComparison.Ordinal))
        {
            return null;
        }

        string[] cells = [.. line.Trim('|', ' ').Split('|').Select(static cell => cell.Trim())];
        return cells.Length == Columns ? cells : throw new FormatException($"Not {Columns} cells: {line}");
    }

    private static string Id(string[] cells) => cells[0].Trim('`');

    private static double? Number(string cell)
    {
        string number = cell.Trim('*');
        return number == "–" ? null : double.Parse(number, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }
}
