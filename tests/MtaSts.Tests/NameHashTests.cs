using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;

namespace MtaSts.Tests;

/// <summary>The hash of the names that others choose.</summary>
public sealed class NameHashTests
{
    private const int Names = 1 << 16;

    private delegate int Hash(ReadOnlySpan<byte> name);

    /// <summary>Names that are alike in all but a few places, wherever those stand in the blocks that the hash takes.</summary>
    public static TheoryData<string> Families => new(
        "{0:x4}", // under eight units
        "{0:x4}.com", // eight
        "{0:x4}.example",
        "{0:x4}.example.com", // sixteen
        "domain{0}.example",
        ".{0:x4}.mail.example.net",
        "mx1.location-0999.mail.{0:x4}.example",
        "mx1.a-rather-long-name-of-three-blocks-and-more.example.{0:x4}");

    [Fact]
    public void Compute_AnotherCharacterInAnyPlace_GivesAnotherHash()
    {
        for (int length = 1; length <= 80; length++)
        {
            byte[] name = [.. Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 20)))];
            HashSet<int> hashes = [Compute(name)];
            for (int place = 0; place < length; place++)
            {
                byte[] other = [.. name];
                other[place] = (byte)'z';
                hashes.Add(Compute(other));
            }

            // Two of all these may be equal by chance, once in some forty thousand runs.
            hashes.Should().HaveCount(length + 1, "nothing of {0} characters may be left out", length);
        }
    }

    [Fact]
    public void Compute_OneCharacterRepeated_DependsOnTheLength() =>
        Enumerable.Range(0, 254).Select(static length => Compute([.. Enumerable.Repeat((byte)'a', length)])).Should().OnlyHaveUniqueItems();

    [Fact]
    public void Compute_AnotherLengthAndAnotherCharacter_DoNotMakeUpForEachOther()
    {
        const string Firsts = "abcdefghijklmnopqrstuvwxyz0123456789";
        const int Lengths = 63;
        int[] hashes = [.. Firsts.SelectMany(static first => Enumerable.Range(0, Lengths).Select(length => Compute(first + new string('c', length))))];

        // A pair by chance once in two thousand runs.
        hashes.Distinct().Should().HaveCountGreaterThan((Firsts.Length * Lengths) - 3);
    }

    [Fact]
    public void Compute_CharactersOrBytesInAnyCase_GiveTheSameHash()
    {
        const string Characters = "Abc-XYZ.019_*";
        for (int length = 0; length <= 80; length++)
        {
            string name = string.Concat(Enumerable.Range(0, length).Select(static i => Characters[i % Characters.Length]));
            int expected = Compute(Encoding.ASCII.GetBytes(name.ToLowerInvariant()));

            Compute(name).Should().Be(expected);
            Compute(name.ToUpperInvariant()).Should().Be(expected);
            Compute(Encoding.ASCII.GetBytes(name)).Should().Be(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Compute_NamesThatAreAlike_SpreadAsIfByChance(string family)
    {
        int[] hashes = [.. Enumerable.Range(0, Names).Select(i => Compute(string.Format(CultureInfo.InvariantCulture, family, i)))];

        // By chance half a pair is equal, and the fullest of as many buckets as names holds eight or nine. The bounds fail once in a million runs or less.
        hashes.Distinct().Count().Should().BeInRange(Names - 8, Names);
        Fullest(static hash => hash & (Names - 1)).Should().BeLessThan(15);
        Fullest(static hash => hash >>> 16).Should().BeLessThan(15);
        Fullest(static hash => (int)((uint)hash % 65_521)).Should().BeLessThan(15);

        int Fullest(Func<int, int> bucket) => hashes.GroupBy(bucket).Max(static group => group.Count());
    }

    [Fact]
    public void Compute_LoadedOnceMore_HasOtherKeys()
    {
        // As in another process: what collides in one of them is spread in the others.
        AssemblyLoadContext context = new(nameof(NameHashTests), isCollectible: true);
        Hash other = context.LoadFromAssemblyPath(typeof(NameHash).Assembly.Location)
            .GetType(typeof(NameHash).FullName!)!
            .GetMethod(nameof(NameHash.Compute), BindingFlags.Public | BindingFlags.Static)!
            .MakeGenericMethod(typeof(byte))
            .CreateDelegate<Hash>();
        byte[][] names = [.. Enumerable.Range(0, 100).Select(static i => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"mx{i}.example.com")))];

        names.Select(name => other(name)).Should().NotIntersectWith(names.Select(static name => Compute(name)));
        names.Select(name => other(name) ^ Compute(name)).Distinct().Should().HaveCountGreaterThan(90);
        context.Unload();
    }

    private static int Compute(byte[] name) => NameHash.Compute<byte>(name);

    private static int Compute(string name) => NameHash.Compute(TextUnits.Of(name.AsSpan()));
}
