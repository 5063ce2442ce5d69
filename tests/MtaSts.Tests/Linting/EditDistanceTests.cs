using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MtaSts.Linting;

namespace MtaSts.Tests;

public sealed class EditDistanceTests
{
    public static TheoryData<string, string, int> Pairs => new()
    {
        { "mx.example.com", "mx.example.com", 0 },
        { "mx.exmple.com", "mx.example.com", 1 },   // one deleted
        { "mxx.example.com", "mx.example.com", 1 }, // one inserted
        { "my.example.com", "mx.example.com", 1 },  // one replaced
        { "mx.exmaple.com", "mx.example.com", 1 },  // two neighbours swapped
        { "xm.exmaple.com", "mx.example.com", 2 },
        { "ab", "", 2 },
        { "", "", 0 },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Count_KnownPair_IsTheNumberOfEditsBothWays(string a, string b, int expected)
    {
        Count(a, b).Should().Be(expected);
        Count(b, a).Should().Be(expected);
    }

    [Fact]
    public void Count_AnyPair_AgreesWithTheTableUpToTheLimit()
    {
        // Few letters, so that pairs are similar.
        Gen<string> text = from length in Gen.Choose(0, 9)
                           from letters in Gen.ArrayOf(Gen.Elements('a', 'b', '.'), length)
                           select new string(letters);
        Arbitrary<(string A, string B, int Limit)> cases = (
            from a in text
            from b in text
            from limit in Gen.Choose(0, 2)
            select (a, b, limit)).ToArbitrary();

        Prop.ForAll(cases, c => Math.Min(Count(c.A, c.B, c.Limit), c.Limit + 1) == Math.Min(Table(c.A, c.B), c.Limit + 1))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20_260_831, 8461));
    }

    private static int Count(string a, string b, int limit = 2) =>
        EditDistance.Count(Encoding.ASCII.GetBytes(a), Encoding.ASCII.GetBytes(b), limit);

    /// <summary>Computes the distance by the textbook's table of the distances between all prefixes.</summary>
    private static int Table(string a, string b)
    {
        Dictionary<(int, int), int> distance = [];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[(i, j)] = i + j;
                    continue;
                }

                int replaced = distance[(i - 1, j - 1)] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distance[(i, j)] = Math.Min(replaced, 1 + Math.Min(distance[(i - 1, j)], distance[(i, j - 1)]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance[(i, j)] = Math.Min(distance[(i, j)], 1 + distance[(i - 2, j - 2)]);
                }
            }
        }

        return distance[(a.Length, b.Length)];
    }
}
