namespace MtaSts;

/// <summary>
/// Judges the value of a Content-Type field, which must be <c>text/plain</c> (RFC 8461, Section 3.2).
/// </summary>
/// <remarks>
/// <code>
/// Content-Type  = type "/" subtype parameters                        RFC 9110, Section 8.3
/// parameters    = *( OWS ";" OWS [ parameter ] )                     Section 5.6.6
/// quoted-string = DQUOTE *( qdtext / "\" quoted-pair ) DQUOTE        Section 5.6.4
/// OWS           = *( SP / HTAB )
/// </code>
/// The field holds one media type. A comma outside quotes makes it a list, and the intended type is unknown (Section
/// 8.3). Parameters are ignored.
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
            if (!isQuoted && value[i] == ',')
            {
                return ContentTypeFault.Several;
            }

            isQuoted ^= value[i] == '"';
            i += isQuoted && value[i] == '\\' ? 1 : 0; // Skips the escaped character.
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
