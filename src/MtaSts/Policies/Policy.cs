using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace MtaSts;

/// <summary>An MTA-STS policy: what the domain that a message goes to asks of whoever delivers it (RFC 8461, Section 3.2).</summary>
/// <remarks>
/// <para>Read from a policy file (<see cref="TryParse(ReadOnlySpan{byte}, out Policy, out ParseError)"/>) or built from its parts. A file is accepted
/// whole or refused whole: it must be what the grammar allows, give or take <see cref="MtaSts.Deviations"/>, and at most 65,536 bytes of UTF-8. Of a
/// field other than <c>mx</c> that stands there twice, the first counts.</para>
/// <para>Two policies are equal when mode, age, patterns and extensions are, in this order; how their files were written does not matter.</para>
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
    /// <summary>The largest policy file that is accepted, in bytes of UTF-8: 65,536, as Section 3.3 suggests.</summary>
    public const int MaxSize = 65_536;

    /// <summary>The largest <c>max_age</c>, in seconds: 31,557,600, which is a year (Section 3.2).</summary>
    internal const uint MaxAgeLimit = 31_557_600;

    // Most policies are shorter, and never build an index. At worst, with patterns that are all as long as the host, a scan of so many takes two thirds
    // longer than a search of the index.
    private const int LongestScan = 16;

    // Caches hold policies by the hundred thousand. So what few have is kept apart, and the rest is kept small.
    private readonly MxPatternSet _mx;
    private readonly RareState? _rareState;
    private readonly uint _maxAge;
    private readonly byte _mode;
    private readonly byte _deviations;

    /// <summary>Creates a policy from its parts, without extensions.</summary>
    /// <param name="mode">What the domain asks for.</param>
    /// <param name="maxAge">How long a sender may keep the policy: whole seconds from 0 to 31,557,600.</param>
    /// <param name="mx">The MX patterns, in the order of the file; at least one, unless the mode is <see cref="PolicyMode.None"/>.</param>
    /// <exception cref="ArgumentNullException">The patterns are null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none that exists, or the age is out of range or no whole number of seconds.</exception>
    /// <exception cref="ArgumentException">
    /// There is no pattern although the mode asks for one; a pattern is <c>default</c>; or the file would be over <see cref="MaxSize"/>.
    /// </exception>
    public Policy(PolicyMode mode, TimeSpan maxAge, IEnumerable<MxPattern> mx)
        : this(ValidMode(mode), ValidMaxAge(maxAge), ValidTable(mode, mx), ReadOnlyCollection<KeyValuePair<string, string>>.Empty, Deviations.None)
    {
        if (PolicyFormatter.Measure(this) > MaxSize)
        {
            throw new ArgumentException($"The policy file would be over {MaxSize} bytes.", nameof(mx));
        }
    }

    // The parser has validated everything.
    internal Policy(PolicyMode mode, uint maxAge, MxPatternSet mx, ReadOnlyCollection<KeyValuePair<string, string>> extensions, Deviations deviations)
    {
        _mode = (byte)mode;
        _maxAge = maxAge;
        _mx = mx;
        _rareState = extensions.Count > 0 || mx.Count > LongestScan ? new(extensions) : null;
        _deviations = (byte)deviations;
    }

    /// <summary>What the domain asks of a sender whose check of an MX host fails.</summary>
    public PolicyMode Mode => (PolicyMode)_mode;

    /// <summary>How long a sender may keep the policy, counted from its last fetch over HTTPS: 0 to 31,557,600 seconds.</summary>
    public TimeSpan MaxAge => TimeSpan.FromSeconds(_maxAge);

    /// <summary>The MX patterns in the order of the file, duplicates included.</summary>
    public MxPatternList Mx => new(_mx);

    /// <summary>The fields that RFC 8461 does not know, as name and value, in the order of the file; the first of each name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extensions => ExtensionFields;

    /// <summary>What the file did that the grammar does not allow. <see cref="Deviations.None"/>, too, for a policy built from its parts.</summary>
    public Deviations Deviations => (Deviations)_deviations;

    /// <summary>The policy in a few words of printable ASCII, for a log.</summary>
    internal string Summary => string.Create(
        CultureInfo.InvariantCulture,
        $"mode {Encoding.ASCII.GetString(PolicyFormatter.Name(Mode))}, {Mx.Count} mx, max_age {(long)MaxAge.TotalSeconds}");

    private ReadOnlyCollection<KeyValuePair<string, string>> ExtensionFields =>
        _rareState?.Extensions ?? ReadOnlyCollection<KeyValuePair<string, string>>.Empty;

    /// <summary>Whether two policies say the same.</summary>
    public static bool operator ==(Policy? left, Policy? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two policies differ in mode, age, patterns or extensions.</summary>
    public static bool operator !=(Policy? left, Policy? right) => !(left == right);

    /// <summary>Reads a policy file.</summary>
    /// <param name="text">The whole file, with or without a byte order mark (U+FEFF).</param>
    /// <returns>The policy; <see cref="Deviations"/> tells whether the file was strictly what the grammar allows.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <exception cref="MtaStsFormatException">The text is no policy; the exception says which rule it breaks, and where.</exception>
    public static Policy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static Policy Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Policy? policy, out ParseError error) ? policy : throw new MtaStsFormatException(error);

    /// <summary>Reads a policy file.</summary>
    /// <param name="utf8Text">The whole file: the body of the HTTP response, with or without a byte order mark.</param>
    /// <returns>The policy; <see cref="Deviations"/> tells whether the file was strictly what the grammar allows.</returns>
    /// <exception cref="MtaStsFormatException">The text is no policy; the exception says which rule it breaks, and where.</exception>
    public static Policy Parse(ReadOnlySpan<byte> utf8Text) =>
        TryParse(utf8Text, out Policy? policy, out ParseError error) ? policy : throw new MtaStsFormatException(error);

    /// <summary>Reads a policy file without ever throwing.</summary>
    /// <param name="text">The whole file, with or without a byte order mark (U+FEFF).</param>
    /// <param name="policy">The policy, or null.</param>
    /// <returns>Whether the text is a policy.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Policy? policy)
    {
        policy = IsTooLarge(text) ? null : PolicyParser<ushort>.Parse(CodeUnits.Of(text));
        return policy is not null;
    }

    /// <summary>Reads a policy file without ever throwing, and tells what is wrong with a text that is none.</summary>
    /// <param name="text">The whole file, with or without a byte order mark (U+FEFF).</param>
    /// <param name="policy">The policy, or null.</param>
    /// <param name="error">The first rule that the text breaks, or <c>default</c>.</param>
    /// <returns>Whether the text is a policy.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Policy? policy, out ParseError error)
    {
        if (IsTooLarge(text))
        {
            ParseError.FileTooLarge(out error);
            policy = null;
            return false;
        }

        policy = PolicyParser<ushort>.Parse(CodeUnits.Of(text), out error);
        return policy is not null;
    }

    /// <summary>Reads a policy file without ever throwing.</summary>
    /// <param name="utf8Text">The whole file: the body of the HTTP response, with or without a byte order mark.</param>
    /// <param name="policy">The policy, or null.</param>
    /// <returns>Whether the text is a policy.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out Policy? policy)
    {
        policy = utf8Text.Length > MaxSize ? null : PolicyParser<byte>.Parse(utf8Text);
        return policy is not null;
    }

    /// <summary>Reads a policy file without ever throwing, and tells what is wrong with a text that is none.</summary>
    /// <param name="utf8Text">The whole file: the body of the HTTP response, with or without a byte order mark.</param>
    /// <param name="policy">The policy, or null.</param>
    /// <param name="error">The first rule that the text breaks, or <c>default</c>.</param>
    /// <returns>Whether the text is a policy.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, [NotNullWhen(true)] out Policy? policy, out ParseError error)
    {
        if (utf8Text.Length > MaxSize)
        {
            ParseError.FileTooLarge(out error);
            policy = null;
            return false;
        }

        policy = PolicyParser<byte>.Parse(utf8Text, out error);
        return policy is not null;
    }

    /// <summary>Tells whether some pattern of the policy matches a candidate MX host, whatever the mode.</summary>
    /// <param name="mxHost"><inheritdoc cref="MxPattern.Matches(ReadOnlySpan{char})" path="/param"/></param>
    /// <returns>Whether a pattern matches.</returns>
    /// <remarks>RFC 8461, Section 4.1. To decide on a delivery, call <see cref="Sts.Enforce(Policy?, ReadOnlySpan{char})"/>, which minds the mode.</remarks>
    public bool Matches(ReadOnlySpan<char> mxHost) => TryMatch(mxHost, out _);

    /// <summary>Finds the pattern that matches a candidate MX host, whatever the mode.</summary>
    /// <param name="mxHost"><inheritdoc cref="MxPattern.Matches(ReadOnlySpan{char})" path="/param"/></param>
    /// <param name="pattern">The first pattern in file order that matches, or <c>default</c>.</param>
    /// <returns>Whether a pattern matches.</returns>
    /// <remarks>RFC 8461, Section 4.1. Allocates nothing, except for a host that carries non-ASCII, and once for the index of a long list.</remarks>
    public bool TryMatch(ReadOnlySpan<char> mxHost, out MxPattern pattern)
    {
        MxEntry entry = _mx.MatchFirstLiteral(mxHost);
        if (entry.IsEmpty)
        {
            entry = Search(mxHost);
        }

        pattern = _mx.PatternOf(entry);
        return !entry.IsEmpty;
    }

    /// <summary>The same policy in another mode: for a publisher who goes from testing to enforce, or opts out with none.</summary>
    /// <param name="mode">The new mode.</param>
    /// <returns>A policy with the age, patterns and extensions of this one, and without deviations.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The mode is none that exists.</exception>
    /// <exception cref="ArgumentException">
    /// The policy has no pattern although the new mode asks for one; or the file, with the longer word, would be over <see cref="MaxSize"/>.
    /// </exception>
    public Policy WithMode(PolicyMode mode)
    {
        if (Mx.Count == 0 && ValidMode(mode) is not PolicyMode.None)
        {
            throw new ArgumentException("A policy needs at least one MX pattern unless its mode is none.", nameof(mode));
        }

        Policy changed = new(ValidMode(mode), _maxAge, _mx, ExtensionFields, Deviations.None);
        return PolicyFormatter.Measure(changed) <= MaxSize
            ? changed
            : throw new ArgumentException($"The policy file would be over {MaxSize} bytes.", nameof(mode));
    }

    /// <summary>Creates the TXT record to publish with this policy. Equal policies get equal ids; different policies get different ids.</summary>
    /// <returns>A record without extensions.</returns>
    /// <remarks>
    /// The id is 32 lower-case hexadecimal digits: the first 16 bytes of the SHA-256 of the canonical file (<see cref="TryFormat(Span{byte}, out int)"/>).
    /// It is the same on every platform and in every version of this library. A policy that is published again gets its earlier id; senders
    /// only compare ids for difference.
    /// </remarks>
    public StsRecord CreateRecord()
    {
        byte[] file = new byte[MaxSize];
        TryFormat(file, out int length);
        byte[] hash = SHA256.HashData(file.AsSpan(0, length));
        return new(Convert.ToHexString(hash, 0, StsRecord.MaxIdLength / 2).ToLowerInvariant());
    }

    /// <summary>Returns the policy file in its canonical form: several lines, for a file and not for a log.</summary>
    /// <returns>
    /// The lines <c>version</c>, <c>mode</c>, <c>mx</c> in their order, <c>max_age</c>, and the extensions in theirs, each ended by CRLF. It parses to an
    /// equal policy, without deviations.
    /// </returns>
    /// <remarks>
    /// A policy so large that this form would be over <see cref="MaxSize"/>, and be refused, is written compactly: without blanks, in lines that LF
    /// parts. That always fits.
    /// </remarks>
    public override string ToString() => PolicyFormatter.ToString(this);

    /// <summary>Writes the policy file in its canonical form, that of <see cref="ToString"/>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="charsWritten">The number of characters written; 0 if the destination is too short.</param>
    /// <returns>Whether the destination was long enough.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => PolicyFormatter.TryFormat(this, CodeUnits.Of(destination), out charsWritten);

    /// <summary>Writes the policy file in its canonical form, that of <see cref="ToString"/>, in UTF-8.</summary>
    /// <param name="utf8Destination">Where to. <see cref="MaxSize"/> bytes are always enough.</param>
    /// <param name="bytesWritten">The number of bytes written; 0 if the destination is too short.</param>
    /// <returns>Whether the destination was long enough.</returns>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten) => PolicyFormatter.TryFormat(this, utf8Destination, out bytesWritten);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] Policy? other) => other is not null
        && Mode == other.Mode
        && _maxAge == other._maxAge
        && _mx.HasSamePatterns(other._mx)
        && Extensions.SequenceEqual(other.Extensions);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Policy);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, _maxAge, _mx.HashPatterns());

    // A policy has one text form in every culture: provider and format are ignored.
    static Policy IParsable<Policy>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Policy>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Policy result) =>
        TryParse(s.AsSpan(), out result);

    static Policy ISpanParsable<Policy>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<Policy>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Policy result) =>
        TryParse(s, out result);

    static Policy IUtf8SpanParsable<Policy>.Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider) => Parse(utf8Text);

    static bool IUtf8SpanParsable<Policy>.TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, [MaybeNullWhen(false)] out Policy result) =>
        TryParse(utf8Text, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString();

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(destination, out charsWritten);

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormat(utf8Destination, out bytesWritten);

    /// <summary>This policy with other extensions and deviations. The caller sees to it that they could stand in a file.</summary>
    internal Policy With(ReadOnlyCollection<KeyValuePair<string, string>> extensions, Deviations deviations) =>
        new(Mode, _maxAge, _mx, extensions, deviations);

    // UTF-8 takes one to three bytes for a unit: only the texts of lengths in between have to be counted.
    private static bool IsTooLarge(ReadOnlySpan<char> text) =>
        text.Length > MaxSize || (text.Length > MaxSize / 3 && Encoding.UTF8.GetByteCount(text) > MaxSize);

    private static PolicyMode ValidMode(PolicyMode mode) =>
        mode is PolicyMode.None or PolicyMode.Testing or PolicyMode.Enforce
            ? mode
            : throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");

    private static uint ValidMaxAge(TimeSpan maxAge) =>
        maxAge >= TimeSpan.Zero && maxAge <= TimeSpan.FromSeconds(MaxAgeLimit) && maxAge.Ticks % TimeSpan.TicksPerSecond == 0
            ? (uint)(maxAge.Ticks / TimeSpan.TicksPerSecond)
            : throw new ArgumentOutOfRangeException(nameof(maxAge), maxAge, $"A max_age is a whole number of seconds from 0 to {MaxAgeLimit}.");

    private static MxPatternSet ValidTable(PolicyMode mode, IEnumerable<MxPattern> mx)
    {
        ArgumentNullException.ThrowIfNull(mx);
        MxPattern[] patterns = [.. mx];
        if (patterns.Length == 0 && mode is not PolicyMode.None)
        {
            throw new ArgumentException("A policy needs at least one MX pattern unless its mode is none.", nameof(mx));
        }

        int textLength = 0;
        foreach (MxPattern pattern in patterns)
        {
            if (pattern == default)
            {
                throw new ArgumentException("default(MxPattern) is no pattern.", nameof(mx));
            }

            // Each pattern takes more room in the file than here, and the table holds no more than a file's worth.
            textLength += pattern.MatchText.Length;
            if (textLength > MaxSize)
            {
                throw new ArgumentException($"The policy file would be over {MaxSize} bytes.", nameof(mx));
            }
        }

        MxPatternSet.Builder builder = new(new MxEntry[patterns.Length], new byte[textLength], textLength);
        foreach (MxPattern pattern in patterns)
        {
            pattern.MatchText.CopyTo(builder.NextText);
            builder.Add(pattern.IsWildcard, pattern.MatchText.Length);
        }

        return builder.ToTable();
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // The look at the first pattern before it needs little of a frame then.
    private MxEntry Search(ReadOnlySpan<char> mxHost)
    {
        ReadOnlySpan<char> name = HostName.WithoutRoot(mxHost);
        MxEntry entry = Find(name);
        return entry.IsEmpty && !CodeUnits.IsShortAscii(name) ? FindALabels(name) : entry;
    }

    // A long list always has an RareState. Most policies have none, which takes less to see than to count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MxEntry Find(ReadOnlySpan<char> name) => _rareState is not null && _mx.Count > LongestScan ? FindByIndex(_rareState, name) : _mx.Find(name);

    [MethodImpl(MethodImplOptions.NoInlining)] // What is inlined here would slow the way through a short list.
    private MxEntry FindByIndex(RareState uncommon, ReadOnlySpan<char> name) => (uncommon.Index ??= new(_mx)).Find(name);

    [MethodImpl(MethodImplOptions.NoInlining)] // Names of 8 to 32 characters in ASCII, as most are, never come here.
    private MxEntry FindALabels(ReadOnlySpan<char> name) => HostName.TryGetALabels(name, out string? ascii) ? Find(ascii) : default;

    private sealed class RareState(ReadOnlyCollection<KeyValuePair<string, string>> extensions)
    {
        public ReadOnlyCollection<KeyValuePair<string, string>> Extensions { get; } = extensions;

        /// <summary>Built at the first search of a list that is too long for a scan. Two threads may build it at once; either will do.</summary>
        public MxIndex? Index { get; set; }
    }
}
