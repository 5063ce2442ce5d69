using System.Globalization;
using System.Numerics;
using static MtaSts.ParseErrorCode;

namespace MtaSts;

/// <summary>Represents the first rule of RFC 8461 that a text breaks, and where.</summary>
/// <remarks>
/// An immutable value, safe for use by several threads. It keeps a short quote of the text, never the text itself.
/// <c>default</c> is not an error: <see cref="ParseErrorCode.None"/> at offset 0. Two errors are equal if their code,
/// line, offset and quoted text are equal.
/// </remarks>
/// <example>
/// <code>
/// if (!Policy.TryParse(body, out Policy? policy, out ParseError error))
/// {
///     // line 2, offset 21: expected "enforce", "testing" or "none" in lower case, found "enforced" (RFC 8461 section 3.2)
///     log.Warning($"{domain}: {error}");
/// }
/// </code>
/// </example>
public readonly record struct ParseError
{
    private const int MaxFoundLength = 24;

    /// <summary>The rule that is broken; <see cref="ParseErrorCode.None"/> if there is no error.</summary>
    public ParseErrorCode Code { get; private init; }

    /// <summary>
    /// The start of the invalid part: in bytes if the text was given as bytes, in UTF-16 code units if it was given as
    /// characters.
    /// </summary>
    public int Offset { get; private init; }

    /// <summary>
    /// The line of the policy file, counted from 1, that holds the invalid part; 1 for all other texts, 0 without an
    /// error.
    /// </summary>
    public int Line { get; private init; }

    /// <summary>
    /// The expected and the found text, and the section of the RFC: <see cref="ToString"/> without the position. Empty
    /// without an error.
    /// </summary>
    public string Reason => Code switch
    {
        None => "",
        TooLarge => Expect("a policy of at most 65536 bytes", "section 3.3"),
        InvalidEncoding => Expect("valid UTF-8", "section 3.2"),
        ControlCharacter => Expect("no control characters, except LF or CRLF at the end of a line of a policy", "sections 3.1 and 3.2"),
        NotAnStsRecord => Expect("\"v=STSv1;\" at the start of the record", "section 3.1"),
        EmptyField => Expect("a field \"name=value\" between semicolons", "section 3.1"),
        MissingSeparator => Expect("\"name=value\" in a record, \"name: value\" in a policy", "sections 3.1 and 3.2"),
        InvalidFieldName => Expect(
            "a field name of a letter or digit and up to 31 letters, digits, \"_\", \"-\" or \".\"", "sections 3.1 and 3.2"),
        InvalidFieldValue => Expect(
            "a value of printable characters, in a record without \"=\", \";\" or whitespace", "sections 3.1 and 3.2"),
        InvalidId => Expect("an id of 1 to 32 ASCII letters and digits", "section 3.1"),
        MissingId => Expect("a field \"id=\"", "section 3.1"),
        UnsupportedVersion => Expect("the version \"STSv1\"", "section 3.2"),
        InvalidMode => Expect("\"enforce\", \"testing\" or \"none\" in lower case", "section 3.2"),
        InvalidMaxAge => Expect("1 to 10 digits, a number of seconds", "section 3.2"),
        MissingVersion => Expect("a line \"version: STSv1\"", "section 3.2"),
        MissingMode => Expect("a line \"mode: enforce\", \"mode: testing\" or \"mode: none\"", "section 3.2"),
        MissingMaxAge => Expect("a line \"max_age: SECONDS\"", "section 3.2"),
        MissingMx => Expect("a line \"mx: HOST\" unless the mode is \"none\"", "section 3.2"),
        EmptyName => Expect("a host name", "section 3.2"),
        MisplacedWildcard => Expect("\"*\" only as the whole first label, as in \"*.example.com\"", "section 4.1"),
        AddressLiteral => Expect("a host name, not an address", "section 3.2"),
        NonAsciiName => Expect("an ASCII host name, with international labels as A-labels (\"xn--\")", "section 3.2"),
        InvalidNameCharacter => Expect("letters, digits, hyphens and dots in a host name", "section 3.2, RFC 5321 section 4.1.2"),
        EmptyLabel => Expect("a label before each dot", "section 3.2, RFC 5321 section 4.1.2"),
        TrailingDot => Expect("no dot at the end of the name", "section 3.2, RFC 5321 section 4.1.2"),
        MisplacedHyphen => Expect("a letter or digit at the start and end of each label", "section 3.2, RFC 5321 section 4.1.2"),
        LabelTooLong => Expect("a label of at most 63 octets", "section 3.2, RFC 1035 section 2.3.4"),
        NameTooLong => Expect("a name of at most 253 octets", "section 3.2, RFC 1035 section 2.3.4"),
        DomainTooLong => Expect(
            "a policy domain of at most 244 octets, because \"_mta-sts.\" precedes it", "section 3.1, RFC 1035 section 2.3.4"),
        _ => throw new InvalidOperationException($"No text is defined for {Code}."),
    };

    // As shown: quoted or described. Null only in default(ParseError).
    private string? Found { get; init; }

    /// <summary>
    /// Returns the error for a log or for the postmaster of the domain: position, what was expected, what was found,
    /// and the section of the RFC.
    /// </summary>
    /// <returns>
    /// One line of printable ASCII. The found text is quoted and cut after 24 characters. Quotes and backslashes follow
    /// a backslash; code points outside printable ASCII have the form <c>&lt;U+00E9&gt;</c>.
    /// </returns>
    public override string ToString() => Code is ParseErrorCode.None
        ? "no error"
        : string.Create(CultureInfo.InvariantCulture, $"line {Line}, offset {Offset}: {Reason}");

    /// <summary>Creates an error in a text of one line: a record, a pattern or a domain.</summary>
    internal static void InLine<T>(ParseErrorCode code, ReadOnlySpan<T> text, Range place, out ParseError error)
        where T : unmanaged, IBinaryInteger<T>
    {
        string found = text[place].IsEmpty ? "nothing" : Escaping.Quote(text[place], MaxFoundLength);
        error = new() { Code = code, Offset = place.Start.Value, Line = 1, Found = found };
    }

    /// <summary>Creates an error in a text of several lines: a policy file.</summary>
    internal static void InFile<T>(ParseErrorCode code, ReadOnlySpan<T> text, Range place, out ParseError error)
        where T : unmanaged, IBinaryInteger<T>
    {
        InLine(code, text, place, out error);
        error = error with { Line = 1 + text[..error.Offset].Count(T.CreateTruncating('\n')) };
    }

    /// <summary>
    /// Creates the error of a policy file over the limit. It names no size: a text given as characters would have to be
    /// counted.
    /// </summary>
    internal static void FileTooLarge(out ParseError error) =>
        error = new() { Code = TooLarge, Line = 1, Found = "more than 65536 bytes" };

    private string Expect(string expected, string sections) => $"expected {expected}, found {Found} (RFC 8461 {sections})";
}
