using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace MtaSts;

/// <summary>The TXT record at <c>_mta-sts</c> of a domain, which says that the domain has a policy, and which (RFC 8461, Section 3.1).</summary>
/// <remarks>
/// <para>Accepts exactly what the grammar accepts: a malformed record MUST count as none, so there is no tolerance. To judge the whole
/// answer of a look-up, which may hold other records and records in several strings, use <see cref="TxtAnswer"/>.</para>
/// <para>Two records are equal when id and extensions are, letter case included. Immutable, and safe for use by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// StsRecord record = StsRecord.Parse("v=STSv1; id=20160831085700Z;");
/// string id = record.Id; // 20160831085700Z
/// </code>
/// </example>
public sealed class StsRecord : IEquatable<StsRecord>, ISpanParsable<StsRecord>, IUtf8SpanParsable<StsRecord>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The length of the longest id.</summary>
    internal const int MaxIdLength = 32;

    private readonly ReadOnlyCollection<KeyValuePair<string, string>> _extensions;

    /// <summary>Creates a record without extensions.</summary>
    /// <param name="id">What tells this policy from its predecessors: 1 to 32 ASCII letters and digits.</param>
    /// <exception cref="ArgumentNullException">The id is null.</exception>
    /// <exception cref="ArgumentException">The id is empty, too long, or holds something other than ASCII letters and digits.</exception>
    public StsRecord(string id)
        : this(ValidId(id), ReadOnlyCollection<KeyValuePair<string, string>>.Empty)
    {
    }

    // The parser has validated everything.
    internal StsRecord(string id, ReadOnlyCollection<KeyValuePair<string, string>> extensions)
    {
        Id = id;
        _extensions = extensions;
    }

    /// <summary>What tells this policy from its predecessors: 1 to 32 ASCII letters and digits. Ids have no order.</summary>
    public string Id { get; }

    /// <summary>The fields that RFC 8461 does not know, as name and value, in their order; the first of each name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions => _extensions;

    /// <summary>Whether two records say the same.</summary>
    public static bool operator ==(StsRecord? left, StsRecord? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two records differ in id or extensions.</summary>
    public static bool operator !=(StsRecord? left, StsRecord? right) => !(left == right);

    /// <summary>The record to publish for a policy that changes at a given time, such as <c>v=STSv1; id=20260831T085700Z</c>.</summary>
    /// <param name="time">The time of the change. The id has it in UTC and whole seconds: of two changes in one second, the later needs a later time.</param>
    /// <returns>A record without extensions.</returns>
    public static StsRecord At(DateTimeOffset time) => new(time.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));

    /// <summary>Reads a record.</summary>
    /// <param name="text">The whole record, its strings joined.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <exception cref="MtaStsFormatException">The text is no record of MTA-STS; the exception says why.</exception>
    public static StsRecord Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static StsRecord Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out StsRecord? record, out ParseError error) ? record : throw new MtaStsFormatException(error);

    /// <summary>Reads a record.</summary>
    /// <param name="utf8Text">The whole record, its strings joined.</param>
    /// <returns>The record.</returns>
    /// <exception cref="MtaStsFormatException">The text is no record of MTA-STS; the exception says why.</exception>
    public static StsRecord Parse(ReadOnlySpan<byte> utf8Text) =>
        TryParse(utf8Text, out StsRecord? record, out ParseError error) ? record : throw new MtaStsFormatException(error);

    /// <summary>Reads a record without ever throwing.</summary>
    /// <param name="text">The whole record, its strings joined.</param>
    /// <param name="record">The record, or null.</param>
    /// <returns>Whether the text is a record of MTA-STS.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out StsRecord? record) =>
        (record = RecordParser<ushort>.Parse(CodeUnits.Of(text))) is not null;

    /// <summary>Reads a record without ever throwing, and tells what is wrong with a text that is none.</summary>
    /// <param name="text">The whole record, its strings joined.</param>
    /// <param name="record">The record, or null.</param>
    /// <param name="error">The first rule that the text breaks, or <c>default</c>.</param>
    /// <returns>Whether the text is a record of MTA-STS.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out StsRecord? record, out ParseError error) =>
        (record = RecordParser<ushort>.Parse(CodeUnits.Of(text), out error)) is not null;

    /// <summary>Reads a record without ever throwing.</summary>
    /// <param name="utf8Text">The whole record, its strings joined.</param>
    /// <param name="record">The record, or null.</param>
    /// <returns>Whether the text is a record of MTA-STS.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out StsRecord? record) =>
        (record = RecordParser<byte>.Parse(utf8Text)) is not null;

    /// <summary>Reads a record without ever throwing, and tells what is wrong with a text that is none.</summary>
    /// <param name="utf8Text">The whole record, its strings joined.</param>
    /// <param name="record">The record, or null.</param>
    /// <param name="error">The first rule that the text breaks, or <c>default</c>.</param>
    /// <returns>Whether the text is a record of MTA-STS.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out StsRecord? record, out ParseError error) =>
        (record = RecordParser<byte>.Parse(utf8Text, out error)) is not null;

    /// <summary>The record as text: <c>v=STSv1; id=a; more=b</c>, without a closing semicolon. It parses to an equal record.</summary>
    public override string ToString()
    {
        TextWriter<ushort> measure = default;
        Write(ref measure);
        return string.Create(measure.Length, this, static (text, record) => record.TryFormat(text, out _));
    }

    /// <summary>Writes the record as <see cref="ToString"/> gives it.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="charsWritten">The number of characters written; 0 if the destination is too short.</param>
    /// <returns>Whether the destination was long enough.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        TextWriter<ushort> writer = new(CodeUnits.Of(destination));
        Write(ref writer);
        return writer.TryFinish(out charsWritten);
    }

    /// <summary>Writes the record as <see cref="ToString"/> gives it, as ASCII bytes.</summary>
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
    public bool Equals([NotNullWhen(true)] StsRecord? other) =>
        other is not null && Id == other.Id && _extensions.SequenceEqual(other._extensions);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as StsRecord);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    // A record has one text form in every culture: provider and format are ignored.
    static StsRecord IParsable<StsRecord>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<StsRecord>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out StsRecord result) =>
        TryParse(s.AsSpan(), out result);

    static StsRecord ISpanParsable<StsRecord>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<StsRecord>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out StsRecord result) =>
        TryParse(s, out result);

    static StsRecord IUtf8SpanParsable<StsRecord>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<StsRecord>.TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out StsRecord result) =>
        TryParse(utf8Text, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    internal static string ValidId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return RecordParser<ushort>.IsId(CodeUnits.Of(id))
            ? id
            : throw new ArgumentException("An id is 1 to 32 ASCII letters and digits (RFC 8461, Section 3.1).", nameof(id));
    }

    private void Write<T>(ref TextWriter<T> writer)
        where T : unmanaged, IBinaryInteger<T>
    {
        writer.Append("v=STSv1; id="u8);
        writer.Append(Id);
        for (int i = 0; i < _extensions.Count; i++)
        {
            (string name, string value) = _extensions[i];
            writer.Append("; "u8);
            writer.Append(name);
            writer.Append("="u8);
            writer.Append(value);
        }
    }
}
