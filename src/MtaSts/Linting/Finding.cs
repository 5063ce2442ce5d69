using System.Globalization;

namespace MtaSts.Linting;

/// <summary>
/// Represents a fault in what a domain publishes: its code, severity and position, and how to correct it.
/// </summary>
/// <remarks>
/// Created by <see cref="PolicyLint"/> and <see cref="PolicyRollover"/>. Immutable and safe for use by several threads.
/// </remarks>
public sealed class Finding
{
    internal Finding(
        FindingCode code,
        Severity severity,
        string message,
        TextPosition position = default,
        ParseErrorCode parseErrorCode = ParseErrorCode.None)
    {
        Code = code;
        Severity = severity;
        Message = message;
        Line = position.Line;
        Offset = position.Offset;
        ParseErrorCode = parseErrorCode;
    }

    /// <summary>The kind of fault.</summary>
    public FindingCode Code { get; }

    /// <summary>The severity of the fault.</summary>
    public Severity Severity { get; }

    /// <summary>
    /// The line of the policy file, counted from 1; 1 for the record of an <see cref="FindingCode.InvalidRecord"/>.
    /// </summary>
    /// <value>0 if the finding has no position, or if the text was not given.</value>
    public int Line { get; }

    /// <summary>The offset in the policy file or in the record, counted from 0.</summary>
    /// <value>
    /// In bytes for a text given as bytes, in UTF-16 units for one given as characters; 0 if <see cref="Line"/> is 0.
    /// </value>
    public int Offset { get; }

    /// <summary>The rule that the text breaks.</summary>
    /// <value>
    /// Set for <see cref="FindingCode.InvalidRecord"/>, <see cref="FindingCode.InvalidPolicy"/> and
    /// <see cref="FindingCode.TooLarge"/>; otherwise, <see cref="ParseErrorCode.None"/>.
    /// </value>
    public ParseErrorCode ParseErrorCode { get; }

    /// <summary>
    /// The fault and its correction in English sentences of printable ASCII, safe to log. The wording may change.
    /// </summary>
    public string Message { get; }

    /// <summary>Returns the finding for a log: severity, code, position and message.</summary>
    /// <returns>One line of printable ASCII.</returns>
    /// <example><c>note ModeTesting, line 2, offset 21: The mode is testing: senders report failures but deliver the
    /// mail. …</c></example>
    public override string ToString()
    {
        string severity = Severity.ToString().ToLowerInvariant();
        return Line == 0
            ? $"{severity} {Code}: {Message}"
            : string.Create(CultureInfo.InvariantCulture, $"{severity} {Code}, line {Line}, offset {Offset}: {Message}");
    }
}
