using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MtaSts;

namespace Quickstart;

/// <summary>The options of the command line, and which of them go together.</summary>
internal sealed class CliOptions
{
    private const int LongestMaxAge = 31_557_600; // RFC 8461, section 3.2.
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

    private static readonly Dictionary<string, PolicyMode> Modes = Enum.GetValues<PolicyMode>().ToDictionary(Printable.Word, StringComparer.Ordinal);

    public Option<string[]> Record { get; } = new("--record")
    {
        Description = "The TXT record at _mta-sts.DOMAIN; once for each if there are several.",
        HelpName = "TEXT",
    };

    public Option<string?> Policy { get; } = new("--policy")
    {
        Description = "The policy file, as served at https://mta-sts.DOMAIN/.well-known/mta-sts.txt; - reads standard input.",
        HelpName = "FILE",
    };

    public Option<string[]> Mx { get; } = new("--mx")
    {
        Description = "The MX hosts to judge by the policy: several values, or the option several times. "
            + "With --new, the hosts that the policy is to allow; *. stands for any one label.",
        HelpName = "HOST...",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<TlsOutcome?> Tls { get; } = new("--tls")
    {
        CustomParser = static result => ParseWord(result, "--tls", TlsOutcomes),
        Description = $"Decide after the handshake with each MX host, which showed: {string.Join(", ", TlsOutcomes.Keys)}.",
        HelpName = "OUTCOME",
    };

    public Option<bool> Lint { get; } = new("--lint")
    {
        Description = "Do not judge, but tell what is wrong with the record, the policy and the MX hosts given, and what to do about it.",
        Arity = ArgumentArity.Zero,
    };

    public Option<bool> New { get; } = new("--new")
    {
        Description = "Do not judge, but print a policy file for the MX hosts, its TXT record, and the steps in which both are published, "
            + "in place of the --policy and --record given, if any.",
        Arity = ArgumentArity.Zero,
    };

    public Option<string?> Domain { get; } = new("--domain")
    {
        CustomParser = ParseDomain,
        Description = "The policy domain, for --lint and --new.",
        HelpName = "NAME",
    };

    public Option<PolicyMode?> Mode { get; } = new("--mode")
    {
        CustomParser = static result => ParseWord(result, "--mode", Modes),
        Description = $"The mode of the --new policy: {string.Join(", ", Modes.Keys)}; testing by default.",
        HelpName = "MODE",
    };

    public Option<TimeSpan?> MaxAge { get; } = new("--max-age")
    {
        CustomParser = ParseMaxAge,
        Description = "How long senders may keep the --new policy: in seconds, or in days such as 14d, which is the default; 1d if its mode is none.",
        HelpName = "AGE",
    };

    /// <summary>Adds all of them to a command.</summary>
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

        result.AddError($"{option} takes one of these: {string.Join(", ", words.Keys)}.");
        return null;
    }

    private static string? ParseDomain(ArgumentResult result)
    {
        string domain = result.Tokens[0].Value;
        try
        {
            Sts.RecordName(domain);
            return domain;
        }
        catch (ArgumentException)
        {
            result.AddError($"--domain takes the name of a domain that can have a policy, which '{domain}' is not.");
            return null;
        }
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
            $"--max-age takes seconds, {LongestMaxAge} at most, or days, {LongestMaxAge / SecondsPerDay}d at most."));
        return null;
    }

    private void Check(CommandResult result)
    {
        bool Has(Option option) => result.GetResult(option) is not null;
        bool hasSource = Has(Record) || Has(Policy);
        if (result.GetResult(Policy)?.Tokens is [{ Value: "" }])
        {
            result.AddError("--policy needs the name of a file, or - for standard input.");
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
            result.AddError("--lint goes without --tls: it makes no decision.");
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
            result.AddError("--mx needs --policy, by which the hosts are judged, or --new.");
        }

        if (Has(Tls) && hasSource && !Has(Mx))
        {
            result.AddError("--tls needs --mx, the hosts of which it tells.");
        }
    }

    private void CheckNew(CommandResult result)
    {
        if (result.GetResult(Lint) is not null || result.GetResult(Tls) is not null)
        {
            result.AddError("--new goes without --lint and --tls.");
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
