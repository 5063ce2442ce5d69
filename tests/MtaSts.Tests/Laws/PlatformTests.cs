using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MtaSts.Tests;

/// <summary>
/// Verifies how the framework treats our inputs: traps that the library avoids, and behavior that it depends on.
/// </summary>
public sealed class PlatformTests
{
    [Theory]
    [InlineData("86400\0")]
    [InlineData("86400\0\0")]
    [InlineData("00000086400")] // eleven digits
    public void UIntTryParse_AcceptsInvalidMaxAge(string text)
    {
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value).Should().BeTrue();
        value.Should().Be(86_400);
        uint.TryParse(Encoding.UTF8.GetBytes(text), NumberStyles.None, CultureInfo.InvariantCulture, out _).Should().BeTrue();

        Policy.TryParse($"version: STSv1\nmode: none\nmax_age: {text}", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData('\r')]
    [InlineData('\f')]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    public void EnumerateLines_SplitsAtCharactersThatEndNoLine(char c)
    {
        int lines = 0;
        foreach (ReadOnlySpan<char> line in $"a{c}b".AsSpan().EnumerateLines())
        {
            lines += line.Length;
        }

        lines.Should().Be(2, "the character itself is in neither line");
        Policy.TryParse($"version: STSv1\nmode: enforce{c}mx: a\nmx: b\nmax_age: 1", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData('\u0085')]
    [InlineData('\u00A0')]
    [InlineData('\u2028')]
    [InlineData('\u3000')]
    public void Trim_RemovesUnicodeWhitespace(char c)
    {
        $"{c}enforce{c}".Trim().Should().Be("enforce");
        char.IsWhiteSpace(c).Should().BeTrue();

        Policy.TryParse($"version: STSv1\nmode: enforce{c}\nmx: b\nmax_age: 1", out _).Should().BeFalse();
    }

    [Fact]
    public void IsDigit_IsTrueForOtherScripts()
    {
        char.IsDigit('\u0661').Should().BeTrue();
        char.IsAsciiDigit('\u0661').Should().BeFalse();
        char.IsAsciiLetterOrDigit('\u212A').Should().BeFalse();
    }

    [Fact]
    public void ToLowerInvariant_MapsTheKelvinSignToK()
    {
        "\u212A".ToLowerInvariant().Should().Be("k");

        Sts.MxMatches("\u212A.example", "k.example").Should().BeFalse();
        Sts.MxMatches("\u212A.example", "*.example").Should().BeFalse();
    }

    // With ICU, the framework's default. Without it, the fullwidth letter and the ideographic full stop are not mapped.
    [Fact]
    public void IdnMapping_MapsCharactersToPlainAscii()
    {
        IdnMapping mapping = new();

        mapping.GetAscii("bücher").Should().Be("xn--bcher-kva");
        mapping.GetAscii("BÜCHER").Should().Be("xn--bcher-kva");
        mapping.GetAscii("\u212A").Should().Be("k");
        mapping.GetAscii("\uFF41").Should().Be("a");
        mapping.GetAscii("a\u3002b").Should().Be("a.b");

        Sts.MxMatches("\uFF41.example", "a.example").Should().BeFalse();
        Sts.MxMatches("a\u3002b", "a.b").Should().BeFalse();
    }

    [Fact]
    public void IdnMapping_TextWithoutAnALabel_ThrowsArgumentException()
    {
        IdnMapping mapping = new();

        Assert.ThrowsAny<ArgumentException>(() => mapping.GetAscii("\uD800"));
        Assert.ThrowsAny<ArgumentException>(() => mapping.GetAscii(new string('é', 64)));
        Assert.ThrowsAny<ArgumentException>(() => mapping.GetAscii("é\0"));
    }

    [Fact]
    public void EqualsIgnoreCase_OfAscii_IsFalseForNonAsciiEvenIfEqual()
    {
        Ascii.EqualsIgnoreCase("é", "é").Should().BeFalse();
        Ascii.EqualsIgnoreCase("\u212A", "k").Should().BeFalse();
        Ascii.EqualsIgnoreCase([0xE9], "é").Should().BeFalse();
        Ascii.EqualsIgnoreCase("k"u8, "\u212A").Should().BeFalse();
        Ascii.EqualsIgnoreCase("k"u8, "\u016B").Should().BeFalse(); // the lower byte is k
        Ascii.EqualsIgnoreCase("."u8, "\u000E").Should().BeFalse(); // differs in bit 0x20, but is not a letter
        Ascii.EqualsIgnoreCase("@[`{"u8, "`{@[").Should().BeFalse();
        Ascii.EqualsIgnoreCase("a.B-1"u8, "A.b-1").Should().BeTrue();
        Ascii.EqualsIgnoreCase(""u8, "").Should().BeTrue();
    }

    [Fact]
    public void ToLower_OfAscii_StopsAtNonAscii()
    {
        byte[] destination = new byte[8];

        Ascii.ToLower("A\u212A", destination, out _).Should().Be(OperationStatus.InvalidData);
        Ascii.ToLower([0x41, 0xC3], destination, out _).Should().Be(OperationStatus.InvalidData);
        Ascii.ToLower("123456789", destination, out _).Should().Be(OperationStatus.DestinationTooSmall);
        Ascii.ToLower("A.@[", destination, out int length).Should().Be(OperationStatus.Done);
        Encoding.ASCII.GetString(destination, 0, length).Should().Be("a.@[");
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0x80 }, 1)]
    [InlineData(new byte[] { 0xC1, 0xBF }, 1)]
    [InlineData(new byte[] { 0xE0, 0x9F, 0xBF }, 1)]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 1)]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 }, 1)]
    [InlineData(new byte[] { 0xE2, 0x82 }, 2)] // truncated: the status is NeedMoreData, not Done
    public void DecodeFromUtf8_RejectsIllFormedSequences(byte[] utf8Text, int length)
    {
        Rune.DecodeFromUtf8(utf8Text, out Rune rune, out int consumed).Should().NotBe(OperationStatus.Done);
        rune.Should().Be(Rune.ReplacementChar);
        consumed.Should().Be(length);
    }

    [Fact]
    public void IsControl_IsTrueBeyondAscii()
    {
        Rune.IsControl(new Rune('\u0085')).Should().BeTrue();
        Rune.IsControl(new Rune('\u007F')).Should().BeTrue();
        Rune.IsControl(new Rune('\u2028')).Should().BeFalse();
    }

    [Fact]
    public void GetByteCount_CountsALoneSurrogateAsThree()
    {
        Encoding.UTF8.GetByteCount("\uD800").Should().Be(3);
        Encoding.UTF8.GetByteCount("\uFEFF").Should().Be(3);
    }

    [Fact]
    public void GetHashCode_OfASpan_EqualsThatOfTheString()
    {
        char[] text = ['a', '\uFFFF', '\0'];

        string.GetHashCode(text, StringComparison.Ordinal).Should().Be(string.GetHashCode("a\uFFFF\0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mx.example.com.")]
    [InlineData("MX.example.com")]
    [InlineData("b\u00FCcher.example")]
    [InlineData("B\u00DCCHER.example.")]
    public async Task SslStream_SendsTheTargetHostUnchangedAsSni(string targetHost)
    {
        using MemoryStream wire = new();
        await using SslStream stream = new(wire);

        // The client hello is written, then reading fails because nobody answers.
        await Assert.ThrowsAsync<IOException>(() => stream.AuthenticateAsClientAsync(targetHost));

        ClientHello.Parse(wire.ToArray()).ServerName.Should().Be(targetHost);
    }

    [Fact]
    public void MatchesHostname_HostWithAnUnderscore_Throws()
    {
        using X509Certificate2 certificate = TestCertificates.IssueFor(
            TestCertificates.Root, "*.a1b2.example.com", "_dc-mx.a1b2.example.com");

        Assert.Throws<ArgumentException>(() => certificate.MatchesHostname("_dc-mx.a1b2.example.com"));

        Sts.MxMatches("_dc-mx.a1b2.example.com", "*.a1b2.example.com").Should().BeTrue();
    }
}
