using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Quickstart;

/// <summary>Writes the text of --help.</summary>
internal static class HelpText
{
    public const string Description =
        "Judges the MX hosts of a domain by its MTA-STS policy (RFC 8461): whether mail may be delivered to each, and why. "
        + "Without options, it judges the bundled domains in the folder domains and simulates a week of mail to one of them. "
        + "It does no network access: you give the record, the policy and the hosts.";

    private const int Width = 100;

    private const string Rest = """
        Examples:
          dotnet run --project samples/Quickstart
          dotnet run --project samples/Quickstart -- --tls expired
          dotnet run --project samples/Quickstart -- --record "v=STSv1; id=20260301T080000Z;"
          dotnet run --project samples/Quickstart -- --policy mta-sts.txt --mx mx1.example.com mx2.example.com
          curl -s https://mta-sts.example.com/.well-known/mta-sts.txt |
            dotnet run --project samples/Quickstart -- --policy - --mx mx1.example.com --tls verified
          dotnet run --project samples/Quickstart -- --lint --policy mta-sts.txt --domain example.com
          dotnet run --project samples/Quickstart -- --new --mx mx1.example.com "*.example.net" --max-age 28d

        Exit codes:
          0  no MX host is denied (always for the bundled domains); --lint, --new: no findings, or only notes
          1  an MX host is denied; --lint, --new: the worst finding is a warning
          2  the record or the policy is not valid, so no policy applies: standard error has the reason;
             --lint, --new: the worst finding is an error
          3  the arguments are not valid, or the policy file cannot be read
        """;

    /// <summary>The verdicts and their meaning.</summary>
    public static IReadOnlyList<string[]> Verdicts { get; } =
    [
        ["allow", "deliver"],
        ["allow if TLS", "deliver only over verified TLS; decide again after the handshake (--tls)"],
        ["allow, report", "the host fails, but the mode is testing: deliver and report the failure (RFC 8460)"],
        ["deny", "try the next host; after the last one, defer with the given status code and retry later"],
        ["no policy", "deliver as without MTA-STS"],
    ];

    /// <summary>Writes the options, the verdicts, examples and the exit codes.</summary>
    internal sealed class Action : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = new HelpAction { MaxWidth = Width }.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Verdicts:");
            Table.Write(output, [.. Verdicts.Select(static row => (string[])["  " + row[0], row[1]])]);
            output.WriteLine();
            foreach (string line in Rest.Split('\n'))
            {
                output.WriteLine(line);
            }

            return exitCode;
        }
    }
}
