namespace MtaSts.Tests;

/// <summary>Represents a malformed text of a table, in which a <c>^</c> marks the offset of the error.</summary>
internal sealed record MarkedText(string Text, int Offset, int Line)
{
    public static MarkedText Parse(string marked)
    {
        int offset = marked.IndexOf('^', StringComparison.Ordinal);
        offset.Should().BeGreaterThanOrEqualTo(0, "{0} must have a mark", marked);
        string text = marked.Remove(offset, 1);
        return new(text, offset, Line: 1 + text[..offset].Count(static c => c == '\n'));
    }

    /// <summary>Checks that each route rejects the text with this code, at the mark.</summary>
    public void ShouldBeRejected<T>(ParseRoutes<T> routes, ParseErrorCode code)
        where T : IEquatable<T>, ISpanParsable<T>, IUtf8SpanParsable<T>, ISpanFormattable, IUtf8SpanFormattable
    {
        ParseError error = routes.Run(Text).Error;
        (error.Code, error.Line, error.Offset).Should().Be((code, Line, Offset), "{0}", error);
    }
}
