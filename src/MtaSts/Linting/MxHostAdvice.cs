namespace MtaSts.Linting;

/// <summary>Writes the advice on a name in the MX records that no <c>mx</c> line can hold as it is.</summary>
internal static class MxHostAdvice
{
    /// <summary>Describes the name, the effect on delivery, and the one thing to do.</summary>
    public static string Describe(MxHostName host, string effect, Policy policy, string? domain)
    {
        string name = Escaping.Quote(host.Name);
        return host.Form switch
        {
            MxHostForm.International =>
                $"The MX host {policy.Explain(host.Name)} {effect}. "
                    + $"Add the line \"mx: {host.Remedy}\", or remove the host from the DNS (RFC 8461 section 3.2).",
            MxHostForm.Underscore =>
                $"The MX host {name} contains an underscore, which an mx line cannot contain. {effect}. "
                    + $"{AdviseOnUnderscore(host.Remedy, domain)}.",
            MxHostForm.Preference =>
                $"The MX host {name} begins with a preference number. {effect}. "
                    + $"Use only {Escaping.Quote(host.Remedy)} as the name (RFC 5321 section 5.1).",
            MxHostForm.Address =>
                $"The MX host {name} is an IP address. {effect}. Use the name of a host with that address (RFC 5321 section 5.1).",
            MxHostForm.Blank =>
                $"Expected a host name in the MX record, found {name}. {effect}. "
                    + "Enter a name, or remove the record (RFC 5321 section 5.1).",
            _ => $"The MX host {name} is not a valid host name. {effect}. Correct it: {Explain(host.Name)}.",
        };
    }

    private static string AdviseOnUnderscore(string? wildcard, string? domain) =>
        wildcard is null ? "Rename the host (RFC 8461 section 3.2)"
        : wildcard.AsSpan(2).SequenceEqual(domain)
            ? $"Rename the host: \"mx: {wildcard}\" matches it, but also every other host of the domain (RFC 8461 sections 3.2 and 10.4)"
            : $"Add the line \"mx: {wildcard}\", which matches it (RFC 8461 sections 3.2 and 4.1)";

    private static string Explain(string name)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(name);
        if (InvalidCharacters.TryFind(units, out ParseErrorCode code, out Range place))
        {
            return Reason(code, units, place);
        }

        (code, place) = HostName.Check(units);
        return code is ParseErrorCode.NonAsciiName
            ? HostCharacters.Explain(units[place]) ?? "the name cannot be converted to A-labels (RFC 5891 section 4)"
            : Reason(code, units, place);
    }

    private static string Reason(ParseErrorCode code, ReadOnlySpan<ushort> name, Range place)
    {
        // The reasons of the replaced codes are about patterns and files.
        code = code switch
        {
            ParseErrorCode.MisplacedWildcard or ParseErrorCode.ControlCharacter => ParseErrorCode.InvalidNameCharacter,
            ParseErrorCode.TrailingDot => ParseErrorCode.EmptyLabel,
            _ => code,
        };
        ParseError.InLine(code, name, place, out ParseError error);
        return error.Reason;
    }
}
