using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>
/// Represents the TXT record at <c>_mta-sts</c> of a domain, which announces the domain's policy and its id (RFC 8461
/// section 3.1).
/// </summary>
/// <remarks>
/// <para>Accepts exactly what the grammar accepts: an invalid record MUST be treated as if there were no record. A DNS
/// answer may hold other records, and records in several character-strings: parse it with
/// <see cref="TxtAnswer"/>.</para>
/// <para>Two records are equal if their ids and extensions are equal, including letter case. Immutable and safe for use
/// by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// StsRecord record = StsRecord.Parse("v=STSv1; id=20160831085700Z;");
/// string id = record.Id; // 20160831085700Z
/// </code>
/// </example>
public sealed class StsRecord : IEquatable<StsRecord>,
    ISpanParsable<StsRecord>, IUtf8SpanParsable<StsRecord>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The length of the longest id.</summary>
    internal const int MaxIdLength = 32;

    private readonly ReadOnlyCollection<KeyValuePair<string, string>> _extensions;

    /// <summary>Creates a record without extensions.</summary>
    /// <param name="id">
    /// The id of the policy: 1 to 32 ASCII letters and digits. Each new policy of the domain needs a new id.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="id"/> is not 1 to 32 ASCII letters and digits.</exception>
    public StsRecord(string id)
        : this(ValidId(id), ReadOnlyCollection<KeyValuePair<string, string>>.Empty)
    {
    }

    // The parser has validated everything.
    internal StsRecord(string id, ReadOnlyCollection<KeyValuePair<string, string>> extensions) => (Id, _extensions) = (id, extensions);

    /// <summary>The id of the current policy: 1 to 32 ASCII letters and digits. Ids have no order.</summary>
    public string Id { get; }

    /// <summary>
    /// The names and values of the fields that RFC 8461 does not define, in their order. Only the first field of a name
    /// is kept.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions => _extensions;

    /// <summary>Determines whether two records are equal.</summary>
    public static bool operator ==(StsRecord? left, StsRecord? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Determines whether two records differ in id or extensions.</summary>
    public static bool operator !=(StsRecord? left, StsRecord? right) => !(left == right);

    /// <summary>
    /// Creates the record to publish for a policy that changes at a given time, such as
    /// <c>v=STSv1; id=20260831T085700Z</c>.
    /// </summary>
    /// <param name="time">
    /// The time of the change. The id holds it in UTC and whole seconds, so changes within one second get equal ids.
    /// </param>
    /// <returns>A record without extensions.</returns>
    public static StsRecord At(DateTimeOffset time) =>
        new(time.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));

    /// <summary>Parses a record.</summary>
    /// <param name="text">The whole record, its character-strings joined without a space.</param>
    /// <returns>The record.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="MtaStsFormatException"><paramref name="text"/> is not a valid MTA-STS record.</exception>
    [OverloadResolutionPriority(1)] // A null literal is a text, not UTF-8.
    public static StsRecord Parse(string text) => Parse((text ?? throw new ArgumentNullException(nameof(text))).AsSpan());

    /// <inheritdoc cref="Parse(string)"/>
    public static StsRecord Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out StsRecord? record, out ParseError error) ? record : throw new MtaStsFormatException(error);

    /// <summary>Parses a record.</summary>
    /// <param name="utf8Text">The whole record as UTF-8, its character-strings joined without a space.</param>
    /// <returns>The record.</returns>
    /// <exception cref="MtaStsFormatException"><paramref name="utf8Text"/> is not a valid MTA-STS record.</exception>
    public static StsRecord Parse(ReadOnlySpan<byte> utf8Text) =>
        TryParse(utf8Text, out StsRecord? record, out ParseError error) ? record : throw new MtaStsFormatException(error);

    /// <summary>Tries to parse a record. Never throws.</summary>
    /// <param name="text">
    /// The whole record, its character-strings joined without a space. <see langword="null"/> is not a record.
    /// </param>
    /// <param name="record">The record, or null.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="text"/> is a valid record; otherwise, <see langword="false"/>.
    /// </returns>
    [OverloadResolutionPriority(1)]
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out StsRecord? record) =>
        TryParse(text.AsSpan(), out record, out _);

    /// <summary>Tries to parse a record and returns the first rule that an invalid text breaks. Never throws.</summary>
    /// <param name="text"><inheritdoc cref="TryParse(string?, out StsRecord?)" path="/param[@name='text']"/></param>
    /// <param name="record">The record, or null.</param>
    /// <param name="error">The first rule that <paramref name="text"/> breaks, or <c>default</c>.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="text"/> is a valid record; otherwise, <see langword="false"/>.
    /// </returns>
    [OverloadResolutionPriority(1)]
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out StsRecord? record, out ParseError error) =>
        TryParse(text.AsSpan(), out record, out error);

    /// <inheritdoc cref="TryParse(string?, out StsRecord?)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out StsRecord? record) => TryParse(text, out record, out _);

    /// <inheritdoc cref="TryParse(string?, out StsRecord?, out ParseError)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out StsRecord? record, out ParseError error) =>
        (record = RecordParser<ushort>.Parse(CodeUnits.Of(text), out error)) is not null;

    /// <summary>Tries to parse a record. Never throws.</summary>
    /// <param name="utf8Text">The whole record as UTF-8, its character-strings joined without a space.</param>
    /// <param name="record">The record, or null.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="utf8Text"/> is a valid record; otherwise, <see langword="false"/>.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out StsRecord? record) =>
        TryParse(utf8Text, out record, out _);

    /// <summary>Tries to parse a record and returns the first rule that an invalid text breaks. Never throws.</summary>
    /// <param name="utf8Text">The whole record as UTF-8, its character-strings joined without a space.</param>
    /// <param name="record">The record, or null.</param>
    /// <param name="error">The first rule that <paramref name="utf8Text"/> breaks, or <c>default</c>.</param>
    /// <returns>
    /// <see langword="true"/> if <paramref name="utf8Text"/> is a valid record; otherwise, <see langword="false"/>.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out StsRecord? record, out ParseError error) =>
        (record = RecordParser<byte>.Parse(utf8Text, out error)) is not null;

    /// <summary>Returns the record in canonical form, which parses to an equal record.</summary>
    /// <returns>A text such as <c>v=STSv1; id=a; more=b</c>, in ASCII, without a semicolon at the end.</returns>
    public override string ToString() =>
        $"v=STSv1; id={Id}{string.Concat(_extensions.Select(static extension => $"; {extension.Key}={extension.Value}"))}";

    /// <summary>Writes the canonical form, the text that <see cref="ToString"/> returns.</summary>
    /// <param name="destination">The span to write to.</param>
    /// <param name="charsWritten">The number of characters written; 0 if the destination is too short.</param>
    /// <returns>
    /// <see langword="true"/> if the destination was long enough; otherwise, <see langword="false"/>.
    /// </returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => destination.TryWrite($"{ToString()}", out charsWritten);

    /// <summary>Writes the canonical form as ASCII.</summary>
    /// <param name="utf8Destination">The span to write to.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 if the destination is too short.</param>
    /// <returns>
    /// <see langword="true"/> if the destination was long enough; otherwise, <see langword="false"/>.
    /// </returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten) =>
        Encoding.ASCII.TryGetBytes(ToString(), utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] StsRecord? other) =>
        other is not null && Id == other.Id && _extensions.SequenceEqual(other._extensions);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as StsRecord);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    // A record has one text form in every culture: provider and format are ignored.
    static StsRecord IParsable<StsRecord>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<StsRecord>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out StsRecord result) => TryParse(s, out result);

    static StsRecord ISpanParsable<StsRecord>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<StsRecord>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out StsRecord result) => TryParse(s, out result);

    static StsRecord IUtf8SpanParsable<StsRecord>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<StsRecord>.TryParse(
        ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out StsRecord result) =>
        TryParse(utf8Text, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    /// <summary>Returns the id, or throws if it is not an sts-id.</summary>
    internal static string ValidId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return RecordParser<ushort>.IsId(CodeUnits.Of(id))
            ? id
            : throw new ArgumentException(
                $"The id {Escaping.Quote(id)} is not 1 to 32 ASCII letters and digits (RFC 8461 section 3.1).", nameof(id));
    }
}
