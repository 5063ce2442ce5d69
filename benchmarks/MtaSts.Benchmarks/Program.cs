using BenchmarkDotNet.Running;
using MtaSts.Benchmarks;

// "ratios [part of an id]" and "budgets" are this project's own commands; all else goes to BenchmarkDotNet.
switch (args)
{
    case ["ratios", .. var filter]:
        Report.Measure(filter is [var part, ..] ? part : "");
        break;
    case ["budgets"]:
        Report.RenewBudgets();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Report).Assembly).Run(args);
        break;
}
