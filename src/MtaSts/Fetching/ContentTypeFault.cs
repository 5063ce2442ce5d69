namespace MtaSts;

/// <summary>The reason why the value of a Content-Type field is not the one media type <c>text/plain</c>.</summary>
internal enum ContentTypeFault
{
    /// <summary>The value is <c>text/plain</c>.</summary>
    None = 0,

    /// <summary>There is no field, or its value is empty.</summary>
    Missing,

    /// <summary>A comma outside quotes separates several media types, as when two fields were joined.</summary>
    Several,

    /// <summary>The media type is not <c>text/plain</c>.</summary>
    Other,

    /// <summary>A quote is not closed, so it is unknown whether a second media type follows.</summary>
    OpenQuote,
}
