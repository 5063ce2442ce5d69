using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using MtaSts;

namespace Quickstart;

/// <summary>The command line: the options, what they start, and the exit code.</summary>
internal sealed class Cli
{
    private static readonly Dictionary<string, TlsOutcome> TlsOutcomes = new(StringComparer.Ordinal)
    {
        ["verified"] = TlsOutcome.Verified,
        ["not-offered"] = TlsOutcome.NotOffered,
        ["host-mismatch"] = TlsOutcome.HostMismatch,
        ["expired"] = TlsOutcome.Expired,
        ["not-trusted"] = TlsOutcome.NotTrusted,
        ["handshake-failed"] = TlsOutcome.HandshakeFailed,
    };

    private readonly Option<string[]> _record = new("--record")
    {
        Description = "The TXT record at _mta-sts.DOMAIN; once for each if there are several.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _policy = new("--policy")
    {
        Description = "The policy file, as served at https://mta-sts.DOMAIN/.well-known/mta-sts.txt; - reads standard input.",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _mx = new("--mx")
    {
        Description = "The MX hosts to judge by the policy: several values, or the option several times.",
        HelpName = "HOST...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<TlsOutcome?> _tls = new("--tls")
    {
        CustomParser = ParseTlsOutcome,
        Description = $"Decide after the handshake with each MX host, which showed: {string.Join(", ", TlsOutcomes.Keys)}.",
        HelpName = "OUTCOME",
    };

    private readonly Command _command;
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Stream _input;

    private Cli(TextWriter output, TextWriter error, Stream input)
    {
        _output = output;
        _error = error;
        _input = input;
        _command = new("Quickstart", HelpText.Description)
        {
            _record,
            _policy,
            _mx,
            _tls,
            new HelpOption { Action = new HelpText.Action() },
        };
        _command.Validators.Add(Check);
        _command.SetAction(async (result, _) => (int)await RunAsync(result));
    }

    /// <summary>Does what the arguments say.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes what is wrong with the arguments or with what they name.</param>
    /// <param name="input">Standard input, read for <c>--policy -</c> only.</param>
    /// <returns>The exit code of the process: an <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Stream input)
    {
        Command command = new Cli(output, error, input)._command;

        // An argument that begins with @ is a value like any other, not the name of a file with more arguments.
        ParseResult result = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            WriteErrors(error, result.Errors.Select(static error => error.Message));
            return (int)ExitCode.Usage;
        }

        // The default handler would turn a defect into exit code 1, which means something else here.
        // Nor has it anything to wind up when it is told to end.
        return await result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static TlsOutcome? ParseTlsOutcome(ArgumentResult result)
    {
        if (TlsOutcomes.TryGetValue(result.Tokens[0].Value, out TlsOutcome outcome))
        {
            return outcome;
        }

        result.AddError($"--tls takes one of these: {string.Join(", ", TlsOutcomes.Keys)}.");
        return null;
    }

    private static void WriteErrors(TextWriter output, IEnumerable<string> messages)
    {
        foreach (string message in messages)
        {
            output.WriteLine(Printable.Escape(message));
        }

        output.WriteLine("--help tells more.");
    }

    private void Check(CommandResult result)
    {
        bool hasRecord = result.GetResult(_record) is not null;
        bool hasPolicy = result.GetResult(_policy) is not null;
        bool hasMx = result.GetResult(_mx) is not null;
        if (result.GetResult(_policy)?.Tokens is [{ Value: "" }])
        {
            result.AddError("--policy needs the name of a file, or - for standard input.");
        }

        if (hasMx && !hasPolicy)
        {
            result.AddError("--mx needs --policy, by which the hosts are judged.");
        }

        if (result.GetResult(_tls) is not null && (hasRecord || hasPolicy) && !hasMx)
        {
            result.AddError("--tls needs --mx, the hosts of which it tells.");
        }
    }

    private async Task<ExitCode> RunAsync(ParseResult result) =>
        result.GetResult(_record) is null && result.GetResult(_policy) is null ? await ShowBundledAsync(result.GetValue(_tls)) : JudgeOwn(result);

    private async Task<ExitCode> ShowBundledAsync(TlsOutcome? tls)
    {
        IReadOnlyList<PolicyDomain> domains = BundledDomains.Read();
        IReadOnlyList<WeekStep> week = tls is null ? await SimulatedWeek.RunAsync(domains) : [];
        Report.WriteBundled(_output, domains, tls, week);
        return ExitCode.NothingDenied;
    }

    private ExitCode JudgeOwn(ParseResult result)
    {
        PolicyFile? file = null;
        if (result.GetValue(_policy) is { } path)
        {
            try
            {
                file = PolicyFile.Read(path, _input);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _error.WriteLine($"{Printable.Escape(path)}: {Printable.Escape(exception.Message)}");
                return ExitCode.Usage;
            }
        }

        TxtRecords? txt = result.GetValue(_record) is { Length: > 0 } texts ? new("--record", texts) : null;
        return Judge(Publication.Read(txt, file), result.GetValue(_mx) ?? [], result.GetValue(_tls));
    }

    private ExitCode Judge(Publication published, string[] mxHosts, TlsOutcome? tls)
    {
        foreach (string message in published.Errors)
        {
            _error.WriteLine(message);
        }

        Judgement[] judgements = [.. mxHosts.Select(host => published.Judge(host, tls))];
        Report.WriteOwn(_output, published, judgements);
        return published.Errors.Count > 0 ? ExitCode.Malformed
            : judgements.Any(static judgement => judgement.Decision.Verdict is Verdict.Deny) ? ExitCode.Denied
            : ExitCode.NothingDenied;
    }
}
