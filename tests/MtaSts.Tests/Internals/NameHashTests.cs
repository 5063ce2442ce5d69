using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;

namespace MtaSts.Tests;

/// <summary>Verifies the hash of names that publishers and peers choose.</summary>
public sealed class NameHashTests
{
    private const int Names = 1 << 16;
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";

    // Fixed keys: the results do not depend on chance.
    private static readonly (ulong First, ulong Second)[] Keys = MakeKeys(new(8461), 20);

    private delegate int Hash(ReadOnlySpan<byte> name);

    // Names that differ in a few characters, at different offsets within the blocks that the hash processes.
    public static TheoryData<string> Families => new(
        "{0:x4}", // fewer than eight units
        "{0:x4}.com", // eight
        "{0:x4}.example",
        "{0:x4}.example.com", // sixteen
        "mail.example{0:x4}",
        "domain{0}.example",
        ".{0:x4}.mail.example.net",
        "mx1.location-0999.mail.{0:x4}.example",
        "mx1.a-rather-long-name-of-three-blocks-and-more.example.{0:x4}");

    [Fact]
    public void Compute_OneCharacterChanged_ChangesTheHash()
    {
        for (int length = 1; length <= 80; length++)
        {
            byte[] name = [.. Enumerable.Range(0, length).Select(static i => (byte)('a' + (i % 20)))];
            HashSet<int> hashes = [Compute(name, 0)];
            for (int index = 0; index < length; index++)
            {
                byte[] other = [.. name];
                other[index] = (byte)'z';
                hashes.Add(Compute(other, 0));
            }

            hashes.Should().HaveCount(length + 1, "each of {0} characters must count", length);
        }
    }

    [Fact]
    public void Compute_LengthAndFirstCharacterChanged_RarelyCollide()
    {
        const int Lengths = 63;
        for (int key = 0; key < Keys.Length; key++)
        {
            IEnumerable<int> hashes = LettersAndDigits.SelectMany(first =>
                Enumerable.Range(0, Lengths).Select(length => Compute(Encoding.ASCII.GetBytes(first + new string('c', length)), key)));

            // One collision by chance is expected in one key of two thousand.
            hashes.Distinct().Should().HaveCountGreaterThan((LettersAndDigits.Length * Lengths) - 2);
        }
    }

    [Fact]
    public void Compute_CharactersOrBytesInAnyCase_ReturnTheSameHash()
    {
        const string Characters = "Abc-XYZ.019_*";
        for (int length = 0; length <= 80; length++)
        {
            string name = string.Concat(Enumerable.Range(0, length).Select(static i => Characters[i % Characters.Length]));
            int expected = NameHash.Compute<byte>(Encoding.ASCII.GetBytes(name.ToLowerInvariant()));

            NameHash.Compute(CodeUnits.Of(name.AsSpan())).Should().Be(expected);
            NameHash.Compute(CodeUnits.Of(name.ToUpperInvariant().AsSpan())).Should().Be(expected);
            NameHash.Compute<byte>(Encoding.ASCII.GetBytes(name)).Should().Be(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Compute_SimilarNames_SpreadLikeRandomHashes(string family)
    {
        byte[][] names =
            [.. Enumerable.Range(0, Names).Select(i => Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, family, i)))];
        for (int key = 0; key < Keys.Length; key++)
        {
            int[] hashes = [.. names.Select(name => Compute(name, key))];

            // Random hashes: half a collision on average, and eight or nine names in the fullest of 65,536 buckets.
            hashes.Distinct().Count().Should().BeInRange(Names - 5, Names);
            Fullest(hashes, static hash => (ushort)hash).Should().BeLessThan(14);
            Fullest(hashes, static hash => (ushort)(hash >> 16)).Should().BeLessThan(14);
            Fullest(hashes, static hash => (ushort)((uint)hash % 65_521)).Should().BeLessThan(14);
        }
    }

    [Fact]
    public void Compute_DifferentKey_ChangesHashesAndCollisions()
    {
        (ulong first, ulong second) = Keys[0];
        byte[][] names =
        [
            .. Enumerable.Range(0, 1_000)
                .Select(static i => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"mx{i}.example.com"))),
        ];
        foreach ((ulong otherFirst, ulong otherSecond) in ((ulong, ulong)[])[(first ^ 1, second), (first, second ^ (1UL << 40))])
        {
            int[] differences = [.. names.Select(name =>
                NameHash.Compute<byte>(name, first, second) ^ NameHash.Compute<byte>(name, otherFirst, otherSecond))];

            differences.Should().NotContain(0);
            differences.Distinct().Should().HaveCountGreaterThan(990);
        }
    }

    [Fact]
    public void Compute_SecondLoadOfTheAssembly_HasDifferentKeys()
    {
        // As in another process: names that collide in one process do not collide in another.
        AssemblyLoadContext context = new(nameof(NameHashTests), isCollectible: true);
        Type other = context.LoadFromAssemblyPath(typeof(NameHash).Assembly.Location).GetType(typeof(NameHash).FullName!)!;
        Hash compute = other.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Single(static method => method.Name == nameof(NameHash.Compute) && method.GetParameters().Length == 1)
            .MakeGenericMethod(typeof(byte))
            .CreateDelegate<Hash>();
        byte[] name = Encoding.ASCII.GetBytes("mx1.example.com");

        compute(name).Should().NotBe(NameHash.Compute<byte>(name));
        object?[] keys = [.. KeysOf(typeof(NameHash)), .. KeysOf(other)];
        keys.Should().HaveCount(4).And.OnlyHaveUniqueItems().And.NotContain(0UL);
        context.Unload();

        static IEnumerable<object?> KeysOf(Type type) =>
            type.GetFields(BindingFlags.NonPublic | BindingFlags.Static).Select(static field => field.GetValue(null));
    }

    private static int Compute(byte[] name, int key) => NameHash.Compute<byte>(name, Keys[key].First, Keys[key].Second);

    private static int Fullest(int[] hashes, Func<int, ushort> bucket)
    {
        int[] counts = new int[ushort.MaxValue + 1];
        foreach (int hash in hashes)
        {
            counts[bucket(hash)]++;
        }

        return counts.Max();
    }

    private static (ulong First, ulong Second)[] MakeKeys(Random random, int count)
    {
        return [.. Enumerable.Range(0, count).Select(_ => (NextKey(), NextKey()))];

        ulong NextKey() => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
    }
}
