using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

/// <summary>Renews and parses a file with two tables.</summary>
public sealed class BudgetFileTests
{
    private const string Before = """
        # Budgets

        Measured on an abacus

        | operation | what | median ns | baseline ns | ratio | budget | bytes | at most |
        |---|---|--:|--:|--:|--:|--:|--:|
        | `a` | `Sts.MxMatches`, `x` with `y` | 1 | 2 | 0.5 | **0.75** | 1,000 | **1,234** |

        The second table.

        | operation | what | median ns | baseline ns | ratio | budget | bytes | at most |
        |---|---|--:|--:|--:|--:|--:|--:|
        | `b` | not measured this time | – | – | – | **–** | 7 | **8** |

        """;

    private const string After = """
        # Budgets

        Measured on a slide rule

        | operation | what | median ns | baseline ns | ratio | budget | bytes | at most |
        |---|---|--:|--:|--:|--:|--:|--:|
        | `a` | `Sts.MxMatches`, `x` with `y` | 3 | 4 | 0.7 | **0.75** | 5 | **1,234** |

        The second table.

        | operation | what | median ns | baseline ns | ratio | budget | bytes | at most |
        |---|---|--:|--:|--:|--:|--:|--:|
        | `b` | not measured this time | – | – | – | **–** | 7 | **8** |

        """;

    // The page begins with the rows that a sender repeats, few enough to be read.
    [Fact]
    public void BudgetsPage_FirstTable_HasTwentyRows()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, BudgetFile.Name));

        page[..page.IndexOf("## How it is measured", StringComparison.Ordinal)].Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Should().HaveCount(20);
    }

    [Fact]
    public void Renew_NewMeasurements_LeavesTheBudgetsUnchanged()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Before);

            Dictionary<string, MeasuredCells> measured = new(StringComparer.Ordinal) { ["a"] = new("3", "4", "0.7", "5") };
            BudgetFile.Renew(path, "a slide rule", measured);

            File.ReadAllText(path).Should().Be(After);
            BudgetFile.Read(path).Should().Equal(new Budget("a", 0.75, 1_234), new Budget("b", null, 8));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
