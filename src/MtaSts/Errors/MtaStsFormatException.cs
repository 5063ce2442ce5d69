namespace MtaSts;

/// <summary>Thrown by the <c>Parse</c> methods for a text that is no TXT record, policy or MX pattern of RFC 8461.</summary>
/// <remarks>The <c>TryParse</c> methods give the same <see cref="ParseError"/> and never throw.</remarks>
public sealed class MtaStsFormatException : FormatException
{
    /// <summary>Creates an exception without an error or a message of its own.</summary>
    public MtaStsFormatException()
    {
    }

    /// <summary>Creates an exception without an error.</summary>
    /// <param name="message">What is wrong.</param>
    public MtaStsFormatException(string? message)
        : base(message)
    {
    }

    /// <summary>Creates an exception without an error.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public MtaStsFormatException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception for a parse error; its message is the error's sentence.</summary>
    /// <param name="error">The first rule that the text breaks, and where.</param>
    public MtaStsFormatException(ParseError error)
        : base(error.ToString()) => Error = error;

    /// <summary>The first rule that the text breaks, and where. <see cref="ParseErrorCode.None"/> if the exception was created without.</summary>
    public ParseError Error { get; }
}
