using System.Globalization;
using System.Text;
using Xunit.Abstractions;

namespace MtaSts.Tests.Differential;

/// <summary>Generates inputs from a seed, checks each, and fails if nearly all or nearly none are accepted.</summary>
internal static class DifferentialRun
{
    /// <summary>Runs the cases of one seed. The seed and the case number determine the input.</summary>
    /// <param name="output">Receives the number of accepted inputs.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cases">The number of cases. The environment variable MTASTS_CASES multiplies it.</param>
    /// <param name="acceptedPercent">
    /// The range of accepted inputs in percent. Outside of it, the generator makes mostly noise or mostly valid inputs.
    /// </param>
    /// <param name="generate">Creates an input.</param>
    /// <param name="check">
    /// Throws if model and library disagree on an input; returns <see langword="true"/> if they accept it.
    /// </param>
    /// <param name="escape">Converts an input to text that can be pasted into a test.</param>
    public static void Run<T>(
        ITestOutputHelper output, int seed, int cases, (int Low, int High) acceptedPercent,
        Func<Random, T> generate, Func<T, int, bool> check, Func<T, string> escape) =>
        RunParts(output, seed, cases, partsPerCase: 1, acceptedPercent, generate, (input, number) => check(input, number) ? 1 : 0, escape);

    /// <summary>
    /// Runs the cases of one seed for inputs of several parts: the check returns the number of accepted parts.
    /// </summary>
    public static void RunParts<T>(
        ITestOutputHelper output, int seed, int cases, int partsPerCase, (int Low, int High) acceptedPercent,
        Func<Random, T> generate, Func<T, int, int> check, Func<T, string> escape)
    {
        string? factor = Environment.GetEnvironmentVariable("MTASTS_CASES");
        if (int.TryParse(factor, NumberStyles.None, CultureInfo.InvariantCulture, out int times))
        {
            // A factor, because a case of one test may take a thousand times as long as a case of another.
            cases = checked(cases * times);
        }

        int accepted = 0;
        for (int i = 0; i < cases; i++)
        {
            T input = generate(new Random(unchecked((seed * 100_000_007) + i)));
            try
            {
                accepted += check(input, i);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, case {i}: {e.Message}\ninput: {escape(input)}\n{e}");
            }
        }

        int parts = cases * partsPerCase;
        double percent = 100.0 * accepted / parts;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {accepted} of {parts} accepted, {percent:F1} %"));
        percent.Should().BeInRange(acceptedPercent.Low, acceptedPercent.High, "the generator should create near misses");
    }

    /// <summary>Throws unless both values are equal.</summary>
    public static void Same<T>(string what, T model, T library)
    {
        if (!EqualityComparer<T>.Default.Equals(model, library))
        {
            throw new InvalidOperationException($"{what}: expected <{model}>, got <{library}>");
        }
    }

    /// <summary>Throws unless both lists have equal items in the same order.</summary>
    public static void SameList<T>(string what, IReadOnlyList<T> model, IReadOnlyList<T> library)
    {
        if (!model.SequenceEqual(library))
        {
            throw new InvalidOperationException($"{what}: expected <{string.Join(", ", model)}>, got <{string.Join(", ", library)}>");
        }
    }

    /// <summary>
    /// Converts octets to printable ASCII: line ends and tabs are escaped as in C#, other octets as <c>&lt;C3&gt;</c>.
    /// </summary>
    public static string Escape(byte[] octets)
    {
        StringBuilder text = new("\"");
        foreach (byte octet in octets)
        {
            text.Append(octet switch
            {
                (byte)'\n' => @"\n",
                (byte)'\r' => @"\r",
                (byte)'\t' => @"\t",
                (byte)'"' => "\\\"",
                (byte)'\\' => @"\\",
                >= 0x20 and < 0x7F => ((char)octet).ToString(),
                _ => $"<{octet:X2}>",
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>Converts characters to a C# string literal.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new("\"");
        foreach (char c in text)
        {
            escaped.Append(c is '"' or '\\' ? $"\\{c}" : c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:X4}");
        }

        return escaped.Append('"').ToString();
    }
}
