using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MtaSts;

/// <summary>Represents a cache entry as JSON.</summary>
/// <remarks>
/// <code>
/// {"id":"20160831085700Z","version":"STSv1","mode":"enforce","mx":["mail.example.com","*.example.net"],"maxAge":604800,
///  "extensions":{"name":"value"},"deviations":1,"expires":"2026-08-07T00:00:00.0000000Z",
///  "failures":[{"id":"20260801T000000Z","at":"2026-08-01T00:00:00.0000000Z"},{"at":"2026-08-01T00:01:00.0000000Z"}]}
/// </code>
/// <para>The properties are in the order of the text. An optional field is missing, never null. The time of the fetch
/// is the expiry less the age.</para>
/// </remarks>
internal sealed class CachedPolicyJson
{
    private const string CurrentVersion = "STSv1";
    private const string WrittenTime = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    private const string ParsedTime = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"; // Others write fewer decimals.

    private const Deviations AllDeviations = Deviations.ByteOrderMark | Deviations.BlankLine | Deviations.Whitespace
        | Deviations.Comment | Deviations.TrailingDot | Deviations.MaxAgeCapped;

    // The text never becomes part of a web page: JSON's own escapes are enough.
    private static readonly JsonTypeInfo<CachedPolicyJson> TypeInfo = new CachedPolicyJsonContext(
        new(CachedPolicyJsonContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).CachedPolicyJson;

    [DisallowNull]
    public string? Id { get; init; }

    public string? Version { get; init; }

    [DisallowNull]
    public string? Mode { get; init; }

    public string[]? Mx { get; init; }

    public uint? MaxAge { get; init; }

    [DisallowNull]
    public OrderedDictionary<string, string>? Extensions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Deviations Deviations { get; init; }

    public string? Expires { get; init; }

    [DisallowNull]
    public Failure[]? Failures { get; init; }

    // A missing age is out of range.
    private TimeSpan Age => TimeSpan.FromSeconds(MaxAge ?? -1L);

    public static byte[] Format(CachedPolicy entry)
    {
        Policy? policy = entry.Policy;
        CachedPolicyJson json = new()
        {
            Id = entry.Id!,
            Version = CurrentVersion,
            Mode = policy is null ? null! : PolicyFormatter.Modes[(int)policy.Mode],
            Mx = policy?.Mx.Select(static pattern => pattern.ToString()).ToArray(),
            MaxAge = (uint?)policy?.MaxAge.TotalSeconds,
            Extensions = policy is null or { Extensions.Count: 0 } ? null! : new(policy.Extensions, StringComparer.Ordinal),
            Deviations = policy?.Deviations ?? default,
            Expires = policy is null ? null : Format(entry.ExpiresAt),
            Failures = entry.FailedAttempts.IsEmpty ? null! : [.. entry.FailedAttempts.Select(Failure.From)],
        };
        return JsonSerializer.SerializeToUtf8Bytes(json, TypeInfo);
    }

    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        try
        {
            entry = JsonSerializer.Deserialize(data, TypeInfo)?.ToEntry();
        }
        catch (Exception damage) when (damage is JsonException or FormatException or ArgumentException)
        {
            entry = null;
        }

        return entry is not null;
    }

    private CachedPolicy? ToEntry()
    {
        ImmutableArray<FailedAttempt> failures =
            [.. (Failures ?? []).TakeLast(CachedPolicy.MaxFailedAttempts).Select(static failure => failure.ToAttempt())];
        return (Version, Id, Mode) switch
        {
            (CurrentVersion, { } id, _) => new(StsRecord.ValidId(id), ToPolicy(), (ParseTime(Expires) - Age).UtcTicks, failures),
            (CurrentVersion, null, null) when !failures.IsEmpty => new(id: null, policy: null, fetchedAt: 0, failures),

            // A policy without its id is damage: to drop the policy alone would end its use before it expires.
            _ => null,
        };
    }

    private Policy ToPolicy()
    {
        // A mode that is not defined has the index -1, which is out of range.
        Policy policy = new Policy((PolicyMode)PolicyFormatter.Modes.IndexOf(Mode!), Age, Mx!.Select(MxPattern.Parse))
            .With((Extensions ?? []).ToList().AsReadOnly(), Deviations);

        // The file of the policy must parse to it, which holds names and values of the extensions to the grammar.
        return (Deviations & ~AllDeviations) is Deviations.None && Policy.Parse(policy.ToString()) == policy
            ? policy
            : throw new FormatException("No policy file has this policy.");
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(WrittenTime, CultureInfo.InvariantCulture);

    private static DateTimeOffset ParseTime(string? text) => DateTimeOffset.ParseExact(
        text!, ParsedTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Represents a failed attempt. A struct, because null is then not valid in a list of them.</summary>
    public readonly record struct Failure
    {
        [DisallowNull]
        public string? Id { get; init; }

        public string? At { get; init; }

        public static Failure From(FailedAttempt attempt) => new() { Id = attempt.Id!, At = Format(attempt.At) };

        public FailedAttempt ToAttempt() => new(Id is null ? null : StsRecord.ValidId(Id), ParseTime(At));
    }
}
