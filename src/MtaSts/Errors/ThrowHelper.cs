using System.Runtime.CompilerServices;

namespace MtaSts;

/// <summary>Creates the exceptions that several members throw.</summary>
internal static class ThrowHelper
{
    /// <summary>Creates the exception for an argument that is not a defined value of its enum.</summary>
    public static ArgumentOutOfRangeException Undefined<T>(T value, [CallerArgumentExpression(nameof(value))] string? parameter = null)
        where T : struct, Enum =>
        new(parameter, value, $"The value is not a defined {typeof(T).Name}.");
}
