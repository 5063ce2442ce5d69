using System.Text;

namespace MtaSts.Tests;

/// <summary>The hash of the names that others choose.</summary>
public sealed class NameHashTests
{
    [Theory]
    [InlineData("mx1.example")]
    [InlineData("mx12.example")] // the hash sees pairs of bytes, and of an odd number the last one by itself
    [InlineData("a")]
    [InlineData("ab")]
    public void Compute_AnotherCharacterInAnyPlace_GivesAnotherHash(string name)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        HashSet<int> hashes = [NameHash.Compute(bytes)];
        for (int place = 0; place < bytes.Length; place++)
        {
            byte[] other = [.. bytes];
            other[place] = (byte)'z';
            hashes.Add(NameHash.Compute(other));
        }

        // Two of them may be equal by chance, once in some fifty million runs.
        hashes.Should().HaveCount(bytes.Length + 1);
    }
}
