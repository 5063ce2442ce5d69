using System.Text.Json.Serialization;

namespace MtaSts;

/// <summary>The generated serializer of <see cref="CachedPolicyJson"/>, which needs no reflection.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CachedPolicyJson))]
internal sealed partial class CachedPolicyJsonContext : JsonSerializerContext;
