using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MtaSts;

/// <summary>
/// The grammar of domain names, and their canonical form: A-labels in lower case, without the trailing dot of the root.
/// </summary>
/// <remarks>
/// RFC 5321 section 4.1.2:
/// <code>
/// Domain     = sub-domain *("." sub-domain)
/// sub-domain = Let-dig [Ldh-str]
/// Ldh-str    = *( ALPHA / DIGIT / "-" ) Let-dig
/// </code>
/// RFC 1035 section 2.3.4 adds the limits: 63 octets per label, 253 octets per name as text.
/// </remarks>
internal static class HostName
{
    /// <summary>Returns whether a text is a <c>Domain</c> within the limits.</summary>
    public static bool IsValid<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        VectorNames.FitsInMask(name) ? VectorNames.IsValid(name) : IsValidSlow(name);

    /// <summary>
    /// Copies a text in lower case if it is a <c>Domain</c> within the limits; otherwise, it may copy a part.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // Out of line: keeps the parser's frame small.
    public static bool TryCopyLower<T>(ReadOnlySpan<T> name, Span<byte> destination)
        where T : unmanaged, IBinaryInteger<T> =>
        VectorNames.FitsInMask(name)
            ? VectorNames.TryCopyLower(name, destination)
            : IsValidSlow(name) && CodeUnits.TryCopyLower(name, destination);

    /// <summary>Returns the first rule that a text breaks as a <c>Domain</c>, and the position of the fault.</summary>
    public static (ParseErrorCode Code, Range Place) Check<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T>
    {
        int labelStart = 0;
        for (int i = 0; i < name.Length; i++)
        {
            uint unit = uint.CreateTruncating(name[i]);
            bool startsLabel = i == labelStart;
            bool endsLabel = i + 1 == name.Length || CodeUnits.Is(name[i + 1], '.');
            ParseErrorCode code = unit switch
            {
                '.' when startsLabel => ParseErrorCode.EmptyLabel,
                '.' when i + 1 == name.Length => ParseErrorCode.TrailingDot,
                '.' => ParseErrorCode.None,
                '-' when startsLabel || endsLabel => ParseErrorCode.MisplacedHyphen,
                '*' => ParseErrorCode.MisplacedWildcard,
                '[' when i == 0 => ParseErrorCode.AddressLiteral,
                > 0x7F => ParseErrorCode.NonAsciiName,
                not '-' when !char.IsAsciiLetterOrDigit((char)unit) => ParseErrorCode.InvalidNameCharacter,
                _ => i - labelStart == NameLimits.MaxLabelLength ? ParseErrorCode.LabelTooLong : ParseErrorCode.None,
            };
            if (code is not ParseErrorCode.None)
            {
                bool isRestShown = code is ParseErrorCode.AddressLiteral or ParseErrorCode.NonAsciiName or ParseErrorCode.LabelTooLong;
                return (code, (code is ParseErrorCode.LabelTooLong ? labelStart : i)..(isRestShown ? name.Length : i + 1));
            }

            labelStart = unit == '.' ? i + 1 : labelStart;
        }

        return name.IsEmpty ? (ParseErrorCode.EmptyName, ..0)
            : name.Length > NameLimits.MaxLength ? (ParseErrorCode.NameTooLong, ..name.Length)
            : (ParseErrorCode.None, ..0);
    }

    /// <summary>Returns a name without its trailing dot, the root of the DNS.</summary>
    public static ReadOnlySpan<char> WithoutRoot(ReadOnlySpan<char> name) =>
        name is [.. var rest, '.'] ? rest : name;

    /// <summary>
    /// Writes a domain name in canonical form: A-labels in lower case, without the trailing dot of the root.
    /// </summary>
    /// <param name="name">
    /// The name, in any letter case, in U-labels or A-labels, with or without the trailing dot.
    /// </param>
    /// <param name="destination">The destination; <see cref="NameLimits.MaxLength"/> bytes are always enough.</param>
    /// <param name="length">The length of the canonical form.</param>
    /// <returns><see langword="true"/> if the text is a domain name; otherwise, <see langword="false"/>.</returns>
    public static bool TryNormalize(ReadOnlySpan<char> name, Span<byte> destination, out int length)
    {
        name = WithoutRoot(name);
        name = TryGetALabels(name, out string? ascii) ? ascii : name;
        length = name.Length;
        return TryCopyLower(CodeUnits.Of(name), destination);
    }

    /// <summary>Converts the labels of a name that contain non-ASCII characters to A-labels.</summary>
    /// <param name="name">The name, without the trailing dot of the root.</param>
    /// <param name="ascii">
    /// The name, with its other labels unchanged; null if there is nothing to convert, or if the conversion failed.
    /// </param>
    /// <returns>
    /// <see langword="true"/> if the name was converted; <see langword="false"/> if it is ASCII already, or if a label
    /// is empty or has no A-label.
    /// </returns>
    public static bool TryGetALabels(ReadOnlySpan<char> name, [NotNullWhen(true)] out string? ascii)
    {
        ascii = CodeUnits.IsShortAscii(name) || Ascii.IsValid(name) ? null : ALabels.Convert(name);
        return ascii is not null;
    }

    // Slow path: names outside 8 to 63 characters.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsValidSlow<T>(ReadOnlySpan<T> name)
        where T : unmanaged, IBinaryInteger<T> =>
        Check(name).Code is ParseErrorCode.None;
}
