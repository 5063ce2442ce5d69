using Quickstart;

using Stream input = Console.OpenStandardInput();
return Cli.Run(args, Console.Out, Console.Error, input);
