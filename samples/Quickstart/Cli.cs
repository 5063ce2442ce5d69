using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using MtaSts;
using MtaSts.Linting;

namespace Quickstart;

/// <summary>Runs the command line and determines the exit code.</summary>
internal sealed class Cli
{
    // RFC 8461 sections 3.2 and 8.3: weeks, but a short time for an opt-out.
    private static readonly TimeSpan DefaultMaxAge = TimeSpan.FromDays(14);
    private static readonly TimeSpan DefaultMaxAgeOfNone = TimeSpan.FromDays(1);

    private readonly CliOptions _options = new();
    private readonly Command _command;
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Stream _input;

    private Cli(TextWriter output, TextWriter error, Stream input)
    {
        _output = output;
        _error = error;
        _input = input;
        _command = new("Quickstart", HelpText.Description);
        _options.AddTo(_command);
        _command.Options.Add(new HelpOption { Action = new HelpText.Action() });
        _command.SetAction(async (result, _) => (int)await RunAsync(result));
    }

    /// <summary>Runs the command of the arguments.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <param name="output">The writer of the results.</param>
    /// <param name="error">The writer of faults in the arguments, the record and the policy.</param>
    /// <param name="input">Standard input, read only for <c>--policy -</c>.</param>
    /// <returns>The exit code of the process: an <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, Stream input)
    {
        Command command = new Cli(output, error, input)._command;

        // An argument that begins with @ is a value, not the name of a file with more arguments.
        ParseResult result = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Action is ParseErrorAction)
        {
            WriteMisuse(error, result.Errors.Select(static error => error.Message));
            return (int)ExitCode.Usage;
        }

        // The default exception handler would return exit code 1, which has another meaning here. Termination needs no
        // clean-up.
        return await result.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static void WriteMisuse(TextWriter output, IEnumerable<string> messages)
    {
        foreach (string message in messages)
        {
            output.WriteLine(Printable.Escape(message));
        }

        output.WriteLine("Use --help for the options.");
    }

    private static ExitCode Worst(IReadOnlyList<Finding> findings) => findings.Max(static finding => (Severity?)finding.Severity) switch
    {
        Severity.Error => ExitCode.Broken,
        Severity.Warning => ExitCode.Objection,
        _ => ExitCode.Fine,
    };

    private async Task<ExitCode> RunAsync(ParseResult result)
    {
        bool isNew = result.GetValue(_options.New);
        if (!isNew && result.GetResult(_options.Record) is null && result.GetResult(_options.Policy) is null)
        {
            return await ShowBundledAsync(result.GetValue(_options.Tls));
        }

        if (!TryReadPolicy(result.GetValue(_options.Policy), out PolicyFile? file))
        {
            return ExitCode.Usage;
        }

        TxtRecords? txt = result.GetValue(_options.Record) is { Length: > 0 } texts ? new("--record", texts) : null;
        string[] mx = result.GetValue(_options.Mx) ?? [];
        PolicyDomain? domain = result.GetValue(_options.Domain);
        return isNew ? MakeNew(result, domain, mx, SenderView.Of(txt, file))
            : result.GetValue(_options.Lint) ? Lint(Linter.Check(domain, txt, file, mx))
            : Judge(SenderView.Of(txt, file), mx, result.GetValue(_options.Tls));
    }

    private async Task<ExitCode> ShowBundledAsync(TlsOutcome? tls)
    {
        IReadOnlyList<BundledDomain> domains = BundledDomains.Read();
        IReadOnlyList<WeekStep> week = tls is null ? await SimulatedWeek.RunAsync(domains) : [];
        Report.WriteBundled(_output, domains, tls, week);
        return ExitCode.Fine;
    }

    // Also true if no file was given.
    private bool TryReadPolicy(string? path, out PolicyFile? file)
    {
        file = null;
        try
        {
            file = path is null ? null : PolicyFile.Read(path, _input);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _error.WriteLine($"{Printable.Escape(path!)}: {Printable.Escape(exception.Message)}");
            return false;
        }
    }

    private ExitCode MakeNew(ParseResult result, PolicyDomain? domain, string[] mx, SenderView current)
    {
        WriteErrors(current);
        PolicyMode mode = result.GetValue(_options.Mode) ?? PolicyMode.Testing;
        TimeSpan maxAge = result.GetValue(_options.MaxAge) ?? (mode is PolicyMode.None ? DefaultMaxAgeOfNone : DefaultMaxAge);
        Policy policy;
        try
        {
            policy = new(mode, maxAge, mx.Select(MxPattern.Parse));
        }
        catch (ArgumentException)
        {
            // All other faults were found with the arguments.
            _error.WriteLine($"--mx: expected a policy file of at most {Policy.MaxSize} bytes, found a larger one (RFC 8461 section 3.3)");
            return ExitCode.Usage;
        }

        NewPublication publication = new(domain, policy, current);
        Report.WriteNew(_output, publication);
        return current.Errors.Count > 0 ? ExitCode.Broken : Worst(publication.Findings);
    }

    private ExitCode Lint(IReadOnlyList<Finding> findings)
    {
        Report.WriteFindings(_output, findings);
        return Worst(findings);
    }

    private ExitCode Judge(SenderView published, string[] mxHosts, TlsOutcome? tls)
    {
        WriteErrors(published);
        Judgement[] judgements = [.. mxHosts.Select(host => published.Judge(host, tls))];
        Report.WriteOwn(_output, published, judgements);
        return published.Errors.Count > 0 ? ExitCode.Broken
            : judgements.Any(static judgement => judgement.Decision.Verdict is Verdict.Deny) ? ExitCode.Objection
            : ExitCode.Fine;
    }

    private void WriteErrors(SenderView published)
    {
        foreach (string message in published.Errors)
        {
            _error.WriteLine(message);
        }
    }
}
