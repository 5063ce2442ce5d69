using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Tests that the lint finds the same fields and deviations in the lines of a file as the parser.</summary>
public sealed class PolicyLinesTests
{
    private const Deviations OfValues = Deviations.TrailingDot | Deviations.MaxAgeCapped;

    [Fact]
    public void MoveNext_EveryPolicyOfTheCorpusAndItsMutants_AgreesWithTheParser()
    {
        Random random = new(8461);
        int policies = 0;
        foreach (byte[] file in CorpusFindingsTests.PolicyFiles().Select(File.ReadAllBytes))
        {
            policies += Compare(file) ? 1 : 0;
            for (int i = 0; i < 200; i++)
            {
                policies += Compare(Mutate(file, random)) ? 1 : 0;
            }
        }

        policies.Should().BeGreaterThan(4_000, "invalid mutants compare nothing");
    }

    /// <summary>Compares both if the text is a valid policy, and returns whether it is.</summary>
    private static bool Compare(byte[] bytes)
    {
        if (!Policy.TryParse(bytes, out Policy? policy))
        {
            return false;
        }

        string text = Encoding.UTF8.GetString(bytes);
        PolicyLines<byte> byteLines = new(bytes);
        PolicyLines<ushort> charLines = new(CodeUnits.Of(text.AsSpan()));
        Deviations deviations = byteLines.HasByteOrderMark ? Deviations.ByteOrderMark : Deviations.None;
        charLines.HasByteOrderMark.Should().Be(byteLines.HasByteOrderMark);
        List<string> mx = [];
        Dictionary<string, string> others = new(StringComparer.Ordinal);
        while (byteLines.MoveNext())
        {
            charLines.MoveNext().Should().BeTrue();
            PolicyLine<byte> line = byteLines.Current;
            deviations |= line.Deviation;
            charLines.Current.Deviation.Should().Be(line.Deviation);
            charLines.Current.DeviationPosition.Line.Should().Be(line.DeviationPosition.Line);
            charLines.Current.IsField.Should().Be(line.IsField);
            if (line.IsField)
            {
                string name = Encoding.UTF8.GetString(line.Name);
                string value = Encoding.UTF8.GetString(line.Value);
                CodeUnits.ToString(charLines.Current.Name).Should().Be(name);
                CodeUnits.ToString(charLines.Current.Value).Should().Be(value);
                if (name is "mx")
                {
                    mx.Add(value.ToLowerInvariant().TrimEnd('.'));
                }
                else
                {
                    others.TryAdd(name, value);
                }
            }
        }

        charLines.MoveNext().Should().BeFalse();
        deviations.Should().Be(policy.Deviations & ~OfValues, "of {0}", text);
        mx.Should().Equal(policy.Mx.Select(static pattern => pattern.ToString()), "of {0}", text);
        others["mode"].Should().Be(policy.Mode.ToString().ToLowerInvariant());
        foreach ((string name, string value) in policy.Extensions)
        {
            others[name].Should().Be(value);
        }

        return true;
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        string[] parts = ["\n", "\r\n", " ", "\t", "#", ":", ".", "# c\n", "a: b\n", "mx: x.example\n", "mode: y\n", "\uFEFF", "\r"];
        List<byte> mutant = [.. file];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            // At the start of a line as often as anywhere.
            int place = random.Next(mutant.Count + 1);
            if (random.Next(2) == 0)
            {
                place = 1 + mutant.FindIndex(Math.Max(place - 1, 0), static unit => unit == '\n');
            }

            mutant.InsertRange(place, Encoding.UTF8.GetBytes(parts[random.Next(parts.Length)]));
        }

        return [.. mutant];
    }
}
