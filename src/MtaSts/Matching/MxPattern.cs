using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace MtaSts;

/// <summary>One <c>mx</c> value of a policy: the name of an MX host, or <c>*.</c> and the name of a domain whose hosts are meant.</summary>
/// <remarks>
/// <para>RFC 8461, Sections 3.2 and 4.1: <c>["*."] Domain</c>. Each label is 1 to 63 ASCII letters, digits and inner hyphens; the name, without
/// its <c>*.</c>, is at most 253 octets. International names are given in A-labels (<c>xn--</c>).</para>
/// <para>Two patterns are equal when they differ in ASCII letter case at most. <c>default</c> is no pattern: it matches nothing, and its text is
/// empty. An immutable value, safe for use by several threads. A pattern that came from a policy keeps the policy's patterns in memory.</para>
/// </remarks>
/// <example><c>*.example.com</c> matches <c>mail.example.com</c>, but neither <c>example.com</c> nor <c>a.b.example.com</c>.</example>
public readonly struct MxPattern : IEquatable<MxPattern>,
    ISpanParsable<MxPattern>, IUtf8SpanParsable<MxPattern>, ISpanFormattable, IUtf8SpanFormattable
{
    private readonly byte[]? _buffer; // Null only in default(MxPattern).
    private readonly MxEntry _entry;

    // The caller has validated and lower-cased the text, which for a wildcard is that after the asterisk.
    internal MxPattern(byte[] buffer, MxEntry entry)
    {
        _buffer = buffer;
        _entry = entry;
    }

    /// <summary>Whether the pattern begins with <c>*.</c>, and so matches any one label in its place.</summary>
    public bool IsWildcard => _entry.IsWildcard;

    /// <summary>What the host must equal, or for a wildcard what must follow its first label, dot included.</summary>
    internal ReadOnlySpan<byte> MatchText => _buffer.AsSpan(_entry.Start, _entry.Length);

    /// <summary>Whether two patterns match the same hosts.</summary>
    public static bool operator ==(MxPattern left, MxPattern right) => left.Equals(right);

    /// <summary>Whether two patterns differ in more than letter case.</summary>
    public static bool operator !=(MxPattern left, MxPattern right) => !left.Equals(right);

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern alone, without blanks and without a trailing dot, in any letter case.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <exception cref="MtaStsFormatException">The text is no pattern; the exception says why.</exception>
    public static MxPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static MxPattern Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out MxPattern pattern, out ParseError error) ? pattern : throw new MtaStsFormatException(error);

    /// <summary>Reads a pattern.</summary>
    /// <param name="utf8Text">The pattern alone, as ASCII bytes, without blanks and without a trailing dot, in any letter case.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="MtaStsFormatException">The text is no pattern; the exception says why.</exception>
    public static MxPattern Parse(ReadOnlySpan<byte> utf8Text) =>
        TryParse(utf8Text, out MxPattern pattern, out ParseError error) ? pattern : throw new MtaStsFormatException(error);

    /// <summary>Reads a pattern without ever throwing.</summary>
    /// <param name="text">The pattern alone, without blanks and without a trailing dot, in any letter case.</param>
    /// <param name="pattern">The pattern, or <c>default</c>.</param>
    /// <returns>Whether the text is a pattern.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out MxPattern pattern) => TryParse(text, out pattern, out _);

    /// <summary>Reads a pattern without ever throwing, and tells what is wrong with a text that is none.</summary>
    /// <param name="text">The pattern alone, without blanks and without a trailing dot, in any letter case.</param>
    /// <param name="pattern">The pattern, or <c>default</c>.</param>
    /// <param name="error">The first rule that the text breaks, or <c>default</c>.</param>
    /// <returns>Whether the text is a pattern.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out MxPattern pattern, out ParseError error) =>
        TryParseCore(CodeUnits.Of(text), out pattern, out error);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out MxPattern)"/>
    /// <param name="utf8Text">The pattern alone, as ASCII bytes.</param>
    /// <param name="pattern">The pattern, or <c>default</c>.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out MxPattern pattern) => TryParse(utf8Text, out pattern, out _);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out MxPattern, out ParseError)"/>
    /// <param name="utf8Text">The pattern alone, as ASCII bytes.</param>
    /// <param name="pattern">The pattern, or <c>default</c>.</param>
    /// <param name="error">The first rule that the text breaks, or <c>default</c>.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out MxPattern pattern, out ParseError error) =>
        TryParseCore(utf8Text, out pattern, out error);

    /// <summary>Tells whether a candidate MX host is meant by this pattern.</summary>
    /// <param name="mxHost">
    /// The name from the MX record, in any letter case, with or without the trailing dot of the root. Labels that carry non-ASCII are turned
    /// into A-labels; a host with a label that has none matches nothing.
    /// </param>
    /// <returns>Whether the host matches.</returns>
    /// <remarks>RFC 8461, Section 4.1. The host is compared, not validated; its certificate is a question of its own (Section 4.2).</remarks>
    public bool Matches(ReadOnlySpan<char> mxHost)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        return MatchesName(name) || (HostName.TryGetALabels(name, out string? ascii) && MatchesName(ascii));
    }

    /// <summary>The pattern as text, in lower case; empty for <c>default</c>.</summary>
    public override string ToString() => string.Create(IsWildcard ? _entry.Length + 1 : _entry.Length, this, static (text, pattern) => pattern.TryFormat(text, out _));

    /// <summary>Writes the pattern, in lower case.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="charsWritten">The number of characters written; 0 if the destination is too short.</param>
    /// <returns>Whether the destination was long enough.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        TextWriter<ushort> writer = new(CodeUnits.Of(destination));
        Write(ref writer);
        return writer.TryFinish(out charsWritten);
    }

    /// <summary>Writes the pattern as ASCII bytes, in lower case.</summary>
    /// <param name="utf8Destination">Where to.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 if the destination is too short.</param>
    /// <returns>Whether the destination was long enough.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten)
    {
        TextWriter<byte> writer = new(utf8Destination);
        Write(ref writer);
        return writer.TryFinish(out bytesWritten);
    }

    /// <inheritdoc/>
    public bool Equals(MxPattern other) => IsWildcard == other.IsWildcard && MatchText.SequenceEqual(other.MatchText);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is MxPattern other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(MatchText);
        return hash.ToHashCode();
    }

    // A pattern has one text form in every culture: provider and format are ignored.
    static MxPattern IParsable<MxPattern>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<MxPattern>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MxPattern result) =>
        TryParse(s.AsSpan(), out result);

    static MxPattern ISpanParsable<MxPattern>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<MxPattern>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MxPattern result) =>
        TryParse(s, out result);

    static MxPattern IUtf8SpanParsable<MxPattern>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<MxPattern>.TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out MxPattern result) =>
        TryParse(utf8Text, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    internal void Write<T>(ref TextWriter<T> writer)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (IsWildcard)
        {
            writer.Append("*"u8);
        }

        writer.Append(MatchText);
    }

    private static bool TryParseCore<T>(ReadOnlySpan<T> text, out MxPattern pattern, out ParseError error)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<byte> lower = stackalloc byte[MxPatternSyntax.MaxLength];
        if (text.Length > lower.Length || !MxPatternSyntax.TryRead(text, lower, out bool isWildcard, out int length))
        {
            pattern = default;
            (ParseErrorCode code, Range place) = MxPatternSyntax.Check(text);
            ParseError.InLine(code, text, place, out error);
            return false;
        }

        pattern = new(lower[..length].ToArray(), new MxEntry(0, isWildcard, length));
        error = default;
        return true;
    }

    private bool MatchesName(ReadOnlySpan<char> name) => IsWildcard
        ? MxHost.HasParent(name, MatchText)
        : _buffer is not null && HostName.EqualsIgnoreCase(MatchText, name);
}
