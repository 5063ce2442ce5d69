using Quickstart;

using Stream input = Console.OpenStandardInput();
return await Cli.RunAsync(args, Console.Out, Console.Error, input);
