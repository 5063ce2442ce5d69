using System.Globalization;

namespace MtaSts.Tests;

/// <summary>Verifies the index over a long list of patterns when hashes collide.</summary>
public sealed class MxIndexTests
{
    // For 17 patterns the index has 64 slots: these bits choose the slot, and the index stores only HashBits of a hash.
    private const int SlotBits = 63;
    private const int HashBits = unchecked((int)0xFFFF_0000);

    [Theory]
    [InlineData("", "")]
    [InlineData("*.", "mx1.")]
    public void TryMatch_NamesWithCollidingHashes_AreDistinguished(string asterisk, string label)
    {
        (string name, string other) = NamesThatCollide(asterisk.TrimStart('*'));
        Policy policy = PolicyOf(16, asterisk + name);
        policy.Matches(label + name).Should().BeTrue();
        policy.Matches(label + other).Should().BeFalse();

        policy = PolicyOf(15, asterisk + name, asterisk + other);
        foreach (string found in (string[])[name, other])
        {
            policy.TryMatch(label + found, out MxPattern pattern).Should().BeTrue();
            pattern.ToString().Should().Be(asterisk + found);
        }
    }

    private static (string First, string Second) NamesThatCollide(string before)
    {
        Dictionary<int, string> seen = [];
        for (int i = 0; ; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"name{i}.example");
            int key = NameHash.Compute(CodeUnits.Of((before + name).AsSpan())) & (SlotBits | HashBits);
            if (!seen.TryAdd(key, name))
            {
                return (seen[key], name);
            }
        }
    }

    private static Policy PolicyOf(int fillers, params string[] patterns) => new(
        PolicyMode.Enforce,
        TimeSpan.FromDays(1),
        [.. Enumerable.Range(0, fillers).Select(static i => $"filler{i}.example").Concat(patterns).Select(MxPattern.Parse)]);
}
