using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Represents one <c>mx</c> value of a policy: a host name, or <c>*.</c> followed by a domain name.</summary>
/// <remarks>
/// <para>RFC 8461 sections 3.2 and 4.1: <c>["*."] Domain</c>. Each label has 1 to 63 ASCII letters, digits and inner
/// hyphens. The name, without <c>*.</c>, has at most 253 octets. International names are written in A-labels
/// (<c>xn--</c>).</para>
/// <para>Two patterns are equal if they differ at most in ASCII letter case. <c>default</c> is the empty pattern: it
/// matches nothing, and its text is empty. An immutable value, safe for use by several threads. A pattern of a policy
/// keeps all patterns of that policy in memory.</para>
/// </remarks>
/// <example>
/// <c>*.example.com</c> matches <c>mail.example.com</c>, but neither <c>example.com</c> nor <c>a.b.example.com</c>.
/// </example>
public readonly record struct MxPattern :
    ISpanParsable<MxPattern>, IUtf8SpanParsable<MxPattern>, ISpanFormattable, IUtf8SpanFormattable
{
    private readonly byte[]? _buffer; // Null only in default(MxPattern).
    private readonly MxEntry _entry;

    // The caller has validated and lower-cased the text, which for a wildcard is that after the asterisk.
    internal MxPattern(byte[] buffer, MxEntry entry) => (_buffer, _entry) = (buffer, entry);

    /// <summary>
    /// Indicates whether the pattern begins with <c>*.</c>, and so matches any one label in that place.
    /// </summary>
    public bool IsWildcard => _entry.IsWildcard;

    /// <summary>
    /// The text that a host must equal; for a wildcard, the text that must follow the first label, with its dot.
    /// </summary>
    internal ReadOnlySpan<byte> MatchText => _buffer.AsSpan(_entry.Start, _entry.Length);

    private int TextLength => IsWildcard ? _entry.Length + 1 : _entry.Length;

    /// <summary>Parses a pattern.</summary>
    /// <param name="text">The pattern alone, without whitespace and without a trailing dot, in any letter case.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="MtaStsFormatException">
    /// <paramref name="text"/> is not a valid pattern; the exception has the error.
    /// </exception>
    [OverloadResolutionPriority(1)] // A null literal is a text, not UTF-8.
    public static MxPattern Parse(string text) => Parse((text ?? throw new ArgumentNullException(nameof(text))).AsSpan());

    /// <inheritdoc cref="Parse(string)"/>
    public static MxPattern Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out MxPattern pattern, out ParseError error) ? pattern : throw new MtaStsFormatException(error);

    /// <summary>Parses a pattern.</summary>
    /// <param name="utf8Text">
    /// The pattern alone, as ASCII bytes, without whitespace and without a trailing dot, in any letter case.
    /// </param>
    /// <returns>The pattern.</returns>
    /// <exception cref="MtaStsFormatException">
    /// <paramref name="utf8Text"/> is not a valid pattern; the exception has the error.
    /// </exception>
    public static MxPattern Parse(ReadOnlySpan<byte> utf8Text) =>
        TryParse(utf8Text, out MxPattern pattern, out ParseError error) ? pattern : throw new MtaStsFormatException(error);

    /// <summary>Tries to parse a pattern. Never throws.</summary>
    /// <param name="text">
    /// The pattern alone, without whitespace and without a trailing dot, in any letter case. <see langword="null"/> is
    /// not a pattern.
    /// </param>
    /// <param name="pattern">The pattern; <c>default</c> if the text is not a valid pattern.</param>
    /// <returns><see langword="true"/> if the text is a valid pattern; otherwise, <see langword="false"/>.</returns>
    [OverloadResolutionPriority(1)]
    public static bool TryParse([NotNullWhen(true)] string? text, out MxPattern pattern) => TryParse(text, out pattern, out _);

    /// <summary>
    /// Tries to parse a pattern and returns the first rule that an invalid text breaks. Never throws.
    /// </summary>
    /// <param name="text">
    /// The pattern alone, without whitespace and without a trailing dot, in any letter case. <see langword="null"/> is
    /// not a pattern.
    /// </param>
    /// <param name="pattern">The pattern; <c>default</c> if the text is not a valid pattern.</param>
    /// <param name="error">The first rule that the text breaks; <c>default</c> if the text is a valid pattern.</param>
    /// <returns><see langword="true"/> if the text is a valid pattern; otherwise, <see langword="false"/>.</returns>
    [OverloadResolutionPriority(1)]
    public static bool TryParse([NotNullWhen(true)] string? text, out MxPattern pattern, out ParseError error) =>
        TryParse(text.AsSpan(), out pattern, out error);

    /// <inheritdoc cref="TryParse(string, out MxPattern)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out MxPattern pattern) => TryParse(text, out pattern, out _);

    /// <inheritdoc cref="TryParse(string, out MxPattern, out ParseError)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out MxPattern pattern, out ParseError error) =>
        TryParseCore(CodeUnits.Of(text), out pattern, out error);

    /// <inheritdoc cref="TryParse(string, out MxPattern)"/>
    /// <param name="utf8Text">
    /// The pattern alone, as ASCII bytes, without whitespace and without a trailing dot, in any letter case.
    /// </param>
    /// <param name="pattern">The pattern; <c>default</c> if the text is not a valid pattern.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out MxPattern pattern) => TryParse(utf8Text, out pattern, out _);

    /// <inheritdoc cref="TryParse(string, out MxPattern, out ParseError)"/>
    /// <param name="utf8Text">
    /// The pattern alone, as ASCII bytes, without whitespace and without a trailing dot, in any letter case.
    /// </param>
    /// <param name="pattern">The pattern; <c>default</c> if the text is not a valid pattern.</param>
    /// <param name="error">The first rule that the text breaks; <c>default</c> if the text is a valid pattern.</param>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, out MxPattern pattern, out ParseError error) =>
        TryParseCore(utf8Text, out pattern, out error);

    /// <summary>Determines whether this pattern matches an MX host name.</summary>
    /// <param name="mxHost">
    /// The name from the MX record, in any letter case, with or without the trailing dot of the root. Labels with
    /// non-ASCII characters are converted to A-labels; a host with a label that has no A-label matches nothing.
    /// </param>
    /// <returns><see langword="true"/> if the host matches; otherwise, <see langword="false"/>.</returns>
    /// <remarks>
    /// RFC 8461 section 4.1. The host is compared, not validated. Its certificate is checked separately (RFC 8461
    /// section 4.2).
    /// </remarks>
    public bool Matches(ReadOnlySpan<char> mxHost)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        return MatchesName(name) || (HostName.TryGetALabels(name, out string? ascii) && MatchesName(ascii));
    }

    /// <summary>Returns the pattern in lower case; an empty text for <c>default</c>.</summary>
    public override string ToString() => string.Create(TextLength, this, static (text, pattern) => pattern.TryFormat(text, out _));

    /// <summary>Writes the pattern in lower case.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="charsWritten">The number of characters written; 0 if the destination is too short.</param>
    /// <returns>
    /// <see langword="true"/> if the destination was long enough; otherwise, <see langword="false"/>.
    /// </returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => TryFormatCore(CodeUnits.Of(destination), out charsWritten);

    /// <summary>Writes the pattern in lower case, as ASCII bytes.</summary>
    /// <param name="utf8Destination">The destination.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 if the destination is too short.</param>
    /// <returns>
    /// <see langword="true"/> if the destination was long enough; otherwise, <see langword="false"/>.
    /// </returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten) => TryFormatCore(utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    public bool Equals(MxPattern other) => IsWildcard == other.IsWildcard && MatchText.SequenceEqual(other.MatchText);

    /// <inheritdoc/>
    public override int GetHashCode() => NameHash.Compute(MatchText);

    // A pattern has one text form in every culture: provider and format are ignored.
    static MxPattern IParsable<MxPattern>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<MxPattern>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MxPattern result) =>
        TryParse(s, out result);

    static MxPattern ISpanParsable<MxPattern>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<MxPattern>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out MxPattern result) =>
        TryParse(s, out result);

    static MxPattern IUtf8SpanParsable<MxPattern>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<MxPattern>.TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out MxPattern result) =>
        TryParse(utf8Text, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    private static bool TryParseCore<T>(ReadOnlySpan<T> text, out MxPattern pattern, out ParseError error)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<byte> lower = stackalloc byte[MxPatternSyntax.MaxLength];
        if (text.Length > lower.Length || !MxPatternSyntax.TryParse(text, lower, out bool isWildcard, out int length))
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
        : _buffer is not null && VectorNames.EqualsIgnoreCase(MatchText, name);

    private bool TryFormatCore<T>(Span<T> destination, out int written)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool fits = destination.Length >= TextLength;
        written = fits ? TextLength : 0;
        for (int i = 0; i < written; i++)
        {
            int unit = i - (TextLength - _entry.Length);
            destination[i] = T.CreateTruncating(unit < 0 ? (byte)'*' : MatchText[unit]);
        }

        return fits;
    }
}
