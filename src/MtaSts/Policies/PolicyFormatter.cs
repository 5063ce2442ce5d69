using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MtaSts;

/// <summary>Formats a policy as a file.</summary>
internal static class PolicyFormatter
{
    /// <summary>The values of <c>mode</c>, by the number of the <see cref="PolicyMode"/>.</summary>
    public static readonly ImmutableArray<string> Modes = ["none", "testing", "enforce"];

    /// <summary>
    /// Returns the policy file in canonical form, or in compact form if the canonical form is over
    /// <see cref="Policy.MaxSize"/>.
    /// </summary>
    public static string Format(Policy policy)
    {
        string text = Format(policy, colon: ": ", lineEnd: "\r\n", isLastLineEnded: true);

        // No file that parses to the policy is shorter than the compact form: it omits even the last line end.
        return Encoding.UTF8.GetByteCount(text) <= Policy.MaxSize
            ? text
            : Format(policy, colon: ":", lineEnd: "\n", isLastLineEnded: false);
    }

    private static string Format(Policy policy, string colon, string lineEnd, bool isLastLineEnded)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"version{colon}STSv1{lineEnd}mode{colon}{Modes[(int)policy.Mode]}");
        foreach (MxPattern pattern in policy.Mx)
        {
            text.Append(CultureInfo.InvariantCulture, $"{lineEnd}mx{colon}{pattern}");
        }

        text.Append(CultureInfo.InvariantCulture, $"{lineEnd}max_age{colon}{policy.MaxAge.Ticks / TimeSpan.TicksPerSecond}");
        foreach ((string name, string value) in policy.Extensions)
        {
            text.Append(CultureInfo.InvariantCulture, $"{lineEnd}{name}{colon}{value}");
        }

        return text.Append(isLastLineEnded ? lineEnd : "").ToString();
    }
}
