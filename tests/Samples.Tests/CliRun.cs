using System.Text;

namespace Samples.Tests;

/// <summary>Represents one run of the sample: its exit code and its output, with lines that end with LF.</summary>
internal sealed record CliRun(ExitCode ExitCode, string Output, string Error)
{
    public static CliRun Of(params string[] args) => Of([], args);

    public static CliRun Of(byte[] input, params string[] args)
    {
        using MemoryStream stream = new(input);
        return Of(stream, args);
    }

    public static CliRun Of(Stream input, params string[] args)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        int exitCode = Cli.RunAsync(args, output, error, input).GetAwaiter().GetResult();
        return new((ExitCode)exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Judges a policy from standard input.</summary>
    public static CliRun OfPolicy(string policy, params string[] args) => Of(Encoding.UTF8.GetBytes(policy), ["--policy", "-", .. args]);
}
