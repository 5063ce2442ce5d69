using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MtaSts.Tests;

/// <summary>Holds the library to docs/compatibility.md: the numbers and texts that programs and stores depend on.</summary>
public partial class CompatibilityTests
{
    private const string SavedPolicy = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n";

    private const string SavedEntry =
        """{"id":"20160831085700Z","version":"STSv1","mode":"enforce","mx":["mail.example.com"],"maxAge":604800,"""
        + "\"expires\":\"2026-08-08T12:00:00.0000000Z\"}";

    private const string SavedLine = "1 A8DB589F8568C156 1 example.com " + SavedEntry + "\n";

    private static readonly DateTimeOffset FetchedAt = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Type[] Enums = [.. typeof(Sts).Assembly.GetExportedTypes().Where(static type => type.IsEnum)];

    /// <summary>The members of each public enum by number. Add a new member at the end of its list.</summary>
    public static TheoryData<string, string> EnumMembers => new()
    {
        { "Deviations", "None ByteOrderMark BlankLine Whitespace Comment TrailingDot MaxAgeCapped" },
        { "DiscoveryEventKind", "LookupFailed Fetched FetchFailed CacheReadFailed CacheWriteFailed" },
        {
            "FetchStatus",
            "ConnectionFailed Ok Redirected NotFound UnexpectedStatus WrongMediaType TooLarge InvalidPolicy TimedOut CertificateInvalid"
        },
        {
            "FindingCode",
            """
            RecordLookupFailed NoRecord MultipleRecords InvalidRecord ConnectionFailed Redirected NotFound UnexpectedStatus WrongMediaType
            TooLarge InvalidPolicy TimedOut CertificateInvalid ByteOrderMark BlankLine Whitespace Comment TrailingDot MaxAgeCapped
            DuplicateField MisspelledField ModeNone ModeTesting MaxAgeUnderDay MaxAgeUnderWeek DuplicatePattern RedundantPattern
            WildcardOverPolicyDomain NumericLastLabel UncoveredMxHost UnusedPattern IdNotChanged IdChangedNeedlessly RemovedMxHost
            PolicyDeleted RecordWithoutPolicy MaxAgeShrunk DiscardedRecord WhitespaceBeforeSemicolon SeveralFieldsOnLine
            WildcardOverTopLevelDomain InvalidMxHost NullMx MxHostNotYetAllowed
            """
        },
        { "NearMissReason", "InvalidLabel Apex TooDeep BelowName Typo TrailingPart" },
        {
            "ParseErrorCode",
            """
            None TooLarge InvalidEncoding ControlCharacter NotAnStsRecord EmptyField MissingSeparator InvalidFieldName InvalidFieldValue
            InvalidId MissingId UnsupportedVersion InvalidMode InvalidMaxAge MissingVersion MissingMode MissingMaxAge MissingMx EmptyName
            MisplacedWildcard AddressLiteral NonAsciiName InvalidNameCharacter EmptyLabel TrailingDot MisplacedHyphen LabelTooLong
            NameTooLong DomainTooLong
            """
        },
        { "PolicyMode", "None Testing Enforce" },
        { "RefreshAction", "Apply Fetch ApplyAndFetch" },
        { "RefreshStatus", "NotFound Found Renewed Errored" },
        { "Severity", "Note Warning Error" },
        {
            "TlsFailure",
            """
            None StartTlsNotSupported CertificateHostMismatch CertificateExpired CertificateNotTrusted ValidationFailure
            StsPolicyFetchError StsPolicyInvalid StsWebPkiInvalid
            """
        },
        { "TlsOutcome", "NotOffered Verified HostMismatch Expired NotTrusted HandshakeFailed" },
        { "TxtStatus", "LookupFailed Found NoRecord MultipleRecords InvalidRecord" },
        { "Verdict", "NoPolicy Allow AllowAndReport Deny" },
    };

    [Theory]
    [MemberData(nameof(EnumMembers))]
    public void Enum_Members_HaveTheseNumbers(string name, string members)
    {
        Type type = Enums.Should().ContainSingle(type => type.Name == name).Subject;
        bool isFlags = type.IsDefined(typeof(FlagsAttribute));

        Enum.GetUnderlyingType(type).Should().Be<int>();
        Enum.GetNames(type).Should().Equal(members.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Enum.GetValuesAsUnderlyingType(type).Cast<int>()
            .Should().Equal(Enumerable.Range(0, Enum.GetNames(type).Length).Select(i => isFlags && i > 0 ? 1 << (i - 1) : i));
    }

    [Fact]
    public void Enums_OfTheLibrary_HaveARow() =>
        Enums.Select(static type => type.Name).Should().BeEquivalentTo(EnumMembers.Select(static row => (string)row[0]));

    [Fact]
    public void CachedPolicy_TextOfTheFirstVersion_IsAnEntry()
    {
        CachedPolicy.TryDeserialize(Encoding.UTF8.GetBytes(SavedEntry), out CachedPolicy? entry).Should().BeTrue();

        ShouldBeTheSavedEntry(entry);
        Encoding.UTF8.GetString(entry!.Serialize()).Should().Be(SavedEntry);
    }

    [Fact]
    public void CachedPolicy_TextWithAFieldOfALaterVersion_IsAnEntry()
    {
        string later = SavedEntry.Replace("{\"id\"", "{\"later\":{\"any\":[1,null]},\"id\"", StringComparison.Ordinal);

        CachedPolicy.TryDeserialize(Encoding.UTF8.GetBytes(later), out CachedPolicy? entry).Should().BeTrue();

        ShouldBeTheSavedEntry(entry);
    }

    [Fact]
    public void CachedPolicy_TextWithEveryPart_HasTheseFields()
    {
        Policy policy = Policy.Parse("\uFEFFversion: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\nname: value\n");
        CachedPolicy fetched = new("a", policy, FetchedAt);
        TxtAnswer answer = TxtAnswer.FromRecords(["v=STSv1; id=b;"]);
        CachedPolicy entry = PolicyRefresh.Complete(fetched, answer, FetchResult.Failed(FetchStatus.TimedOut), FetchedAt).Entry!;

        JsonElement json = JsonDocument.Parse(entry.Serialize()).RootElement;

        json.EnumerateObject().Select(static field => field.Name)
            .Should().Equal("id", "version", "mode", "mx", "maxAge", "extensions", "deviations", "expires", "failures");
        json.GetProperty("extensions").GetRawText().Should().Be("""{"name":"value"}""");
        json.GetProperty("deviations").GetRawText().Should().Be("1");
        json.GetProperty("failures").GetRawText().Should().Be("""[{"id":"b","at":"2026-08-01T12:00:00.0000000Z"}]""");
    }

    [Fact]
    public async Task InMemoryCache_SavedEntry_IsThisLine()
    {
        InMemoryCache cache = new();
        cache.Set("example.com", new("20160831085700Z", Policy.Parse(SavedPolicy), FetchedAt));
        using MemoryStream stream = new();

        await cache.SaveAsync(stream);

        Encoding.UTF8.GetString(stream.ToArray()).Should().Be(SavedLine);
    }

    [Fact]
    public async Task InMemoryCache_LineOfTheFirstVersion_IsLoaded()
    {
        InMemoryCache cache = new();
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(SavedLine));

        (await cache.LoadAsync(stream)).Should().Be(new CacheLoadResult(loaded: 1, outdated: 0, damaged: 0));

        cache.TryGet("example.com", out CachedPolicy? entry).Should().BeTrue();
        ShouldBeTheSavedEntry(entry);
    }

    [Theory]
    [InlineData(SavedPolicy, "a5963b31a082635c6ec668171482b14f")]
    [InlineData("version: STSv1\nmode: none\nmax_age: 0\n", "f34d9a1404c7b502b977a396bf22fd08")]
    [InlineData(
        "version: STSv1\nmode: testing\nmx: *.example.net\nmx: mail.example.com\nmax_age: 86400\nb: é\na: 1\n",
        "b9822805bfb3dd7b8a664c1c0c04dccb")]
    public void CreateRecord_KnownPolicy_HasThisId(string file, string id) => Policy.Parse(file).CreateRecord().Id.Should().Be(id);

    [Fact]
    public void CanonicalForm_OfEachKindOfText_IsThis()
    {
        StsRecord.Parse("v=STSv1 ;x=1; id=a ;y=2;id=b").ToString().Should().Be("v=STSv1; id=a; x=1; y=2");
        Policy.Parse("max_age:007\nx:1\nmx:*.EXAMPLE.net.\nmx:A.example\nmode:testing\nversion:STSv1").ToString()
            .Should().Be("version: STSv1\r\nmode: testing\r\nmx: *.example.net\r\nmx: a.example\r\nmax_age: 7\r\nx: 1\r\n");
        MxPattern.Parse("*.Mail.EXAMPLE.com").ToString().Should().Be("*.mail.example.com");
    }

    [Fact]
    public void Names_OfADomain_AreThese()
    {
        Sts.RecordName("Bücher.Example.").Should().Be("_mta-sts.xn--bcher-kva.example");
        Sts.PolicyHost("Bücher.Example.").Should().Be("mta-sts.xn--bcher-kva.example");
        Sts.PolicyUrl("Bücher.Example.").Should().Be("https://mta-sts.xn--bcher-kva.example/.well-known/mta-sts.txt");
    }

    [Fact]
    public void Page_EachPromise_NamesTestsThatExist()
    {
        string[] tests =
        [
            .. typeof(CompatibilityTests).Assembly.GetExportedTypes()
                .SelectMany(static type => type.GetMethods().Where(static method => method.IsDefined(typeof(FactAttribute), inherit: true)))
                .Select(static method => $"{method.DeclaringType!.Name}.{method.Name}"),
        ];

        // The table with three columns, without its head.
        string[][] promises =
        [
            .. SourceTree.Read("docs/compatibility.md").ReplaceLineEndings("\n").Split('\n')
                .Select(static line => line.Trim('|').Split('|')).Where(static cells => cells.Length == 3).Skip(2),
        ];

        promises.Should().HaveCountGreaterThan(10).And.AllSatisfy(promise =>
            Name().Matches(promise[2]).Select(static match => match.Groups["name"].Value).Should().NotBeEmpty().And.BeSubsetOf(tests));
    }

    private static void ShouldBeTheSavedEntry(CachedPolicy? entry)
    {
        entry!.Id.Should().Be("20160831085700Z");
        entry.Policy.Should().Be(Policy.Parse(SavedPolicy));
        entry.FetchedAt.Should().Be(FetchedAt);
        entry.FailedAt.Should().BeNull();
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();
}
