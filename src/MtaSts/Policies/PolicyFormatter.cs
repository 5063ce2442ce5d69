using System.Globalization;
using System.Numerics;

namespace MtaSts;

/// <summary>Writes a policy as a file.</summary>
internal static class PolicyFormatter
{
    // Room for the digits of the largest max_age.
    private const int MaxAgeLength = 8;

    public static string ToString(Policy policy)
    {
        bool compact = IsCompact(policy);
        TextWriter<ushort> measure = default;
        Write(policy, compact, ref measure);
        return string.Create(measure.Length, (policy, compact), static (text, state) =>
        {
            TextWriter<ushort> writer = new(CodeUnits.Of(text));
            Write(state.policy, state.compact, ref writer);
        });
    }

    public static bool TryFormat<T>(Policy policy, Span<T> destination, out int written)
        where T : unmanaged, IBinaryInteger<T>
    {
        TextWriter<T> writer = new(destination);
        Write(policy, IsCompact(policy), ref writer);
        return writer.TryFinish(out written);
    }

    /// <summary>The size of the smallest file that says what the policy does, in bytes.</summary>
    public static int Measure(Policy policy) => Measure(policy, compact: true);

    /// <summary>The word for a mode in a policy file.</summary>
    public static ReadOnlySpan<byte> Name(PolicyMode mode) => mode switch
    {
        PolicyMode.Enforce => "enforce"u8,
        PolicyMode.Testing => "testing"u8,
        _ => "none"u8,
    };

    private static bool IsCompact(Policy policy) => Measure(policy, compact: false) > Policy.MaxSize;

    private static int Measure(Policy policy, bool compact)
    {
        TextWriter<byte> writer = default;
        Write(policy, compact, ref writer);
        return writer.Length;
    }

    private static void Write<T>(Policy policy, bool compact, ref TextWriter<T> writer)
        where T : unmanaged, IBinaryInteger<T>
    {
        // The compact form is no longer than any file that parses to the policy; so it drops even the last line's end.
        ReadOnlySpan<byte> colon = compact ? ":"u8 : ": "u8;
        ReadOnlySpan<byte> lineEnd = compact ? "\n"u8 : "\r\n"u8;

        writer.Append("version"u8);
        writer.Append(colon);
        writer.Append("STSv1"u8);

        writer.Append(lineEnd);
        writer.Append("mode"u8);
        writer.Append(colon);
        writer.Append(Name(policy.Mode));

        foreach (MxPattern pattern in policy.Mx)
        {
            writer.Append(lineEnd);
            writer.Append("mx"u8);
            writer.Append(colon);
            pattern.Write(ref writer);
        }

        Span<byte> digits = stackalloc byte[MaxAgeLength];
        ((long)policy.MaxAge.TotalSeconds).TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        writer.Append(lineEnd);
        writer.Append("max_age"u8);
        writer.Append(colon);
        writer.Append(digits[..length]);

        for (int i = 0; i < policy.Extensions.Count; i++)
        {
            (string name, string value) = policy.Extensions[i];
            writer.Append(lineEnd);
            writer.Append(name);
            writer.Append(colon);
            writer.Append(value);
        }

        if (!compact)
        {
            writer.Append(lineEnd);
        }
    }
}
