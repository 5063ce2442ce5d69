namespace MtaSts.Tests;

public sealed class PolicyDomainTests
{
    // "_mta-sts." counts towards the 253 octets of the record's name.
    private static readonly string Domain244 = MxPatternTests.Name253[9..];
    private static readonly string Domain245 = MxPatternTests.Name253[8..];

    // The A-label of "é" is "xn--9ca", with its dot eight octets.
    private static readonly string International244 = $"é.{Domain244[8..]}";
    private static readonly string International245 = $"é.{Domain245[8..]}";

    // The text, and its canonical form; null if it is canonical already.
    public static TheoryData<string, string?> Domains => new()
    {
        { "example.com", null },
        { "com", null }, // one label is a Domain
        { "a-b.example", null },
        { "1.example", null },
        { "EXAMPLE.Com", "example.com" },
        { "example.com.", "example.com" }, // the root dot
        { "xn--bcher-kva.example", null },
        { "XN--BCHER-KVA.example", "xn--bcher-kva.example" },
        { "xn--a-b", null }, // an A-label given as such is not decoded
        { "bücher.example", "xn--bcher-kva.example" },
        { "BÜCHER.Example.", "xn--bcher-kva.example" },
        { "mail.中国", "mail.xn--fiqs8s" },
        { "192.0.2.1", null }, // labels of digits are a Domain (RFC 5321, section 4.1.2); an address literal has brackets (section 4.1.3)
        { "2130706433", null },
        { MxPatternTests.Label63, null },
        { Domain244, null },
        { $"{Domain244}.", Domain244 }, // the root dot does not count
        { Domain244.ToUpperInvariant(), Domain244 },
        { International244, $"xn--9ca.{Domain244[8..]}" },
    };

    // The text, with the offset of the error marked by "^", and the error.
    public static TheoryData<string, ParseErrorCode> NoDomains => new()
    {
        { "^", ParseErrorCode.EmptyName },
        { "^.", ParseErrorCode.EmptyName }, // the root itself
        { "^..", ParseErrorCode.EmptyLabel },
        { "^.example.com", ParseErrorCode.EmptyLabel },
        { "a.^.example", ParseErrorCode.EmptyLabel },
        { "example.com^..", ParseErrorCode.TrailingDot }, // only one dot is the root's
        { "b^ücher..example", ParseErrorCode.NonAsciiName },
        { "^-a.example", ParseErrorCode.MisplacedHyphen },
        { "a^-.example", ParseErrorCode.MisplacedHyphen },
        { "^_mta-sts.example.com", ParseErrorCode.InvalidNameCharacter }, // the record's name is not the domain
        { "a^_b.example", ParseErrorCode.InvalidNameCharacter },
        { "^*.example.com", ParseErrorCode.InvalidNameCharacter }, // a pattern is not a domain
        { "a^*.example.com", ParseErrorCode.InvalidNameCharacter },
        { "^*.bücher.example", ParseErrorCode.InvalidNameCharacter },
        { "^[192.0.2.1]", ParseErrorCode.AddressLiteral },
        { "^[IPv6:2001:db8::1]", ParseErrorCode.AddressLiteral },
        { "^[example.com]", ParseErrorCode.AddressLiteral },
        { "2001^:db8::1", ParseErrorCode.InvalidNameCharacter },
        { "example.com^:25", ParseErrorCode.InvalidNameCharacter },
        { "192.0.2.1^:25", ParseErrorCode.InvalidNameCharacter },
        { "user^@example.com", ParseErrorCode.InvalidNameCharacter },
        { "https^://example.com", ParseErrorCode.InvalidNameCharacter },
        { "example.com^/", ParseErrorCode.InvalidNameCharacter },
        { "^ example.com", ParseErrorCode.InvalidNameCharacter },
        { "a^ b.example", ParseErrorCode.InvalidNameCharacter },
        { "example.com^ ", ParseErrorCode.InvalidNameCharacter },
        { "a^\t.example", ParseErrorCode.InvalidNameCharacter },
        { "example.com^\n", ParseErrorCode.ControlCharacter },
        { "example.com^\0", ParseErrorCode.ControlCharacter },
        { "example.com^\0.evil.example", ParseErrorCode.ControlCharacter }, // text in C ends at NUL
        { "a_b.example^\x7F", ParseErrorCode.ControlCharacter }, // such a character takes precedence: it is usually the cause
        { "^\u212A.example", ParseErrorCode.NonAsciiName }, // the Kelvin sign would be mapped to "k", another name
        { "^\uFF41.example", ParseErrorCode.NonAsciiName }, // a full-width "a"
        { "a^\u3002example", ParseErrorCode.NonAsciiName }, // the ideographic full stop is not a dot here
        { "a^\u200B.example", ParseErrorCode.NonAsciiName }, // a zero-width space
        { "^bücher .example", ParseErrorCode.InvalidNameCharacter }, // its A-label would hold the space
        { "^bücher.a_b", ParseErrorCode.InvalidNameCharacter }, // the ASCII label is the fault; the whole text is shown
        { $"^{MxPatternTests.Label63}a.example", ParseErrorCode.LabelTooLong },
        { "^" + new string('é', 64), ParseErrorCode.NonAsciiName }, // no A-label within 63 octets
        { $"^{Domain245}", ParseErrorCode.DomainTooLong },
        { $"^{Domain245}.", ParseErrorCode.DomainTooLong },
        { $"^{MxPatternTests.Name253}", ParseErrorCode.DomainTooLong },
        { $"^a.{MxPatternTests.Name253}", ParseErrorCode.DomainTooLong },
        { $"^{International245}", ParseErrorCode.DomainTooLong }, // 245 octets as A-labels, 239 characters as U-labels
        { $"^é.{MxPatternTests.Name253}", ParseErrorCode.DomainTooLong },
        { "^" + string.Join('.', Enumerable.Repeat("é", 100)), ParseErrorCode.DomainTooLong }, // 199 characters, 799 octets
        { "^" + new string('a', 100_000), ParseErrorCode.LabelTooLong },
        { "^" + new string('é', 100_000), ParseErrorCode.NonAsciiName },
    };

    [Theory]
    [MemberData(nameof(Domains))]
    public void Parse_Domain_HasItsCanonicalNameByEveryRoute(string text, string? canonical)
    {
        string name = canonical ?? text;
        PolicyDomain.TryParse(text.AsSpan(), out PolicyDomain? expected, out ParseError error).Should().BeTrue();
        error.Should().Be(default(ParseError));
        PolicyDomain.TryParse(text, out PolicyDomain? byString).Should().BeTrue();
        PolicyDomain.TryParse(text.AsSpan(), out PolicyDomain? bySpan).Should().BeTrue();
        AnyParsable.TryParse(text, out PolicyDomain? byParsable).Should().BeTrue();
        TrySpan(text, out PolicyDomain? bySpanParsable).Should().BeTrue();

        PolicyDomain?[] domains =
        [
            expected, byString, bySpan, byParsable, bySpanParsable,
            PolicyDomain.Parse(text), PolicyDomain.Parse(text.AsSpan()),
            AnyParsable.Parse<PolicyDomain>(text), ParseSpan<PolicyDomain>(text),
            PolicyDomain.Parse(name), // the canonical form parses to itself
        ];
        foreach (PolicyDomain? domain in domains)
        {
            domain!.Name.Should().Be(name);
            domain.ToString().Should().Be(name);
            (domain == expected && !(domain != expected) && domain.Equals(expected) && domain.Equals((object?)expected)).Should().BeTrue();
            domain.GetHashCode().Should().Be(expected!.GetHashCode());
        }
    }

    [Theory]
    [MemberData(nameof(Domains))]
    public void Names_OfADomain_BeginWithTheLabelsOfTheRfc(string text, string? canonical)
    {
        string name = canonical ?? text;
        PolicyDomain domain = PolicyDomain.Parse(text);

        domain.RecordName.Should().Be($"_mta-sts.{name}");
        domain.PolicyHost.Should().Be($"mta-sts.{name}");
        domain.PolicyUrl.Should().Be($"https://mta-sts.{name}/.well-known/mta-sts.txt");
        new Uri(domain.PolicyUrl).IdnHost.Should().Be(domain.PolicyHost);
        (Sts.RecordName(text), Sts.PolicyHost(text), Sts.PolicyUrl(text))
            .Should().Be((domain.RecordName, domain.PolicyHost, domain.PolicyUrl));
    }

    [Theory]
    [MemberData(nameof(NoDomains))]
    public void Parse_AnotherText_IsRejectedWithTheSameErrorByEveryRoute(string marked, ParseErrorCode code)
    {
        int offset = marked.IndexOf('^', StringComparison.Ordinal);
        string text = marked.Remove(offset, 1);

        PolicyDomain.TryParse(text.AsSpan(), out PolicyDomain? domain, out ParseError error).Should().BeFalse();
        domain.Should().BeNull();
        (error.Code, error.Line, error.Offset).Should().Be((code, 1, offset));

        PolicyDomain.TryParse(text, out domain).Should().BeFalse();
        domain.Should().BeNull();
        PolicyDomain.TryParse(text.AsSpan(), out domain).Should().BeFalse();
        domain.Should().BeNull();
        AnyParsable.TryParse(text, out domain).Should().BeFalse();
        domain.Should().BeNull();
        TrySpan(text, out domain).Should().BeFalse();
        domain.Should().BeNull();
        Func<PolicyDomain>[] parses =
        [
            () => PolicyDomain.Parse(text), () => PolicyDomain.Parse(text.AsSpan()),
            () => AnyParsable.Parse<PolicyDomain>(text), () => ParseSpan<PolicyDomain>(text),
        ];
        foreach (Func<PolicyDomain> parse in parses)
        {
            Assert.Throws<MtaStsFormatException>(() => { _ = parse(); }).Error.Should().Be(error);
        }

        Assert.Throws<ArgumentException>("domain", () => Sts.RecordName(text)).Message.Should().StartWith(error.Reason);
    }

    // Not rows of the table: the test runner cannot pass half a surrogate pair.
    [Fact]
    public void Parse_HalfASurrogatePair_IsRejectedByEveryRoute()
    {
        Parse_AnotherText_IsRejectedWithTheSameErrorByEveryRoute("^\uD800.example", ParseErrorCode.InvalidEncoding);
        Parse_AnotherText_IsRejectedWithTheSameErrorByEveryRoute("a.^\uDC00", ParseErrorCode.InvalidEncoding);
        Parse_AnotherText_IsRejectedWithTheSameErrorByEveryRoute("b\u00FCcher.^\uDC00\uD800", ParseErrorCode.InvalidEncoding);
    }

    [Fact]
    public void Parse_Null_IsNoDomain()
    {
        PolicyDomain.TryParse(null, out PolicyDomain? domain).Should().BeFalse();
        domain.Should().BeNull();
        PolicyDomain.TryParse(null, out domain, out ParseError error).Should().BeFalse();
        error.Code.Should().Be(ParseErrorCode.EmptyName, "null is rejected like an empty text");
        AnyParsable.TryParse(null, out domain).Should().BeFalse();
        domain.Should().BeNull();
        Assert.Throws<ArgumentNullException>("text", static () => PolicyDomain.Parse(null!));
    }

    [Fact]
    public void Equals_OtherName_IsFalse()
    {
        PolicyDomain domain = PolicyDomain.Parse("example.com");

        domain.Equals(PolicyDomain.Parse("mail.example.com")).Should().BeFalse(); // a policy does not apply to subdomains
        (domain == PolicyDomain.Parse("example.org")).Should().BeFalse();
        (domain != PolicyDomain.Parse("example.org")).Should().BeTrue();
        domain.Equals(Nothing).Should().BeFalse();
        domain.Equals((object)"example.com").Should().BeFalse();
        AreEqual(domain, null).Should().BeFalse();
        AreEqual(null, domain).Should().BeFalse();
        AreEqual(null, null).Should().BeTrue();
        new HashSet<PolicyDomain> { domain }.Contains(PolicyDomain.Parse("EXAMPLE.com.")).Should().BeTrue();
    }

    [Fact]
    public void MaxLength_LeavesRoomForTheRecordName() =>
        PolicyDomain.Parse(Domain244).RecordName.Should().HaveLength("_mta-sts.".Length + PolicyDomain.MaxLength);

    // Not a literal, which the compiler would take for a null check of the domain.
    private static PolicyDomain? Nothing => null;

    private static bool AreEqual(PolicyDomain? left, PolicyDomain? right) => left == right;

    private static bool TrySpan<T>(string text, out T? value)
        where T : ISpanParsable<T> =>
        T.TryParse(text.AsSpan(), null, out value);

    private static T ParseSpan<T>(string text)
        where T : ISpanParsable<T> =>
        T.Parse(text.AsSpan(), null);
}
