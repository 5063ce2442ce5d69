namespace MtaSts;

/// <summary>The value of a Content-Type field, of which RFC 8461, Section 3.2, wants <c>text/plain</c>.</summary>
/// <remarks>
/// <code>
/// Content-Type  = type "/" subtype parameters                        RFC 9110, Section 8.3
/// parameters    = *( OWS ";" OWS [ parameter ] )                     Section 5.6.6
/// quoted-string = DQUOTE *( qdtext / "\" quoted-pair ) DQUOTE        Section 5.6.4
/// OWS           = *( SP / HTAB )
/// </code>
/// The field holds one media type. A comma outside quotes makes it a list, and it is unknown which type is meant (Section 8.3).
/// Otherwise parameters are ignored.
/// </remarks>
internal static class ContentType
{
    /// <summary>Judges the value of the field; null if there is no field.</summary>
    public static ContentTypeFault Judge(string? contentType)
    {
        ReadOnlySpan<char> value = contentType.AsSpan().Trim(" \t");
        if (value.IsEmpty)
        {
            return ContentTypeFault.Missing;
        }

        ContentTypeFault fault = JudgeList(value);
        return fault is ContentTypeFault.Several || IsPlainText(value) ? fault : ContentTypeFault.Other;
    }

    private static ContentTypeFault JudgeList(ReadOnlySpan<char> value)
    {
        bool isQuoted = false;
        for (int i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '\\' when isQuoted:
                    i++;
                    break;
                case ',' when !isQuoted:
                    return ContentTypeFault.Several;
            }
        }

        return isQuoted ? ContentTypeFault.OpenQuote : ContentTypeFault.None;
    }

    private static bool IsPlainText(ReadOnlySpan<char> value)
    {
        int semicolon = value.IndexOf(';');
        ReadOnlySpan<char> mediaType = semicolon < 0 ? value : value[..semicolon].TrimEnd(" \t");
        return mediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase);
    }
}
