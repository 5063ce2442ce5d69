using BenchmarkDotNet.Running;
using MtaSts.Benchmarks;

// "ratios [part of an id]", "budgets" and "gates [--twice]" are handled here, all other arguments by BenchmarkDotNet.
switch (args)
{
    case ["ratios", .. var filter]:
        Report.Measure(filter is [var part, ..] ? part : "");
        break;
    case ["budgets"]:
        Report.RenewBudgets();
        break;
    case ["gates"]:
        return GatesCommand.Run(isTwice: false);
    case ["gates", "--twice"]:
        return GatesCommand.Run(isTwice: true);
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Report).Assembly).Run(args);
        break;
}

return 0;
