namespace MtaSts.Tests;

/// <summary>An invalid text in a table, with a <c>^</c> before the place that is to be blamed.</summary>
internal sealed record MarkedText(string Text, int Offset, int Line)
{
    public static MarkedText Read(string marked)
    {
        int offset = marked.IndexOf('^', StringComparison.Ordinal);
        offset.Should().BeGreaterThanOrEqualTo(0, "{0} lacks its mark", marked);
        string text = marked.Remove(offset, 1);
        return new(text, offset, Line: 1 + text[..offset].Count(static c => c == '\n'));
    }

    /// <summary>Checks that a text was rejected for this reason, at the marked place.</summary>
    public void ShouldBeRefused<T>(ParseRoutes<T> routes, ParseErrorCode code)
        where T : IEquatable<T>, ISpanParsable<T>, IUtf8SpanParsable<T>, ISpanFormattable, IUtf8SpanFormattable
    {
        ParseError error = routes.Run(Text).Error;
        (error.Code, error.Line, error.Offset).Should().Be((code, Line, Offset), "{0}", error);
    }
}
