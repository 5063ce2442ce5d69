namespace MtaSts;

/// <summary>
/// Thrown by the <c>Parse</c> methods for a text that is not a valid TXT record, policy, MX pattern or policy domain.
/// </summary>
/// <remarks>The <c>TryParse</c> methods return the same <see cref="ParseError"/> and never throw.</remarks>
public sealed class MtaStsFormatException : FormatException
{
    /// <summary>Creates an exception with a default message and without an error.</summary>
    public MtaStsFormatException()
    {
    }

    /// <summary>Creates an exception without an error.</summary>
    /// <param name="message">The message.</param>
    public MtaStsFormatException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates an exception without an error.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public MtaStsFormatException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception for a parse error. Its message is <see cref="ParseError.ToString"/>.</summary>
    /// <param name="error">The first rule that the text breaks, and where.</param>
    public MtaStsFormatException(ParseError error)
        : base(error.ToString()) => Error = error;

    /// <summary>
    /// The first rule that the text breaks, and where; <c>default</c> if the exception was created without an error.
    /// </summary>
    public ParseError Error { get; }
}
