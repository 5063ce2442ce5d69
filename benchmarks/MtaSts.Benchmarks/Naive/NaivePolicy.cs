using System.Globalization;
using System.Text;

namespace MtaSts.Benchmarks;

/// <summary>Parses a policy as most people would: split into lines, split at the colon, trim, lower-case.</summary>
/// <remarks>
/// Accepts and rejects the same files as the library, except for lone surrogates. Reports neither errors nor
/// deviations.
/// </remarks>
internal sealed class NaivePolicy
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public required PolicyMode Mode { get; init; }

    public required long MaxAge { get; init; }

    public required List<string> Mx { get; init; }

    public required Dictionary<string, string> Extensions { get; init; }

    public static NaivePolicy? Parse(byte[] utf8Text)
    {
        try
        {
            return utf8Text.Length > Policy.MaxSize ? null : Parse(StrictUtf8.GetString(utf8Text));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static NaivePolicy? Parse(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > Policy.MaxSize)
        {
            return null;
        }

        string? version = null;
        PolicyMode? mode = null;
        long? maxAge = null;
        List<string> mx = [];
        Dictionary<string, string> extensions = [];

        string[] lines = (text.StartsWith('\uFEFF') ? text[1..] : text).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (i < lines.Length - 1 && line.EndsWith('\r'))
            {
                line = line[..^1];
            }

            line = line.Trim(NaiveGrammar.Whitespace);
            if (HasControlCharacter(line))
            {
                return null;
            }

            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                return null;
            }

            string name = line[..colon].TrimEnd(NaiveGrammar.Whitespace);
            string value = line[(colon + 1)..].TrimStart(NaiveGrammar.Whitespace);
            if (name == "mx")
            {
                if (value.Length > 1 && value.EndsWith('.'))
                {
                    value = value[..^1];
                }

                if (!NaiveGrammar.IsPattern(value))
                {
                    return null;
                }

                mx.Add(value.ToLowerInvariant());
            }
            else if (name == "version" && version is null)
            {
                if (value != "STSv1")
                {
                    return null;
                }

                version = value;
            }
            else if (name == "mode" && mode is null)
            {
                switch (value)
                {
                    case "enforce":
                        mode = PolicyMode.Enforce;
                        break;
                    case "testing":
                        mode = PolicyMode.Testing;
                        break;
                    case "none":
                        mode = PolicyMode.None;
                        break;
                    default:
                        return null;
                }
            }
            else if (name == "max_age" && maxAge is null)
            {
                if (!IsMaxAge(value))
                {
                    return null;
                }

                maxAge = Math.Min(long.Parse(value, CultureInfo.InvariantCulture), 31_557_600);
            }
            else
            {
                if (!NaiveGrammar.IsFieldName(name) || value.Length == 0 || value.Contains('\t', StringComparison.Ordinal))
                {
                    return null;
                }

                if (name is not ("version" or "mode" or "max_age"))
                {
                    extensions.TryAdd(name, value);
                }
            }
        }

        if (version is null || mode is null || maxAge is null || (mx.Count == 0 && mode is not PolicyMode.None))
        {
            return null;
        }

        return new() { Mode = mode.Value, MaxAge = maxAge.Value, Mx = mx, Extensions = extensions };
    }

    private static bool IsMaxAge(string value) => value.Length is > 0 and <= 10 && value.All(char.IsAsciiDigit);

    // A loop, here and for names: LINQ over each character of a large file would make the baseline unrealistically
    // slow.
    private static bool HasControlCharacter(string line)
    {
        foreach (char c in line)
        {
            if (c is (< ' ' and not '\t') or '\x7F')
            {
                return true;
            }
        }

        return false;
    }
}
