using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace MtaSts;

/// <summary>
/// Represents a domain that can have an MTA-STS policy: the domain of a recipient, or a smart host (RFC 8461
/// section 3.4).
/// </summary>
/// <remarks>
/// <para>Parse the domain once for each delivery and use the value from then on. A policy never applies to subdomains:
/// parse the domain of the recipient, not a parent of it.</para>
/// <para>Two domains are equal if their <see cref="Name"/> is. Immutable and safe for use by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// PolicyDomain domain = PolicyDomain.Parse("Bücher.Example.");
/// string name = domain.Name;             // xn--bcher-kva.example
/// string recordName = domain.RecordName; // _mta-sts.xn--bcher-kva.example
/// string policyHost = domain.PolicyHost; // mta-sts.xn--bcher-kva.example
/// string policyUrl = domain.PolicyUrl;   // https://mta-sts.xn--bcher-kva.example/.well-known/mta-sts.txt
/// </code>
/// </example>
public sealed class PolicyDomain : IEquatable<PolicyDomain>, ISpanParsable<PolicyDomain>
{
    /// <summary>
    /// The longest domain, in octets as A-labels: 244, because <c>_mta-sts.</c> in front of it must fit in 253.
    /// </summary>
    public const int MaxLength = NameLimits.MaxLength - 9;

    // The caller has validated the name.
    private PolicyDomain(string name) => Name = name;

    /// <summary>The domain in canonical form: lower-case A-labels, no trailing dot.</summary>
    public string Name { get; }

    /// <summary>
    /// The name of the domain's TXT record, such as <c>_mta-sts.example.com</c> (RFC 8461 section 3.1).
    /// </summary>
    public string RecordName => $"_mta-sts.{Name}";

    /// <summary>
    /// The host that serves the policy file and must be named in its certificate, such as <c>mta-sts.example.com</c>
    /// (RFC 8461 section 3.3).
    /// </summary>
    public string PolicyHost => $"mta-sts.{Name}";

    /// <summary>
    /// The URL of the policy file, such as <c>https://mta-sts.example.com/.well-known/mta-sts.txt</c> (RFC 8461 section
    /// 3.2).
    /// </summary>
    [SuppressMessage("Design", "CA1056", Justification = "Text, as the caller logs and compares it; new Uri(…) takes it.")]
    public string PolicyUrl => $"https://{PolicyHost}/.well-known/mta-sts.txt";

    /// <summary>Determines whether two domains have the same name.</summary>
    public static bool operator ==(PolicyDomain? left, PolicyDomain? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Determines whether two domains have different names.</summary>
    public static bool operator !=(PolicyDomain? left, PolicyDomain? right) => !(left == right);

    /// <summary>Parses a domain.</summary>
    /// <param name="text">
    /// The domain in any letter case, in U-labels or A-labels, with or without the root dot; at most 244 octets as
    /// A-labels. An address literal such as <c>[192.0.2.1]</c>, brackets and ports are not allowed. A bare
    /// <c>192.0.2.1</c> is accepted, because its labels are valid.
    /// </param>
    /// <returns>The domain.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="MtaStsFormatException">
    /// <paramref name="text"/> is not a domain that can have a policy.
    /// </exception>
    public static PolicyDomain Parse(string text) => Parse((text ?? throw new ArgumentNullException(nameof(text))).AsSpan());

    /// <inheritdoc cref="Parse(string)"/>
    public static PolicyDomain Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out PolicyDomain? domain, out ParseError error) ? domain : throw new MtaStsFormatException(error);

    /// <summary>Tries to parse a domain. Never throws.</summary>
    /// <param name="text">
    /// <inheritdoc cref="Parse(string)" path="/param"/> <see langword="null"/> is not a domain.
    /// </param>
    /// <param name="domain">The domain, or null.</param>
    /// <returns>
    /// <see langword="true"/> if the text is a domain that can have a policy; otherwise, <see langword="false"/>.
    /// </returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PolicyDomain? domain) =>
        TryParse(text.AsSpan(), out domain, out _);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out PolicyDomain?, out ParseError)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PolicyDomain? domain, out ParseError error) =>
        TryParse(text.AsSpan(), out domain, out error);

    /// <inheritdoc cref="TryParse(string?, out PolicyDomain?)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out PolicyDomain? domain) => TryParse(text, out domain, out _);

    /// <summary>Tries to parse a domain and returns the first rule that an invalid text breaks. Never throws.</summary>
    /// <param name="text"><inheritdoc cref="Parse(string)" path="/param"/></param>
    /// <param name="domain">The domain, or null.</param>
    /// <param name="error">The rule that the text breaks, or <c>default</c>.</param>
    /// <returns>
    /// <see langword="true"/> if the text is a domain that can have a policy; otherwise, <see langword="false"/>.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out PolicyDomain? domain, out ParseError error)
    {
        Span<byte> ascii = stackalloc byte[NameLimits.MaxLength];
        if (HostName.TryNormalize(text, ascii, out int length) && length <= MaxLength)
        {
            domain = new(Encoding.ASCII.GetString(ascii[..length]));
            error = default;
            return true;
        }

        ReadOnlySpan<ushort> name = CodeUnits.Of(HostName.WithoutRoot(text));
        (ParseErrorCode code, Range place) = Check(name);
        ParseError.InLine(code, name, place, out error);
        domain = null;
        return false;
    }

    /// <summary>Returns the <see cref="Name"/>.</summary>
    public override string ToString() => Name;

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] PolicyDomain? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as PolicyDomain);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    // A domain has one text form in every culture: the provider is ignored.
    static PolicyDomain IParsable<PolicyDomain>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<PolicyDomain>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out PolicyDomain result) =>
        TryParse(s, out result);

    static PolicyDomain ISpanParsable<PolicyDomain>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<PolicyDomain>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out PolicyDomain result) => TryParse(s, out result);

    // The limits apply to the A-labels. Their offsets are not those of the text, so the error shows the whole text.
    private static (ParseErrorCode Code, Range Place) Check(ReadOnlySpan<ushort> name)
    {
        if (!InvalidCharacters.TryFind(name, out ParseErrorCode code, out Range place))
        {
            (code, place) = HostName.TryGetALabels(MemoryMarshal.Cast<ushort, char>(name), out string? ascii)
                ? (HostName.Check(CodeUnits.Of(ascii)).Code, ..name.Length)
                : HostName.Check(name);
        }

        return code switch
        {
            ParseErrorCode.None or ParseErrorCode.NameTooLong => (ParseErrorCode.DomainTooLong, ..name.Length),
            ParseErrorCode.MisplacedWildcard => (ParseErrorCode.InvalidNameCharacter, place), // A domain has no wildcard.
            _ => (code, place),
        };
    }
}
