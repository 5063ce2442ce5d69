using System.Globalization;

namespace MtaSts.Benchmarks;

/// <summary>Parses the tables of BUDGETS.md and renews their measured columns.</summary>
/// <remarks>
/// A row begins with an id in code font. All other lines are ignored. A dash is an empty cell.
/// <code>
/// | `id` | what is measured | median ns | baseline ns | ratio | **budget** | bytes | **at most** |
/// </code>
/// </remarks>
internal static class BudgetFile
{
    public const string Name = "BUDGETS.md";

    private const string MachinePrefix = "Measured on ";
    private const int Columns = 8;

    /// <summary>Returns the path of the file, which is in a folder above the program.</summary>
    public static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Name)))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new FileNotFoundException($"{Name} was not found in any parent folder."), Name);
    }

    /// <summary>Returns the rows in the order of the file.</summary>
    public static IReadOnlyList<Budget> Read(string path) =>
    [
        .. File.ReadLines(path).Select(Cells).OfType<string[]>()
            .Select(static cells => new Budget(Id(cells), Number(cells[5]), (long?)Number(cells[7]))),
    ];

    /// <summary>Replaces the measured cells and leaves the budgets unchanged.</summary>
    /// <param name="path">The file.</param>
    /// <param name="machine">The machine of the measurements.</param>
    /// <param name="measured">The measured cells by id.</param>
    public static void Renew(string path, string machine, IReadOnlyDictionary<string, MeasuredCells> measured)
    {
        string[] lines = File.ReadAllLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith(MachinePrefix, StringComparison.Ordinal))
            {
                lines[i] = MachinePrefix + machine;
            }
            else if (Cells(lines[i]) is { } old && measured.TryGetValue(Id(old), out MeasuredCells row))
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
        return cells.Length == Columns ? cells : throw new FormatException($"Expected {Columns} cells, found {cells.Length}: {line}");
    }

    private static string Id(string[] cells) => cells[0].Trim('`');

    private static double? Number(string cell)
    {
        string number = cell.Trim('*');
        const NumberStyles Style = NumberStyles.Float | NumberStyles.AllowThousands;
        return number == "–" ? null : double.Parse(number, Style, CultureInfo.InvariantCulture);
    }
}
