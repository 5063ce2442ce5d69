using System.Globalization;

namespace MtaSts;

/// <summary>Something to say about what a domain publishes: what it is, how much it matters, where it stands and what to do.</summary>
/// <remarks>Made by <see cref="PolicyLint"/> and <see cref="PolicyRollover"/>. Immutable, and safe for use by several threads.</remarks>
public sealed class Finding
{
    internal Finding(FindingCode code, Severity severity, string message, TextPosition place = default, ParseErrorCode parseErrorCode = ParseErrorCode.None)
    {
        Code = code;
        Severity = severity;
        Message = message;
        Line = place.Line;
        Offset = place.Offset;
        ParseErrorCode = parseErrorCode;
    }

    /// <summary>What the finding is about.</summary>
    public FindingCode Code { get; }

    /// <summary>How much it matters.</summary>
    public Severity Severity { get; }

    /// <summary>
    /// The line of the policy file, counted from 1, or 1 for the record in an <see cref="FindingCode.InvalidRecord"/>; 0 if the finding is about no
    /// place, or if the text was not given.
    /// </summary>
    public int Line { get; }

    /// <summary>
    /// The place in the policy file, or in the record: bytes from the start of a text given as bytes, UTF-16 units from the start of one given as
    /// characters; 0 if <see cref="Line"/> is.
    /// </summary>
    public int Offset { get; }

    /// <summary>
    /// The rule that the text breaks, for <see cref="FindingCode.InvalidRecord"/>, <see cref="FindingCode.InvalidPolicy"/> and
    /// <see cref="FindingCode.TooLarge"/>; otherwise <see cref="ParseErrorCode.None"/>.
    /// </summary>
    public ParseErrorCode ParseErrorCode { get; }

    /// <summary>What is the matter and what to do about it, in one or more English sentences of printable ASCII, safe to log.</summary>
    public string Message { get; }

    /// <summary>The finding in one line of printable ASCII, safe to log.</summary>
    /// <example><c>note ModeTesting, line 2, offset 21: The mode is testing: senders report failures, and deliver all the same. …</c></example>
    public override string ToString()
    {
        string severity = Severity.ToString().ToLowerInvariant();
        return Line == 0
            ? $"{severity} {Code}: {Message}"
            : string.Create(CultureInfo.InvariantCulture, $"{severity} {Code}, line {Line}, offset {Offset}: {Message}");
    }
}
