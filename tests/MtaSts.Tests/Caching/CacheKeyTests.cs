using System.Collections.Concurrent;
using System.Text;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the lookup of an entry and its key by text.</summary>
public sealed class CacheKeyTests
{
    private const uint Now = 1_000;

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.com", "example.com")]
    [InlineData("A", "a")]
    [InlineData("Mail.Example", "mail.example")]
    [InlineData("XN--bcher-KVA.example", "xn--bcher-kva.example")]
    [InlineData("example.com.", null)] // the caller removes the root dot and converts non-ASCII
    [InlineData("bücher.example", null)]
    [InlineData("exampl\u212B.com", null)]
    [InlineData("example\u000Ecom", null)] // differs from a dot only in the bit of the letter case
    [InlineData("example.con", null)]
    [InlineData("xample.com", null)]
    [InlineData("b", null)]
    [InlineData("", null)]
    public void TryFind_Text_ReturnsTheEntryAndTheStoredKey(string text, string? expected)
    {
        Dictionary<string, CacheKey> keys = [];
        ConcurrentDictionary<CacheKey, CachedPolicy> entries = new(CacheKey.ByName.Instance);
        foreach (string name in (string[])["example.com", "a", "mail.example", "xn--bcher-kva.example"])
        {
            keys[name] = new(Encoding.ASCII.GetBytes(name), lastUse: (uint)name.Length);
            entries.TryAdd(keys[name], MakeEntry(id: $"{name.Length}")).Should().BeTrue();
        }

        CacheKey.TryFind(entries, text, out CacheKey key, out CachedPolicy? entry).Should().Be(expected is not null);

        entry?.Id.Should().Be($"{expected?.Length}");
        if (expected is not null)
        {
            Encoding.ASCII.GetString(key.Name).Should().Be(expected);
            key.LastUse.Should().Be((uint)expected.Length);
            key.LastUse = Now;
        }

        keys.Where(static pair => pair.Value.LastUse == Now).Select(static pair => pair.Key)
            .Should().Equal(expected is null ? [] : [expected]);
    }

    [Fact]
    public void TryFind_TextLongerThanAnyName_IsFalse()
    {
        ConcurrentDictionary<CacheKey, CachedPolicy> entries = new(CacheKey.ByName.Instance);
        string longest = string.Concat(Enumerable.Repeat("a.", 126)) + "a";
        entries.TryAdd(new(Encoding.ASCII.GetBytes(longest), 0), MakeEntry());

        CacheKey.TryFind(entries, longest, out _, out _).Should().BeTrue();
        CacheKey.TryFind(entries, longest + "a", out _, out _).Should().BeFalse();
        CacheKey.TryFind(entries, new string('a', 100_000), out _, out _).Should().BeFalse();
    }

    [Fact]
    public void Equality_IsByNameAlone()
    {
        CacheKey key = new("example.com"u8, 1);
        CacheKey later = new("example.com"u8, 2);
        CacheKey other = new("example.org"u8, 1);

        CacheKey.ByName.Instance.Equals(key, later).Should().BeTrue();
        CacheKey.ByName.Instance.GetHashCode(key).Should().Be(CacheKey.ByName.Instance.GetHashCode(later));
        CacheKey.ByName.Instance.Equals(key, other).Should().BeFalse();
    }

    [Fact]
    public void Create_FromText_IsRejected()
    {
        // Otherwise a text that was not validated could become a key.
        IAlternateEqualityComparer<ReadOnlySpan<char>, CacheKey> comparer = CacheKey.ByName.Instance;
        Action act = () => comparer.Create("example.com");
        act.Should().Throw<NotSupportedException>();
    }
}
