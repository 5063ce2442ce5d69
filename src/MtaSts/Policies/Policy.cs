using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace MtaSts;

/// <summary>
/// Represents an MTA-STS policy: the MX hosts and TLS that a domain requires of senders (RFC 8461 section 3.2).
/// </summary>
/// <remarks>
/// <para>A policy is parsed from a policy file (<see cref="TryParse(ReadOnlySpan{byte}, out Policy, out ParseError)"/>)
/// or created from its parts. A file is accepted or rejected as a whole. It must follow the grammar, except for
/// <see cref="MtaSts.Deviations"/>, and have at most 65,536 bytes of UTF-8. Of a duplicated field other than <c>mx</c>,
/// the first one counts.</para>
/// <para>Two policies are equal if mode, maximum age, patterns and extensions are equal, in the same order. The text of
/// their files does not matter.</para>
/// <para>Immutable, and safe for use by several threads.</para>
/// </remarks>
/// <example>
/// <code>
/// Policy policy = Policy.Parse("version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n");
/// Decision decision = Sts.Enforce(policy, "mx1.example.net"); // Verdict.Allow, RequiresTls
/// </code>
/// </example>
public sealed class Policy : IEquatable<Policy>, ISpanParsable<Policy>, IUtf8SpanParsable<Policy>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>
    /// The largest accepted policy file, in bytes of UTF-8: 65,536, as RFC 8461 section 3.3 suggests.
    /// </summary>
    public const int MaxSize = 65_536;

    /// <summary>The largest <c>max_age</c>, in seconds.</summary>
    internal const uint MaxAgeLimit = 31_557_600;

    // Caches hold policies by the hundred thousand: these fields take 24 bytes.
    private readonly MxPatternSet _mx;
    private readonly ReadOnlyCollection<KeyValuePair<string, string>> _extensions;
    private readonly uint _maxAge;
    private readonly byte _mode;
    private readonly byte _deviations;

    /// <summary>Creates a policy from its parts, without extensions.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="maxAge">The maximum age: whole seconds from 0 to <see cref="LongestMaxAge"/>.</param>
    /// <param name="mx">
    /// The MX patterns, in file order. At least one is needed unless the mode is <see cref="PolicyMode.None"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="mx"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="mode"/> is not a defined value, or <paramref name="maxAge"/> is not a whole number of seconds in
    /// its range.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="mx"/> is empty although the mode needs a pattern, it contains <c>default</c>, or the file would
    /// be over <see cref="MaxSize"/>.
    /// </exception>
    public Policy(PolicyMode mode, TimeSpan maxAge, IEnumerable<MxPattern> mx)
        : this(ValidMode(mode), ValidMaxAge(maxAge), ValidPatterns(mx), default(ExtensionFields).ToList(), Deviations.None) =>
        ThrowIfNotAFile(nameof(mx));

    // The caller has validated everything.
    internal Policy(
        PolicyMode mode, uint maxAge, MxPatternSet mx, ReadOnlyCollection<KeyValuePair<string, string>> extensions, Deviations deviations)
    {
        _mode = (byte)mode;
        _maxAge = maxAge;
        _mx = mx;
        _extensions = extensions;
        _deviations = (byte)deviations;
    }

    /// <summary>
    /// The longest <see cref="MaxAge"/> of a policy: 31,557,600 seconds, which is a year (RFC 8461 section 3.2).
    /// </summary>
    public static TimeSpan LongestMaxAge => TimeSpan.FromSeconds(MaxAgeLimit);

    /// <summary>The mode: how a sender treats an MX host that fails validation.</summary>
    public PolicyMode Mode => (PolicyMode)_mode;

    /// <summary>
    /// The time for which a sender may cache the policy, counted from its last fetch over HTTPS: 0 to 31,557,600
    /// seconds.
    /// </summary>
    public TimeSpan MaxAge => TimeSpan.FromSeconds(_maxAge);

    /// <summary>The MX patterns in file order, including duplicates.</summary>
    public MxPatternList Mx => new(_mx);

    /// <summary>
    /// The fields that RFC 8461 does not define, as name and value, in file order; the first of each name.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions => _extensions;

    /// <summary>
    /// The deviations of the file from the grammar; <see cref="Deviations.None"/> for a policy created from its parts.
    /// </summary>
    public Deviations Deviations => (Deviations)_deviations;

    /// <summary>The policy as a few words of printable ASCII for a log.</summary>
    internal string Summary =>
        string.Create(CultureInfo.InvariantCulture, $"mode {PolicyFormatter.Modes[_mode]}, {Mx.Count} mx, max_age {_maxAge}");

    /// <summary>Determines whether two policies are equal.</summary>
    public static bool operator ==(Policy? left, Policy? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Determines whether two policies differ in mode, maximum age, patterns or extensions.</summary>
    public static bool operator !=(Policy? left, Policy? right) => !(left == right);

    /// <summary>Parses a policy file.</summary>
    /// <param name="text">The whole file, with or without a byte order mark (U+FEFF).</param>
    /// <returns>
    /// The policy. Its <see cref="Deviations"/> are <see cref="Deviations.None"/> if the file follows the grammar
    /// strictly.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="MtaStsFormatException">
    /// <paramref name="text"/> is not a valid policy; the exception has the error.
    /// </exception>
    [OverloadResolutionPriority(1)] // A null literal is a text, not UTF-8.
    public static Policy Parse(string text) => Parse((text ?? throw new ArgumentNullException(nameof(text))).AsSpan());

    /// <inheritdoc cref="Parse(string)"/>
    public static Policy Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Policy? policy, out ParseError error) ? policy : throw new MtaStsFormatException(error);

    /// <summary>Parses a policy file.</summary>
    /// <param name="utf8Text">The whole file: the body of the HTTP response, with or without a byte order mark.</param>
    /// <returns>
    /// The policy. Its <see cref="Deviations"/> are <see cref="Deviations.None"/> if the file follows the grammar
    /// strictly.
    /// </returns>
    /// <exception cref="MtaStsFormatException">
    /// <paramref name="utf8Text"/> is not a valid policy; the exception has the error.
    /// </exception>
    public static Policy Parse(ReadOnlySpan<byte> utf8Text) =>
        TryParse(utf8Text, out Policy? policy, out ParseError error) ? policy : throw new MtaStsFormatException(error);

    /// <summary>Tries to parse a policy file. Never throws.</summary>
    /// <param name="text">
    /// The whole file, with or without a byte order mark (U+FEFF). <see langword="null"/> is not a policy.
    /// </param>
    /// <param name="policy">The policy; null if the text is not a valid policy.</param>
    /// <returns><see langword="true"/> if the text is a valid policy; otherwise, <see langword="false"/>.</returns>
    [OverloadResolutionPriority(1)]
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Policy? policy) =>
        TryParse(text, out policy, out _);

    /// <summary>
    /// Tries to parse a policy file and returns the first rule that an invalid text breaks. Never throws.
    /// </summary>
    /// <param name="text">
    /// The whole file, with or without a byte order mark (U+FEFF). <see langword="null"/> is not a policy.
    /// </param>
    /// <param name="policy">The policy; null if the text is not a valid policy.</param>
    /// <param name="error">The first rule that the text breaks; <c>default</c> if the text is a valid policy.</param>
    /// <returns><see langword="true"/> if the text is a valid policy; otherwise, <see langword="false"/>.</returns>
    [OverloadResolutionPriority(1)]
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Policy? policy, out ParseError error) =>
        TryParse(text.AsSpan(), out policy, out error);

    /// <inheritdoc cref="TryParse(string, out Policy)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Policy? policy) => TryParse(text, out policy, out _);

    /// <inheritdoc cref="TryParse(string, out Policy, out ParseError)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Policy? policy, out ParseError error) =>
        (policy = PolicyParser<ushort>.Parse(CodeUnits.Of(text), out error)) is not null;

    /// <summary>Tries to parse a policy file. Never throws.</summary>
    /// <param name="utf8Text">The whole file: the body of the HTTP response, with or without a byte order mark.</param>
    /// <param name="policy">The policy; null if the text is not a valid policy.</param>
    /// <returns><see langword="true"/> if the text is a valid policy; otherwise, <see langword="false"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out Policy? policy) =>
        TryParse(utf8Text, out policy, out _);

    /// <summary>
    /// Tries to parse a policy file and returns the first rule that an invalid text breaks. Never throws.
    /// </summary>
    /// <param name="utf8Text">The whole file: the body of the HTTP response, with or without a byte order mark.</param>
    /// <param name="policy">The policy; null if the text is not a valid policy.</param>
    /// <param name="error">The first rule that the text breaks; <c>default</c> if the text is a valid policy.</param>
    /// <returns><see langword="true"/> if the text is a valid policy; otherwise, <see langword="false"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out Policy? policy, out ParseError error) =>
        (policy = PolicyParser<byte>.Parse(utf8Text, out error)) is not null;

    /// <summary>Determines whether a pattern of the policy matches an MX host name, in any mode.</summary>
    /// <param name="mxHost"><inheritdoc cref="MxPattern.Matches(ReadOnlySpan{char})" path="/param"/></param>
    /// <returns><see langword="true"/> if a pattern matches; otherwise, <see langword="false"/>.</returns>
    /// <remarks>
    /// RFC 8461 section 4.1. To decide on a delivery, call <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char})"/>,
    /// which considers the mode.
    /// </remarks>
    public bool Matches(ReadOnlySpan<char> mxHost) => TryMatch(mxHost, out _);

    /// <summary>Finds the pattern that matches an MX host name, in any mode.</summary>
    /// <param name="mxHost"><inheritdoc cref="MxPattern.Matches(ReadOnlySpan{char})" path="/param"/></param>
    /// <param name="pattern">The first matching pattern in file order; <c>default</c> if no pattern matches.</param>
    /// <returns><see langword="true"/> if a pattern matches; otherwise, <see langword="false"/>.</returns>
    /// <remarks>
    /// RFC 8461 section 4.1. Allocates nothing, with two exceptions: a host with non-ASCII characters, and the index
    /// at the first search of more than 16 patterns.
    /// </remarks>
    public bool TryMatch(ReadOnlySpan<char> mxHost, out MxPattern pattern) => _mx.TryMatch(mxHost, out pattern);

    /// <summary>Creates a copy of this policy with another mode, such as to go from testing to enforce.</summary>
    /// <param name="mode">The new mode.</param>
    /// <returns>A policy with the maximum age, patterns and extensions of this one, and without deviations.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not a defined value.</exception>
    /// <exception cref="ArgumentException">
    /// The policy has no pattern although <paramref name="mode"/> needs one, or the file would be over
    /// <see cref="MaxSize"/>.
    /// </exception>
    public Policy WithMode(PolicyMode mode) =>
        new Policy(ValidMode(mode), _maxAge, _mx, _extensions, Deviations.None).ThrowIfNotAFile(nameof(mode));

    /// <summary>
    /// Creates a copy of this policy with another maximum age, such as to lengthen it once the policy has proven
    /// itself.
    /// </summary>
    /// <param name="maxAge">The new maximum age: whole seconds from 0 to <see cref="LongestMaxAge"/>.</param>
    /// <returns>A policy with the mode, patterns and extensions of this one, and without deviations.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maxAge"/> is not a whole number of seconds in its range.
    /// </exception>
    /// <exception cref="ArgumentException">The file would be over <see cref="MaxSize"/>.</exception>
    public Policy WithMaxAge(TimeSpan maxAge) =>
        new Policy(Mode, ValidMaxAge(maxAge), _mx, _extensions, Deviations.None).ThrowIfNotAFile(nameof(maxAge));

    /// <summary>
    /// Creates a copy of this policy with other MX patterns, such as to add a host before it goes into the DNS.
    /// </summary>
    /// <param name="mx">
    /// The new patterns, in file order. At least one is needed unless the mode is <see cref="PolicyMode.None"/>.
    /// </param>
    /// <returns>A policy with the mode, maximum age and extensions of this one, and without deviations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="mx"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="mx"/> is empty although the mode needs a pattern, it contains <c>default</c>, or the file would
    /// be over <see cref="MaxSize"/>.
    /// </exception>
    public Policy WithMx(IEnumerable<MxPattern> mx) =>
        new Policy(Mode, _maxAge, ValidPatterns(mx), _extensions, Deviations.None).ThrowIfNotAFile(nameof(mx));

    /// <summary>
    /// Creates the TXT record to publish with this policy. Equal policies get equal ids; different policies get
    /// different ids.
    /// </summary>
    /// <returns>A record without extensions.</returns>
    /// <remarks>
    /// The id has 32 lower-case hexadecimal digits: the first 16 bytes of the SHA-256 of the canonical file
    /// (<see cref="TryFormat(Span{byte}, out int)"/>). It is the same on every platform and in every version of this
    /// library. A policy that is published again gets its earlier id; senders only check whether the id changed.
    /// </remarks>
    public StsRecord CreateRecord()
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(ToString()));
        return new(Convert.ToHexString(hash, 0, StsRecord.MaxIdLength / 2).ToLowerInvariant());
    }

    /// <summary>Returns the policy file in canonical form: several lines, for a file and not for a log.</summary>
    /// <returns>
    /// The version, the mode, the <c>mx</c> lines, the <c>max_age</c> and the extensions, in this order. CRLF ends each
    /// line. If that is over <see cref="MaxSize"/>, the text is compact instead: without optional whitespace, with LF
    /// between the lines; this form always fits.
    /// </returns>
    public override string ToString() => PolicyFormatter.Format(this);

    /// <summary>Writes the policy file in its canonical form, as <see cref="ToString"/> returns it.</summary>
    /// <param name="destination">The destination. <see cref="MaxSize"/> characters are always enough.</param>
    /// <param name="charsWritten">The number of characters written; 0 if the destination is too short.</param>
    /// <returns>
    /// <see langword="true"/> if the destination was long enough; otherwise, <see langword="false"/>.
    /// </returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => destination.TryWrite($"{ToString()}", out charsWritten);

    /// <summary>Writes the policy file in its canonical form, as <see cref="ToString"/> returns it, in UTF-8.</summary>
    /// <param name="utf8Destination">The destination. <see cref="MaxSize"/> bytes are always enough.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 if the destination is too short.</param>
    /// <returns>
    /// <see langword="true"/> if the destination was long enough; otherwise, <see langword="false"/>.
    /// </returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten) =>
        Encoding.UTF8.TryGetBytes(ToString(), utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] Policy? other) => other is not null
        && Mode == other.Mode
        && _maxAge == other._maxAge
        && _mx.HasSamePatterns(other._mx)
        && _extensions.SequenceEqual(other._extensions);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Policy);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, _maxAge, _mx.HashPatterns());

    // A policy has one text form in every culture: provider and format are ignored.
    static Policy IParsable<Policy>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Policy>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Policy result) =>
        TryParse(s, out result);

    static Policy ISpanParsable<Policy>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<Policy>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Policy result) =>
        TryParse(s, out result);

    static Policy IUtf8SpanParsable<Policy>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<Policy>.TryParse(
        ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out Policy result) =>
        TryParse(utf8Text, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    /// <summary>
    /// Creates a copy with other extensions and deviations. The caller makes sure that a file can contain them.
    /// </summary>
    internal Policy With(ReadOnlyCollection<KeyValuePair<string, string>> extensions, Deviations deviations) =>
        new(Mode, _maxAge, _mx, extensions, deviations);

    private static PolicyMode ValidMode(PolicyMode mode) =>
        Enum.IsDefined(mode) ? mode : throw ThrowHelper.Undefined(mode);

    private static uint ValidMaxAge(TimeSpan maxAge) =>
        maxAge >= TimeSpan.Zero && maxAge <= LongestMaxAge && maxAge.Ticks % TimeSpan.TicksPerSecond == 0
            ? (uint)(maxAge.Ticks / TimeSpan.TicksPerSecond)
            : throw new ArgumentOutOfRangeException(
                nameof(maxAge), maxAge, $"The max_age is not a whole number of seconds from 0 to {MaxAgeLimit}.");

    private static MxPatternSet ValidPatterns(IEnumerable<MxPattern> mx)
    {
        ArgumentNullException.ThrowIfNull(mx);
        MxPattern[] patterns = [.. mx];
        if (patterns.Contains(default))
        {
            throw new ArgumentException("default(MxPattern) is not a valid pattern.", nameof(mx));
        }

        // A pattern takes more bytes in the file than in the set, whose offsets end at 8 MiB.
        long textLength = patterns.Sum(static pattern => (long)pattern.MatchText.Length);
        return textLength <= MaxSize ? MxPatternSet.Create(patterns, (int)textLength) : throw TooLarge(nameof(mx));
    }

    private static ArgumentException TooLarge(string parameter) => new($"The policy file would be over {MaxSize} bytes.", parameter);

    private Policy ThrowIfNotAFile(string parameter) =>
        Mx.Count == 0 && Mode is not PolicyMode.None
            ? throw new ArgumentException("A policy needs at least one MX pattern unless its mode is none.", parameter)
        : Encoding.UTF8.GetByteCount(ToString()) > MaxSize ? throw TooLarge(parameter)
        : this;
}
