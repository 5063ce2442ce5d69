using MtaSts.Benchmarks;

namespace MtaSts.Performance.Tests;

public sealed class BudgetFileTests
{
    private const string Before = """
        # Budgets

        Measured on an abacus

        | operation | what | median ns | baseline ns | ratio | budget | bytes | at most |
        |---|---|--:|--:|--:|--:|--:|--:|
        | `a` | `Sts.MxMatches`, `x` with `y` | 1 | 2 | 0.5 | **0.75** | 1,000 | **1,234** |
        | `b` | not measured this time | – | – | – | **–** | 7 | **8** |

        """;

    private const string After = """
        # Budgets

        Measured on a slide rule

        | operation | what | median ns | baseline ns | ratio | budget | bytes | at most |
        |---|---|--:|--:|--:|--:|--:|--:|
        | `a` | `Sts.MxMatches`, `x` with `y` | 3 | 4 | 0.7 | **0.75** | 5 | **1,234** |
        | `b` | not measured this time | – | – | – | **–** | 7 | **8** |

        """;

    [Fact]
    public void Renew_NewMeasurements_LeavesTheBudgetsAlone()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Before);

            BudgetFile.Renew(path, "a slide rule", new Dictionary<string, (string, string, string, string)>(StringComparer.Ordinal) { ["a"] = ("3", "4", "0.7", "5") });

            File.ReadAllText(path).Should().Be(After);
            BudgetFile.Read(path).Should().Equal(new Budget("a", 0.75, 1_234), new Budget("b", null, 8));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
