using System.Globalization;
using System.Numerics;

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

    private readonly string? _found; // As shown: quoted or described. Null only in default(ParseError).

    private ParseError(ParseErrorCode code, int offset, int line, string found)
    {
        Code = code;
        Offset = offset;
        Line = line;
        _found = found;
    }

    /// <summary>The rule that is broken; <see cref="ParseErrorCode.None"/> if there is no error.</summary>
    public ParseErrorCode Code { get; }

    /// <summary>
    /// The start of the invalid part: in bytes if the text was given as bytes, in UTF-16 code units if it was given as
    /// characters.
    /// </summary>
    public int Offset { get; }

    /// <summary>
    /// The line of the policy file, counted from 1, that holds the invalid part; 1 for all other texts, 0 without an
    /// error.
    /// </summary>
    public int Line { get; }

    /// <summary>
    /// The expected and the found text, and the section of the RFC: <see cref="ToString"/> without the position. Empty
    /// without an error.
    /// </summary>
    public string Reason => Code switch
    {
        ParseErrorCode.None => "",
        ParseErrorCode.TooLarge => Expect("a policy of at most 65536 bytes", "section 3.3"),
        ParseErrorCode.InvalidEncoding => Expect("valid UTF-8", "section 3.2"),
        ParseErrorCode.ControlCharacter => Expect(
            "no control characters, except LF or CRLF at the end of a line of a policy", "sections 3.1 and 3.2"),
        ParseErrorCode.NotAnStsRecord => Expect("\"v=STSv1;\" at the start of the record", "section 3.1"),
        ParseErrorCode.EmptyField => Expect("a field \"name=value\" between semicolons", "section 3.1"),
        ParseErrorCode.MissingSeparator => Expect("\"name=value\" in a record, \"name: value\" in a policy", "sections 3.1 and 3.2"),
        ParseErrorCode.InvalidFieldName => Expect(
            "a field name of a letter or digit and up to 31 letters, digits, \"_\", \"-\" or \".\"", "sections 3.1 and 3.2"),
        ParseErrorCode.InvalidFieldValue => Expect(
            "a value of printable characters, in a record without \"=\", \";\" or whitespace", "sections 3.1 and 3.2"),
        ParseErrorCode.InvalidId => Expect("an id of 1 to 32 ASCII letters and digits", "section 3.1"),
        ParseErrorCode.MissingId => Expect("a field \"id=\"", "section 3.1"),
        ParseErrorCode.UnsupportedVersion => Expect("the version \"STSv1\"", "section 3.2"),
        ParseErrorCode.InvalidMode => Expect("\"enforce\", \"testing\" or \"none\" in lower case", "section 3.2"),
        ParseErrorCode.InvalidMaxAge => Expect("1 to 10 digits, a number of seconds", "section 3.2"),
        ParseErrorCode.MissingVersion => Expect("a line \"version: STSv1\"", "section 3.2"),
        ParseErrorCode.MissingMode => Expect("a line \"mode: enforce\", \"mode: testing\" or \"mode: none\"", "section 3.2"),
        ParseErrorCode.MissingMaxAge => Expect("a line \"max_age: SECONDS\"", "section 3.2"),
        ParseErrorCode.MissingMx => Expect("a line \"mx: HOST\" unless the mode is \"none\"", "section 3.2"),
        ParseErrorCode.EmptyName => Expect("a host name", "section 3.2"),
        ParseErrorCode.MisplacedWildcard => Expect("\"*\" only as the whole first label, as in \"*.example.com\"", "section 4.1"),
        ParseErrorCode.AddressLiteral => Expect("a host name, not an address", "section 3.2"),
        ParseErrorCode.NonAsciiName => Expect("an ASCII host name, with international labels as A-labels (\"xn--\")", "section 3.2"),
        ParseErrorCode.InvalidNameCharacter => Expect(
            "letters, digits, hyphens and dots in a host name", "section 3.2, RFC 5321 section 4.1.2"),
        ParseErrorCode.EmptyLabel => Expect("a label before each dot", "section 3.2, RFC 5321 section 4.1.2"),
        ParseErrorCode.TrailingDot => Expect("no dot at the end of the name", "section 3.2, RFC 5321 section 4.1.2"),
        ParseErrorCode.MisplacedHyphen => Expect(
            "a letter or digit at the start and end of each label", "section 3.2, RFC 5321 section 4.1.2"),
        ParseErrorCode.LabelTooLong => Expect("a label of at most 63 octets", "section 3.2, RFC 1035 section 2.3.4"),
        ParseErrorCode.NameTooLong => Expect("a name of at most 253 octets", "section 3.2, RFC 1035 section 2.3.4"),
        ParseErrorCode.DomainTooLong => Expect(
            "a policy domain of at most 244 octets, because \"_mta-sts.\" precedes it", "section 3.1, RFC 1035 section 2.3.4"),
        _ => throw new InvalidOperationException($"No text is defined for {Code}."),
    };

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
        where T : unmanaged, IBinaryInteger<T> =>
        error = new(code, place.Start.Value, line: 1, Show(text[place]));

    /// <summary>Creates an error in a text of several lines: a policy file.</summary>
    internal static void InFile<T>(ParseErrorCode code, ReadOnlySpan<T> text, Range place, out ParseError error)
        where T : unmanaged, IBinaryInteger<T> =>
        error = new(code, place.Start.Value, 1 + text[..place.Start.Value].Count(T.CreateTruncating('\n')), Show(text[place]));

    /// <summary>
    /// Creates the error of a policy file over the limit. It names no size: a text given as characters would have to be
    /// counted.
    /// </summary>
    internal static void FileTooLarge(out ParseError error) =>
        error = new(ParseErrorCode.TooLarge, offset: 0, line: 1, "more than 65536 bytes");

    private static string Show<T>(ReadOnlySpan<T> found)
        where T : unmanaged, IBinaryInteger<T> =>
        found.IsEmpty ? "nothing" : Escaping.Quote(found, MaxFoundLength);

    private string Expect(string expected, string sections) => $"expected {expected}, found {_found} (RFC 8461 {sections})";
}
