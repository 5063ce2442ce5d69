namespace MtaSts;

/// <summary>Says what to do about a name in the MX records that no <c>mx</c> line can hold as it is.</summary>
internal static class MxHostAdvice
{
    /// <summary>Describes the name, the effect, and the one thing to do.</summary>
    public static string Describe(MxHostName host, string effect, Policy policy, string? domain)
    {
        string name = Escaping.Quote(host.Name);
        return host.Form switch
        {
            MxHostForm.International =>
                $"The MX host {policy.Explain(host.Name)} {effect}. "
                    + $"Add the line \"mx: {host.Remedy}\", or remove the host from the DNS (RFC 8461, section 3.2).",
            MxHostForm.Underscore =>
                $"The MX host {name} has an underscore, which an mx line cannot have. {effect}. {AdviseOnUnderscore(host.Remedy, domain)}.",
            MxHostForm.Preference =>
                $"The MX host {name} begins with a preference number. {effect}. "
                    + $"Leave only {Escaping.Quote(host.Remedy)} in the name (RFC 5321, section 5.1).",
            MxHostForm.Address =>
                $"The MX host {name} is an address. {effect}. Name a host that has the address (RFC 5321, section 5.1).",
            MxHostForm.Blank =>
                $"The name in an MX record is empty: {name}. {effect}. Name the host, or remove the record (RFC 5321, section 5.1).",
            _ => $"The MX host {name} is not a valid host name. {effect}. Correct its name: {Explain(host.Name)}.",
        };
    }

    private static string AdviseOnUnderscore(string? wildcard, string? domain) =>
        wildcard is null ? "Rename the host (RFC 8461, section 3.2)"
        : domain is not null && wildcard.AsSpan(2).SequenceEqual(domain)
            ? $"Rename the host: \"mx: {wildcard}\" matches it, but also every other host of the domain (RFC 8461, sections 3.2 and 10.4)"
            : $"Add the line \"mx: {wildcard}\", which matches it (RFC 8461, sections 3.2 and 4.1)";

    private static string Explain(string name)
    {
        ReadOnlySpan<ushort> units = CodeUnits.Of(name);
        if (InvalidCharacters.TryFind(units, out ParseErrorCode code, out Range place))
        {
            return Reason(code, units, place);
        }

        (code, place) = HostName.Check(units);
        return code is ParseErrorCode.NonAsciiName
            ? HostCharacters.Explain(units[place]) ?? "it has no A-labels (RFC 5891, section 4)"
            : Reason(code, units, place);
    }

    private static string Reason(ParseErrorCode code, ReadOnlySpan<ushort> name, Range place)
    {
        // The sentences of these are about patterns and files.
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
