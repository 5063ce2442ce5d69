using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MtaSts.Linting;

namespace MtaSts.Tests;

public sealed class ExplainTests
{
    private const string NoMatch = " matches no pattern of the policy";
    private const string NotSimilar = $"{NoMatch}, and no pattern is similar.";
    private const string NotTheDomain = "matches the hosts of that domain, not the domain itself.";
    private const string InvalidLabel = "its first label, in the place of the asterisk of \"*.example.com\", "
        + "is empty or contains whitespace or a character outside printable ASCII";

    public static TheoryData<string, string, string> Sentences => new() // patterns, host, sentence
    {
        { "mx.example.com", "mx.example.com", "\"mx.example.com\" matches the pattern \"mx.example.com\"." },
        { "mx.example.com", "MX.Example.COM.", "\"MX.Example.COM.\" matches the pattern \"mx.example.com\"." }, // the host as given
        { // the first in file order
            "*.example.com mx.example.com", "mx.example.com",
            "\"mx.example.com\" matches the pattern \"*.example.com\"."
        },
        {
            "*.xn--bcher-kva.example", "mx.b\u00FCcher.example",
            "\"mx.b<U+00FC>cher.example\" matches the pattern \"*.xn--bcher-kva.example\"."
        },

        { "*.example.com", "example.com", $"\"example.com\"{NoMatch}: \"*.example.com\" {NotTheDomain}" },
        { "*.example.com", "a.b.example.com", $"\"a.b.example.com\"{NoMatch}: it is one label too deep for \"*.example.com\"." },
        { "*.example.com", "a.b.c.example.com", $"\"a.b.c.example.com\"{NoMatch}: it is two labels too deep for \"*.example.com\"." },
        { "*.example.com", "a.b.c.d.example.com", $"\"a.b.c.d.example.com\"{NoMatch}: it is 3 labels too deep for \"*.example.com\"." },
        { "example.com", "mx.example.com", $"\"mx.example.com\"{NoMatch}: it is below \"example.com\", which is not a wildcard." },
        { "mx1.example.com", "mx2.example.com", $"\"mx2.example.com\"{NoMatch}: it is one typing error away from \"mx1.example.com\"." },
        { "mx1.example.com", "mx2.exampl.com", $"\"mx2.exampl.com\"{NoMatch}: it is two typing errors away from \"mx1.example.com\"." },
        {
            "*.example.com", "mx.exmaple.com",
            $"\"mx.exmaple.com\"{NoMatch}: the part after its first label is one typing error away from \"*.example.com\"."
        },
        {
            "inbound.example.com", "mx.example.com",
            $"\"mx.example.com\"{NoMatch}: only a trailing part is the same as in \"inbound.example.com\"."
        },
        {
            "*.eu.example.com", "mx.example.com",
            $"\"mx.example.com\"{NoMatch}: only a trailing part is the same as in \"*.eu.example.com\"."
        },
        {
            "inbound.example.com", "example.com",
            $"\"example.com\"{NoMatch}: only a trailing part is the same as in \"inbound.example.com\"."
        },
        {
            "*.example.com", ".example.com",
            $"\".example.com\"{NoMatch}: {InvalidLabel}."
        },
        {
            "*.example.com", "mx\0.example.com",
            $"\"mx<U+0000>.example.com\"{NoMatch}: {InvalidLabel}."
        },
        {
            "other.example.net inbound.example.com *.example.com", "a.mx.example.com", // the most similar first, not in file order
            $"\"a.mx.example.com\"{NoMatch}: it is one label too deep for \"*.example.com\"; "
                + "only a trailing part is the same as in \"inbound.example.com\"."
        },
        {
            "*.b\u00FCcher.example", "b\u00FCcher.example",
            $"\"b<U+00FC>cher.example\"{NoMatch}: \"*.xn--bcher-kva.example\" {NotTheDomain}"
        },

        { "mx.example.com", "mx.example.net", $"\"mx.example.net\"{NotSimilar}" }, // three letters differ
        { "mx.example.com", "mail.elsewhere.com", $"\"mail.elsewhere.com\"{NotSimilar}" }, // one common label is not similar
        { "a.com", "b.com", $"\"b.com\"{NoMatch}: it is one typing error away from \"a.com\"." },
        {
            "*.example.com", "mx.exmapel.com",
            $"\"mx.exmapel.com\"{NoMatch}: the part after its first label is two typing errors away from \"*.example.com\"."
        },
        {
            "*.example.com", ".exmaple.com",
            $"\".exmaple.com\"{NoMatch}: the part after its first label is one typing error away from \"*.example.com\"."
        },
        { "abc", "abd", $"\"abd\"{NotSimilar}" }, // too short for a typing error
        { "abc", "abcd", $"\"abcd\"{NotSimilar}" }, // the shorter one counts
        { "abcd", "abce", $"\"abce\"{NoMatch}: it is one typing error away from \"abcd\"." },
        { "*.a.com", "b.com", $"\"b.com\"{NotSimilar}" }, // not "com" for "a.com"
        { "mx.example.com", "a ~\u007F", $"\"a ~<U+007F>\"{NotSimilar}" }, // the first and the last printable character, and one more
        { "mx.example.com", "\U0001F4E7", $"\"<U+1F4E7>\"{NotSimilar}" },
        { "mx.example.com", "", $"\"\"{NotSimilar}" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void ToString_HostAndPatterns_ExplainsTheHost(string patterns, string host, string expected)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        Policy policy = PolicyOf(patterns.Replace("b\u00FCcher", "xn--bcher-kva", StringComparison.Ordinal).Split(' '));
        MxExplanation explanation = policy.Explain(host);
        explanation.ToString().Should().Be(expected);
        explanation.MxHost.Should().Be(host);
        explanation.IsAllowed.Should().Be(policy.Matches(host));
    }

    [Fact]
    public void NearMisses_OfEachReason_CarryPatternReasonAndDistance()
    {
        NearMiss Only(string pattern, string host) => PolicyOf(pattern).Explain(host).NearMisses.Should().ContainSingle().Subject;

        Data(Only("*.example.com", ".example.com")).Should().Be(("*.example.com", NearMissReason.InvalidLabel, 1));
        Data(Only("*.example.com", "example.com")).Should().Be(("*.example.com", NearMissReason.Apex, 1));
        Data(Only("*.example.com", "a.b.c.example.com")).Should().Be(("*.example.com", NearMissReason.TooDeep, 2));
        Data(Only("example.com", "a.b.example.com")).Should().Be(("example.com", NearMissReason.BelowName, 2));
        Data(Only("mx1.example.com", "mx22.example.com")).Should().Be(("mx1.example.com", NearMissReason.Typo, 2));
        Data(Only("inbound.example.com", "mx.example.com")).Should().Be(("inbound.example.com", NearMissReason.TrailingPart, 2));
        Data(Only("inbound.example.com", "example.com")).Should().Be(("inbound.example.com", NearMissReason.TrailingPart, 1));
        Data(Only("inbound-mx.example.com", "mx.example.com")).Should().Be(
            ("inbound-mx.example.com", NearMissReason.TrailingPart, 2)); // not the label "mx"
        Data(Only("*.eu.example.com", "mx.example.com")).Should().Be(("*.eu.example.com", NearMissReason.TrailingPart, 3));
    }

    [Fact]
    public void NearMisses_ManyPatterns_AreTheThreeNearestEachOnce()
    {
        Policy policy = PolicyOf(
            "inbound.example.com", "mx22.example.com", "mx1.example.com", "mx1.example.com", "mx3.example.com", "mx4.example.com",
            "outbound.example.com");
        policy.Explain("mx2.example.com").NearMisses.Select(Data).Should().Equal(
            ("mx22.example.com", NearMissReason.Typo, 1),
            ("mx1.example.com", NearMissReason.Typo, 1),
            ("mx3.example.com", NearMissReason.Typo, 1));
    }

    [Fact]
    public void NearMisses_NearerPatternLater_ReplacesTheFarthest()
    {
        Policy policy = PolicyOf("aaaaa.example.com", "bbbbb.example.com", "ccccc.example.com", "*.example.com");
        policy.Explain("x.y.example.com").NearMisses.Select(Data).Should().Equal(
            ("*.example.com", NearMissReason.TooDeep, 1),
            ("aaaaa.example.com", NearMissReason.TrailingPart, 3),
            ("bbbbb.example.com", NearMissReason.TrailingPart, 3));
    }

    [Fact]
    public void Explain_AllowedHost_HasThePatternAndNoNearMiss()
    {
        MxExplanation explanation = PolicyOf("mx.example.com", "*.example.com").Explain("mx1.example.com");
        explanation.MatchedPattern.Should().Be(MxPattern.Parse("*.example.com"));
        explanation.NearMisses.Should().BeEmpty();
    }

    // Not a row of the table, because the runner replaces a lone surrogate. It has no A-label.
    [Fact]
    public void ToString_LoneSurrogate_IsWrittenAsACodeUnit() =>
        PolicyOf("mx.example.com").Explain("\uD800.example.com").ToString().Should().Be($"\"<0xD800>.example.com\"{NotSimilar}");

    [Fact]
    public void NearMisses_LongestHost_AreFound()
    {
        string tail = string.Concat(Enumerable.Repeat(".a", 125));
        PolicyOf($"mxa{tail}").Explain($"mxb{tail}").NearMisses.Should().ContainSingle().Which.Reason.Should().Be(NearMissReason.Typo);
        PolicyOf($"mxa{tail}").Explain($"mxbb{tail}").NearMisses.Should().BeEmpty("a name has at most 253 octets");
    }

    [Fact]
    public void Explain_PolicyWithoutPatterns_HasNoSimilarPattern() =>
        new Policy(PolicyMode.None, TimeSpan.Zero, []).Explain("mx.example.com").ToString().Should().Be($"\"mx.example.com\"{NotSimilar}");

    [Fact]
    public void Explain_AnyHost_AgreesWithMatchesAndIsSafeToLog()
    {
        Policy policy = PolicyOf("mx.example.com", "*.example.com", "*.b.example.com", "example.net", "*.xn--bcher-kva.example");
        Gen<string> label = Gen.Elements(
            "a", "b", "mx", "MX", "", "example", "exmaple", "com", "net", "*", "b\u00FCcher", "\0", "\uD800", "\n", "_x", "\"");
        Arbitrary<string> hosts = (
            from count in Gen.Choose(0, 6)
            from labels in Gen.ArrayOf(label, count)
            from tail in Gen.Elements("", ".", ".example.com", ".example.net", ".b\u00FCcher.example")
            select string.Join('.', labels) + tail).ToArbitrary();

        Prop.ForAll(hosts, host =>
        {
            MxExplanation explanation = policy.Explain(host);
            bool matches = policy.TryMatch(host, out MxPattern pattern);
            return explanation.IsAllowed == matches
                && explanation.MatchedPattern == (matches ? pattern : null)
                && explanation.NearMisses.Count <= (matches ? 0 : 3)
                && explanation.NearMisses.All(miss => miss.Distance > 0)
                && explanation.ToString().All(c => c is >= ' ' and <= '~');
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20_260_831, 8461));
    }

    [Fact]
    public void ToString_LongHost_IsCut()
    {
        string sentence = PolicyOf("mx.example.com").Explain(new string('a', 10_000)).ToString();
        sentence.Should().StartWith($"\"{new string('a', 253)}...\" matches no pattern");
        PolicyOf("mx.example.com").Explain(new string('\0', 10_000)).ToString().Length.Should().BeLessThan(330);
    }

    [Fact]
    public void Explain_LargestPolicyAndLongestHost_IsNotAllowed()
    {
        // Every pattern differs from the host in its first label and again at its end, so no comparison ends early.
        string label = new('a', 60);
        string tail = string.Join('.', label, label, label);
        string LongPattern(int i) => string.Create(CultureInfo.InvariantCulture, $"a{i}a.{tail}b.example.com");
        Policy names = PolicyOf([.. Enumerable.Range(0, 300).Select(LongPattern)]);
        Policy small = PolicyOf([.. Enumerable.Range(0, 8_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:x}"))]);
        string host = $"ab.{tail}c.example.com";

        names.Explain(host).IsAllowed.Should().BeFalse();
        small.Explain(host).IsAllowed.Should().BeFalse();
        small.Explain("ffff").IsAllowed.Should().BeFalse();
    }

    private static Policy PolicyOf(params string[] patterns) =>
        new(PolicyMode.Enforce, TimeSpan.FromDays(7), patterns.Select(MxPattern.Parse));

    private static (string Pattern, NearMissReason Reason, int Distance) Data(NearMiss miss) =>
        (miss.Pattern.ToString(), miss.Reason, miss.Distance);
}
