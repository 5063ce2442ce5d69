using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MtaSts;

/// <summary>Writes a cached policy as JSON, and reads it back.</summary>
/// <remarks>
/// <code>
/// {"id":"20160831085700Z","version":"STSv1","mode":"enforce","mx":["mail.example.com","*.example.net"],"maxAge":604800,
///  "extensions":{"name":"value"},"deviations":1,"expires":"2026-08-07T00:00:00.0000000Z",
///  "failures":[{"id":"20260801T000000Z","at":"2026-08-01T00:00:00.0000000Z"},{"at":"2026-08-01T00:01:00.0000000Z"}]}
/// </code>
/// <para>The time of the fetch is the expiry less the age. An entry without a policy has the version and its failures only. What is read is
/// held to the rules that a policy and a record are held to.</para>
/// </remarks>
internal static class CachedPolicyJson
{
    private const string Version = "STSv1";
    private const string WrittenTime = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
    private const string ReadTime = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"; // Others write fewer decimals.

    private const Deviations AllDeviations = Deviations.ByteOrderMark | Deviations.BlankLine | Deviations.Whitespace
        | Deviations.Comment | Deviations.TrailingDot | Deviations.MaxAgeCapped;

    // What the text is put into is no web page, so that only JSON's own escapes are needed.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Format(CachedPolicy entry)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, WriterOptions))
        {
            json.WriteStartObject();
            if (entry.Policy is { } policy)
            {
                json.WriteString("id", entry.Id);
                json.WriteString("version", Version);
                WritePolicy(json, policy);
                json.WriteString("expires", Format(entry.ExpiresAt));
            }
            else
            {
                json.WriteString("version", Version);
            }

            WriteFailures(json, entry.FailedAttempts);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out CachedPolicy? entry)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(data.ToArray());
            entry = Read(document.RootElement);
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            entry = null;
        }

        return entry is not null;
    }

    private static void WritePolicy(Utf8JsonWriter json, Policy policy)
    {
        json.WriteString("mode", PolicyFormatter.Name(policy.Mode));
        json.WriteStartArray("mx");
        foreach (MxPattern pattern in policy.Mx)
        {
            json.WriteStringValue(pattern.ToString());
        }

        json.WriteEndArray();
        json.WriteNumber("maxAge", policy.MaxAge.Ticks / TimeSpan.TicksPerSecond);
        if (policy.Extensions.Count > 0)
        {
            json.WriteStartObject("extensions");
            foreach ((string name, string value) in policy.Extensions)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        if (policy.Deviations is not Deviations.None)
        {
            json.WriteNumber("deviations", (int)policy.Deviations);
        }
    }

    private static void WriteFailures(Utf8JsonWriter json, ImmutableArray<FailedAttempt> attempts)
    {
        if (attempts.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("failures");
        foreach (FailedAttempt attempt in attempts)
        {
            json.WriteStartObject();
            if (attempt.Id is not null)
            {
                json.WriteString("id", attempt.Id);
            }

            json.WriteString("at", Format(attempt.At));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static CachedPolicy? Read(JsonElement json)
    {
        if (json.GetProperty("version").GetString() is not Version)
        {
            return null;
        }

        ImmutableArray<FailedAttempt> failures = json.TryGetProperty("failures", out JsonElement attempts) ? ReadFailures(attempts) : [];
        if (!json.TryGetProperty("id", out JsonElement id))
        {
            // A policy whose id is lost is damage: passing over it would end its use before it expires.
            bool isFailureOnly = !failures.IsEmpty && !json.TryGetProperty("mode", out _);
            return isFailureOnly ? new CachedPolicy(id: null, policy: null, fetchedAt: 0, failures) : null;
        }

        Policy policy = ReadPolicy(json);
        DateTimeOffset fetchedAt = ParseTime(json.GetProperty("expires")) - policy.MaxAge;
        return new CachedPolicy(StsRecord.ValidId(id.GetString()!), policy, fetchedAt.UtcTicks, failures);
    }

    private static Policy ReadPolicy(JsonElement json)
    {
        PolicyMode mode = json.GetProperty("mode").GetString() switch
        {
            "enforce" => PolicyMode.Enforce,
            "testing" => PolicyMode.Testing,
            "none" => PolicyMode.None,
            _ => throw new FormatException("Unknown mode."),
        };
        IEnumerable<MxPattern> mx = json.GetProperty("mx").EnumerateArray().Select(static pattern => MxPattern.Parse(pattern.GetString()!));
        TimeSpan maxAge = TimeSpan.FromSeconds(json.GetProperty("maxAge").GetUInt32());
        ExtensionList extensions = default;
        if (json.TryGetProperty("extensions", out JsonElement fields))
        {
            foreach (JsonProperty field in fields.EnumerateObject())
            {
                extensions.Add(field.Name, CodeUnits.Of(field.Value.GetString()));
            }
        }

        Deviations deviations = json.TryGetProperty("deviations", out JsonElement flags) ? (Deviations)flags.GetInt32() : Deviations.None;
        if ((deviations & ~AllDeviations) is not Deviations.None)
        {
            throw new FormatException("Unknown deviation.");
        }

        // The file that the policy makes must parse to it, which holds names and values of the extensions to the grammar.
        Policy policy = new Policy(mode, maxAge, mx).With(extensions.ToList(), deviations);
        return Policy.Parse(policy.ToString()) == policy ? policy : throw new FormatException("No policy file makes this policy.");
    }

    private static ImmutableArray<FailedAttempt> ReadFailures(JsonElement json) =>
    [
        .. json.EnumerateArray()
            .TakeLast(CachedPolicy.MaxFailedAttempts)
            .Select(static attempt => new FailedAttempt(
                attempt.TryGetProperty("id", out JsonElement id) ? StsRecord.ValidId(id.GetString()!) : null,
                ParseTime(attempt.GetProperty("at")))),
    ];

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(WrittenTime, CultureInfo.InvariantCulture);

    private static DateTimeOffset ParseTime(JsonElement json) => DateTimeOffset.ParseExact(
        json.GetString()!,
        ReadTime,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
