using System.Globalization;
using System.Text;
using Xunit.Abstractions;

namespace MtaSts.Tests.Differential;

/// <summary>Makes inputs from a seed, checks each, and sees to it that neither all nor none of them are accepted.</summary>
internal static class DifferentialRun
{
    /// <summary>Runs the cases of one seed. The case's number and the seed alone decide on its input.</summary>
    /// <param name="output">Where the number of accepted inputs is reported.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cases">How many cases; the environment variable MTASTS_CASES says how many times as many to run.</param>
    /// <param name="acceptedPercent">How many of them must be accepted: outside of this band the generator has drifted into noise, or into the trivial.</param>
    /// <param name="generate">Makes an input.</param>
    /// <param name="check">Throws for an input on which model and library disagree, and tells whether they accept it.</param>
    /// <param name="escape">Writes an input as text that can be pasted into a test.</param>
    public static void Run<T>(
        ITestOutputHelper output, int seed, int cases, (int Low, int High) acceptedPercent, Func<Random, T> generate, Func<T, int, bool> check, Func<T, string> escape) =>
        RunParts(output, seed, cases, partsPerCase: 1, acceptedPercent, generate, (input, number) => check(input, number) ? 1 : 0, escape);

    /// <summary>The same for an input of several parts: the check tells how many of them are accepted.</summary>
    public static void RunParts<T>(
        ITestOutputHelper output, int seed, int cases, int partsPerCase, (int Low, int High) acceptedPercent,
        Func<Random, T> generate, Func<T, int, int> check, Func<T, string> escape)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("MTASTS_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int times))
        {
            // A factor, as a case of one test may take a thousand times as long as one of another.
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
        percent.Should().BeInRange(acceptedPercent.Low, acceptedPercent.High, "the generator is to make near misses");
    }

    /// <summary>Throws unless both are the same.</summary>
    public static void Same<T>(string what, T model, T library)
    {
        if (!EqualityComparer<T>.Default.Equals(model, library))
        {
            throw new InvalidOperationException($"{what}: expected <{model}>, got <{library}>");
        }
    }

    /// <summary>Throws unless both hold the same in the same order.</summary>
    public static void SameList<T>(string what, IReadOnlyList<T> model, IReadOnlyList<T> library)
    {
        if (!model.SequenceEqual(library))
        {
            throw new InvalidOperationException($"{what}: expected <{string.Join(", ", model)}>, got <{string.Join(", ", library)}>");
        }
    }

    /// <summary>The octets as text, everything but printable ASCII escaped: the ends of lines and the tab as in C#, other octets as <c>&lt;C3&gt;</c>.</summary>
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

    /// <summary>The characters as a literal of C#.</summary>
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
