using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MtaSts;

namespace Quickstart;

/// <summary>Defines the options of the command line and their valid combinations.</summary>
internal sealed class CliOptions
{
    private const int LongestMaxAge = 31_557_600; // RFC 8461 section 3.2.
    private const int SecondsPerDay = 86_400;

    private static readonly Dictionary<string, TlsOutcome> TlsOutcomes = new(StringComparer.Ordinal)
    {
        ["verified"] = TlsOutcome.Verified,
        ["not-offered"] = TlsOutcome.NotOffered,
        ["host-mismatch"] = TlsOutcome.HostMismatch,
        ["expired"] = TlsOutcome.Expired,
        ["not-trusted"] = TlsOutcome.NotTrusted,
        ["handshake-failed"] = TlsOutcome.HandshakeFailed,
    };

    private static readonly Dictionary<string, PolicyMode> Modes =
        Enum.GetValues<PolicyMode>().ToDictionary(Printable.Word, StringComparer.Ordinal);

    public Option<string[]> Record { get; } = new("--record")
    {
        Description = "The TXT record at _mta-sts.DOMAIN. Repeat the option for several records.",
        HelpName = "TEXT",
    };

    public Option<string?> Policy { get; } = new("--policy")
    {
        Description = "The policy file from https://mta-sts.DOMAIN/.well-known/mta-sts.txt; - reads standard input.",
        HelpName = "FILE",
    };

    public Option<string[]> Mx { get; } = new("--mx")
    {
        Description = "The MX hosts to judge by the policy: several values, or the option several times. "
            + "With --new, the hosts that the policy allows; *. matches any one label.",
        HelpName = "HOST...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<TlsOutcome?> Tls { get; } = new("--tls")
    {
        CustomParser = static result => ParseWord(result, "--tls", TlsOutcomes),
        Description = $"Decide after the handshake with each MX host, by its outcome: {string.Join(", ", TlsOutcomes.Keys)}.",
        HelpName = "OUTCOME",
    };

    public Option<bool> Lint { get; } = new("--lint")
    {
        Description = "Do not judge. List the faults of the given record, policy and MX hosts, and how to correct them.",
        Arity = ArgumentArity.Zero,
    };

    public Option<bool> New { get; } = new("--new")
    {
        Description = "Do not judge. Print a policy file for the MX hosts, its TXT record, and the steps to publish both. "
            + "They replace the given --policy and --record, if any.",
        Arity = ArgumentArity.Zero,
    };

    public Option<PolicyDomain?> Domain { get; } = new("--domain")
    {
        CustomParser = ParseDomain,
        Description = "The policy domain, for --lint and --new.",
        HelpName = "NAME",
    };

    public Option<PolicyMode?> Mode { get; } = new("--mode")
    {
        CustomParser = static result => ParseWord(result, "--mode", Modes),
        Description = $"The mode of the --new policy: {string.Join(", ", Modes.Keys)}; default: testing.",
        HelpName = "MODE",
    };

    public Option<TimeSpan?> MaxAge { get; } = new("--max-age")
    {
        CustomParser = ParseMaxAge,
        Description = "How long senders may keep the --new policy: in seconds, or in days such as 14d. "
            + "Default: 14d; 1d if its mode is none.",
        HelpName = "AGE",
    };

    /// <summary>Adds all options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Record, Policy, Mx, Tls, Lint, New, Domain, Mode, MaxAge])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Check);
    }

    private static T? ParseWord<T>(ArgumentResult result, string option, Dictionary<string, T> words)
        where T : struct
    {
        if (words.TryGetValue(result.Tokens[0].Value, out T value))
        {
            return value;
        }

        result.AddError($"{option}: expected {string.Join(", ", words.Keys)}, found '{result.Tokens[0].Value}'");
        return null;
    }

    private static PolicyDomain? ParseDomain(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!PolicyDomain.TryParse(text, out PolicyDomain? domain, out MtaSts.ParseError error))
        {
            result.AddError($"--domain {text}: {error.Reason}");
        }

        return domain;
    }

    private static TimeSpan? ParseMaxAge(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        bool isInDays = text.EndsWith('d');
        string digits = isInDays ? text[..^1] : text;
        if (digits.All(char.IsAsciiDigit)
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number <= LongestMaxAge
            && number * (isInDays ? SecondsPerDay : 1) is <= LongestMaxAge and var seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        result.AddError(string.Create(
            CultureInfo.InvariantCulture,
            $"--max-age: expected at most {LongestMaxAge} seconds or {LongestMaxAge / SecondsPerDay}d, found '{text}'"));
        return null;
    }

    private void Check(CommandResult result)
    {
        bool Has(Option option) => result.GetResult(option) is not null;
        bool hasSource = Has(Record) || Has(Policy);
        if (result.GetResult(Policy)?.Tokens is [{ Value: "" }])
        {
            result.AddError("--policy: expected the name of a file, or - for standard input");
        }

        if (Has(New))
        {
            CheckNew(result);
            return;
        }

        if (Has(Lint) && !hasSource)
        {
            result.AddError("--lint needs --record or --policy, or both.");
        }

        if (Has(Lint) && Has(Tls))
        {
            result.AddError("--lint and --tls exclude each other: --lint makes no decision.");
        }

        if (Has(Domain) && !Has(Lint))
        {
            result.AddError("--domain needs --lint or --new.");
        }

        if (Has(Mode) || Has(MaxAge))
        {
            result.AddError("--mode and --max-age need --new.");
        }

        if (Has(Mx) && !Has(Policy))
        {
            result.AddError("--mx needs --policy or --new.");
        }

        if (Has(Tls) && hasSource && !Has(Mx))
        {
            result.AddError("--tls needs --mx.");
        }
    }

    private void CheckNew(CommandResult result)
    {
        if (result.GetResult(Lint) is not null || result.GetResult(Tls) is not null)
        {
            result.AddError("--new excludes --lint and --tls.");
        }

        if (result.GetResult(Mx) is null && result.GetValue(Mode) is not PolicyMode.None)
        {
            result.AddError("--new needs --mx, unless --mode is none.");
        }

        foreach (string text in result.GetValue(Mx) ?? [])
        {
            if (!MxPattern.TryParse(text, out _, out MtaSts.ParseError error))
            {
                result.AddError($"--mx {text}: {error.Reason}");
            }
        }
    }
}
