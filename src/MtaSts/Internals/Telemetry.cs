using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace MtaSts;

/// <summary>Creates the meter, the activities and the tags of the library, and calls the caller's listeners.</summary>
internal static class Telemetry
{
    private const string Name = "MtaSts";

    private static readonly string? Version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
    private static readonly Lazy<Meter> LibraryMeter = new(static () => new(Name, Version));

    /// <summary>The source of the library's activities.</summary>
    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>Returns the meter of a factory; without a factory, the one of the library.</summary>
    /// <remarks>A factory returns one meter for one name, and disposes of it.</remarks>
    public static Meter GetMeter(IMeterFactory? factory) => factory is null ? LibraryMeter.Value : factory.Create(Name, Version);

    /// <summary>
    /// Returns a tag for each member of an enumeration, by its number. Its value is the member's name in snake case.
    /// </summary>
    public static KeyValuePair<string, object?>[] TagsOf<T>(string key)
        where T : struct, Enum =>
        [.. Enum.GetNames<T>().Select(name => KeyValuePair.Create(key, (object?)JsonNamingPolicy.SnakeCaseLower.ConvertName(name)))];

    /// <summary>Calls the caller's listener. A fault of the listener must not stop mail.</summary>
    /// <remarks>The subject is a parameter, because a lambda without captured variables allocates nothing.</remarks>
    [SuppressMessage("Design", "CA1031", Justification = "The exceptions of a listener may be of any type.")]
    [SuppressMessage("Roslynator", "RCS1075", Justification = "A fault of the listener must not stop mail.")]
    public static void Tell<T>(T subject, Action<T>? listener)
    {
        try
        {
            listener?.Invoke(subject);
        }
        catch (Exception)
        {
        }
    }
}
