namespace MtaSts;

/// <summary>
/// The keywords of the grammars as numbers of <see cref="CodeUnits.ReadWord"/>: one comparison per keyword.
/// </summary>
internal static class Keywords
{
    /// <summary>The length of the longest keyword.</summary>
    public const int MaxLength = sizeof(ulong);

    /// <summary>The bits of a word that <see cref="ModeColon"/> occupies.</summary>
    public const ulong ModeColonMask = 0xFF_FFFF_FFFF;

    public static readonly ulong StsVersion = Of("v=STSv1"u8);
    public static readonly ulong IdEquals = Of("id="u8);

    public static readonly ulong Version = Of("version"u8);
    public static readonly ulong Mode = Of("mode"u8);
    public static readonly ulong Mx = Of("mx"u8);
    public static readonly ulong MaxAge = Of("max_age"u8);

    public static readonly ulong VersionColon = Of("version:"u8);
    public static readonly ulong ModeColon = Of("mode:"u8);
    public static readonly ulong MaxAgeColon = Of("max_age:"u8);

    public static readonly ulong StsV1 = Of("STSv1"u8);
    public static readonly ulong Enforce = Of("enforce"u8);
    public static readonly ulong Testing = Of("testing"u8);
    public static readonly ulong None = Of("none"u8);

    private static ulong Of(ReadOnlySpan<byte> word)
    {
        ulong number = 0;
        for (int i = word.Length - 1; i >= 0; i--)
        {
            number = (number << 8) | word[i];
        }

        return number;
    }
}
