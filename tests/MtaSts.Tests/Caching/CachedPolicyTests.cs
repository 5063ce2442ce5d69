using System.Text;
using static MtaSts.Tests.CacheSamples;

namespace MtaSts.Tests;

/// <summary>Tests the cache entry and its JSON form. A text without a valid entry is rejected.</summary>
public class CachedPolicyTests
{
    private const string Typical =
        """{"id":"20160831085700Z","version":"STSv1","mode":"enforce","mx":["mail.example.com","*.example.net"],"""
        + "\"maxAge\":604800,\"expires\":\"2026-08-08T12:00:00.0000000Z\"}";

    private const string WithEverything =
        """{"id":"20160831085700Z","version":"STSv1","mode":"testing","mx":["mail.example.com"],"maxAge":31557600,"""
        + """
        "extensions":{"name":"value","note":"\"für\" <b> \\ 日本"},"deviations":33,"expires":"2027-08-01T18:00:00.0000001Z",
        """
        + """
        "failures":[{"id":"a","at":"2026-08-01T11:59:00.0000000Z"},{"at":"2026-08-01T12:00:00.5000000Z"}]}
        """;

    private const string WithExtensions =
        "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 1\nname: value\nnote: \"für\" <b> \\ \u2028 日本 😀 {}[]:,\n";

    private const string WithEveryDeviation =
        "\uFEFFversion: STSv1\r\n\n#\nmode : enforce\nmx: MAIL.example.\nmax_age: 9999999999\n";

    private const string FailureOnly = """{"version":"STSv1","failures":[{"id":"a","at":"2026-08-01T12:00:00.0000000Z"}]}""";

    private static readonly CachedPolicy[] Entries =
    [
        new CachedPolicy(Id, MakePolicy(), Noon),
        new CachedPolicy(Id, MakePolicy(PolicyMode.Testing), Noon + Tick),
        new CachedPolicy("a", MakePolicy(maxAge: 0), Noon - Tick),
        new CachedPolicy(new string('Z', 32), MakePolicy(maxAge: 31_557_600), Noon.ToOffset(TimeSpan.FromHours(13))),
        new CachedPolicy("0", new Policy(PolicyMode.None, TimeSpan.FromDays(1), []), Noon), // Section 3.2: mode none needs no mx
        new CachedPolicy(Id, MakePolicy(maxAge: 31_557_600), DateTimeOffset.MaxValue), // expires at the last instant
        new CachedPolicy(Id, MakePolicy(maxAge: 0), DateTimeOffset.MinValue),
        new CachedPolicy(Id, OfManyHosts(), Noon),
        new CachedPolicy(Id, Policy.Parse(WithExtensions), Noon),
        new CachedPolicy(Id, Policy.Parse(WithEveryDeviation), Noon),
        MakeEntry().With(new("a", Noon), new(null, Noon + Tick), new("b", Noon + TimeSpan.FromMinutes(4))),
        MakeEntry().With([.. Enumerable.Range(0, 8).Select(static i => new FailedAttempt($"id{i}", Noon))]),
        MakeFailure(Noon),
        MakeFailure(DateTimeOffset.MaxValue, id: null),
        MakeFailure(DateTimeOffset.MinValue),
    ];

    // A part of Typical, its replacement, and whether the result is still an entry.
    public static TheoryData<string, string, bool> Changes => new()
    {
        { "", "", true },

        // Version.
        { "\"STSv1\"", "\"STSv2\"", false },
        { "\"STSv1\"", "\"stsv1\"", false },
        { "\"STSv1\"", "1", false },
        { "\"STSv1\"", "2", false },
        { "\"STSv1\"", "null", false },
        { "\"version\":\"STSv1\",", "", false },
        { "\"version\"", "\"Version\"", false },

        // Id.
        { "\"20160831085700Z\"", "\"\"", false },
        { "\"20160831085700Z\"", "\"a-b\"", false },
        { "\"20160831085700Z\"", "\"12345678901234567890123456789012\"", true },
        { "\"20160831085700Z\"", "\"123456789012345678901234567890123\"", false },
        { "\"20160831085700Z\"", "\"é\"", false },
        { "\"20160831085700Z\"", "\"a\\u0000\"", false },
        { "\"20160831085700Z\"", "\"\\uD800\"", false }, // half a surrogate pair
        { "\"20160831085700Z\"", "20160831", false },
        { "\"20160831085700Z\"", "null", false },
        { "\"20160831085700Z\"", "[\"a\"]", false },
        { "\"id\":\"20160831085700Z\",", "", false },

        // Mode.
        { "\"enforce\"", "\"testing\"", true },
        { "\"enforce\"", "\"none\"", true },
        { "\"enforce\"", "\"Enforce\"", false },
        { "\"enforce\"", "\"report\"", false },
        { "\"enforce\"", "2", false },
        { "\"enforce\"", "null", false },
        { "\"mode\":\"enforce\",", "", false },

        // MX patterns.
        { "\"mail.example.com\",\"*.example.net\"", "", false }, // empty, although the mode is enforce
        { "\"enforce\",\"mx\":[\"mail.example.com\",\"*.example.net\"]", "\"none\",\"mx\":[]", true },
        { "\"mail.example.com\"", "\"MAIL.example.com\"", true },
        { "\"mail.example.com\"", "\"mail..example.com\"", false },
        { "\"mail.example.com\"", "\"*\"", false },
        { "\"mail.example.com\"", "\"\"", false },
        { "\"mail.example.com\"", "\"a\\r\\nmx: b\"", false }, // a value cannot add a line to the file
        { "\"mail.example.com\"", "\"bücher.example\"", false },
        { "\"mail.example.com\"", "null", false },
        { "\"mail.example.com\"", "1", false },
        { "[\"mail.example.com\",\"*.example.net\"]", "\"mail.example.com\"", false },
        { "[\"mail.example.com\",\"*.example.net\"]", "{}", false },
        { "[\"mail.example.com\",\"*.example.net\"]", "null", false },
        { "\"mx\":[\"mail.example.com\",\"*.example.net\"],", "", false },

        // max_age, whole seconds up to a year.
        { "604800", "0", true },
        { "604800", "31557600", true },
        { "604800", "31557601", false },
        { "604800", "-1", false },
        { "604800", "1.5", false },
        { "604800", "4294967296", false },
        { "604800", "99999999999999999999", false },
        { "604800", "\"604800\"", false },
        { "604800", "0604800", false },
        { "604800", "true", false },
        { "604800", "null", false },
        { "\"maxAge\":604800,", "", false },
        { "\"maxAge\"", "\"max_age\"", false },

        // Expiry: ISO 8601; without an offset it is UTC.
        { "12:00:00.0000000Z", "12:00:00.000Z", true },
        { "12:00:00.0000000Z", "12:00:00Z", true },
        { "12:00:00.0000000Z", "12:00:00.1234567Z", true },
        { "12:00:00.0000000Z", "12:00:00", true },
        { "12:00:00.0000000Z", "14:00:00+02:00", true },
        { "12:00:00.0000000Z", "12:00:00.12345678Z", false },
        { "12:00:00.0000000Z", "12:00Z", false },
        { "12:00:00.0000000Z", "24:00:00Z", false },
        { "12:00:00.0000000Z", "12:00:60Z", false },
        { "2026-08-08T12:00:00.0000000Z", "2026-08-08", false },
        { "2026-08-08T12:00:00.0000000Z", "2026-08-08 12:00:00Z", false },
        { "2026-08-08T12:00:00.0000000Z", "2026-02-30T12:00:00Z", false },
        { "2026-08-08T12:00:00.0000000Z", " 2026-08-08T12:00:00Z", false },
        { "2026-08-08T12:00:00.0000000Z", "08/08/2026 12:00:00", false },
        { "2026-08-08T12:00:00.0000000Z", "tomorrow", false },
        { "2026-08-08T12:00:00.0000000Z", "", false },
        { "2026-08-08T12:00:00.0000000Z", "0001-01-08T00:00:00Z", true }, // fetched at the first instant
        { "2026-08-08T12:00:00.0000000Z", "0001-01-07T23:59:59Z", false }, // fetched before the first instant
        { "2026-08-08T12:00:00.0000000Z", "9999-12-31T23:59:59.9999999Z", true },
        { "2026-08-08T12:00:00.0000000Z", "9999-12-31T23:59:59.9999999-01:00", false },
        { "\"2026-08-08T12:00:00.0000000Z\"", "1786190400", false },
        { "\"2026-08-08T12:00:00.0000000Z\"", "null", false },
        { ",\"expires\":\"2026-08-08T12:00:00.0000000Z\"", "", false },

        // Extensions: those that cannot be in a policy file are rejected.
        { "604800", "604800,\"extensions\":{}", true },
        { "604800", "604800,\"extensions\":{\"name\":\"value\"}", true },
        { "604800", "604800,\"extensions\":{\"name\":\"für \\\" 日本 \\uD83D\\uDE00\"}", true },
        { "604800", "604800,\"extensions\":{\"mode\":\"none\"}", false },
        { "604800", "604800,\"extensions\":{\"mx\":\"evil.example\"}", false },
        { "604800", "604800,\"extensions\":{\"version\":\"STSv1\"}", false },
        { "604800", "604800,\"extensions\":{\"max_age\":\"1\"}", false },
        { "604800", "604800,\"extensions\":{\"\":\"value\"}", false },
        { "604800", "604800,\"extensions\":{\"na me\":\"value\"}", false },
        { "604800", "604800,\"extensions\":{\"name:\":\"value\"}", false },
        { "604800", "604800,\"extensions\":{\"# name\":\"value\"}", false },
        { "604800", "604800,\"extensions\":{\"name\":\"\"}", false },
        { "604800", "604800,\"extensions\":{\"name\":\" value\"}", false }, // the file would parse without the space
        { "604800", "604800,\"extensions\":{\"name\":\"a\\r\\nmx: b\"}", false },
        { "604800", "604800,\"extensions\":{\"name\":\"a\\nmode: none\"}", false },
        { "604800", "604800,\"extensions\":{\"name\":\"a\\u0000\"}", false },
        { "604800", "604800,\"extensions\":{\"name\":\"\\uDE00\"}", false },
        { "604800", "604800,\"extensions\":{\"\\uDE00\":\"value\"}", false },
        { "604800", "604800,\"extensions\":{\"name\":null}", false },
        { "604800", "604800,\"extensions\":{\"name\":1}", false },
        { "604800", "604800,\"extensions\":[]", false },
        { "604800", "604800,\"extensions\":null", false },

        // Deviations: the six flags.
        { "604800", "604800,\"deviations\":0", true },
        { "604800", "604800,\"deviations\":63", true },
        { "604800", "604800,\"deviations\":64", false },
        { "604800", "604800,\"deviations\":-1", false },
        { "604800", "604800,\"deviations\":1.5", false },
        { "604800", "604800,\"deviations\":\"1\"", false },
        { "604800", "604800,\"deviations\":null", false },

        // Failures.
        { "604800", "604800,\"failures\":[]", true },
        { "604800", "604800,\"failures\":[{\"at\":\"2026-08-01T12:00:00Z\"}]", true },
        { "604800", "604800,\"failures\":[{\"id\":\"a\",\"at\":\"2026-08-01T12:00:00Z\"}]", true },
        { "604800", "604800,\"failures\":[{\"id\":\"a\"}]", false },
        { "604800", "604800,\"failures\":[{\"id\":\"-\",\"at\":\"2026-08-01T12:00:00Z\"}]", false },
        { "604800", "604800,\"failures\":[{\"id\":null,\"at\":\"2026-08-01T12:00:00Z\"}]", false },
        { "604800", "604800,\"failures\":[{\"id\":1,\"at\":\"2026-08-01T12:00:00Z\"}]", false },
        { "604800", "604800,\"failures\":[{\"at\":\"now\"}]", false },
        { "604800", "604800,\"failures\":[{\"at\":5}]", false },
        { "604800", "604800,\"failures\":[\"2026-08-01T12:00:00Z\"]", false },
        { "604800", "604800,\"failures\":[null]", false },
        { "604800", "604800,\"failures\":{}", false },
        { "604800", "604800,\"failures\":null", false },

        // Around the fields and between them.
        { "604800", "604800,\"comment\":{\"any\":[1,null,true]}", true }, // a field that this version does not know
        { "604800", "604800,\"extensions\":{\"a\":\"1\",\"a\":\"2\"}", false }, // which one counts is not defined
        { "604800", "604800,\"mode\":\"none\"", false },
        { "{\"id\"", " {\n\t\"id\"", true },
        { "00Z\"}", "00Z\"} \r\n", true },
        { "00Z\"}", "00Z\"} {}", false },
        { "00Z\"}", "00Z\"}\0", false },
        { "00Z\"}", "00Z\",}", false },
        { "00Z\"}", "00Z\"} // comment", false },
        { "{\"id\"", "\uFEFF{\"id\"", false },
        { "{\"id\"", "[{\"id\"", false },
    };

    public static TheoryData<string> NoEntries => new()
    {
        "", " ", "null", "true", "0", "\"\"", "[]", "{}", "[{}]", "{", "\0",
        """{"version":"STSv1"}""", // without a policy and without failures
        """{"version":"STSv1","failures":[]}""",
        """{"failures":[{"at":"2026-08-01T12:00:00Z"}]}""",
        """{"version":"STSv2","failures":[{"at":"2026-08-01T12:00:00Z"}]}""",
        """{"Id":"a","version":"STSv1","mode":"enforce","mx":["a"],"maxAge":1,"expires":"2026-08-08T12:00:00Z"}""",
        """{"id":null,"version":"STSv1","failures":[{"at":"2026-08-01T12:00:00Z"}]}""",
        """{"version":"STSv1","mode":null,"failures":[{"at":"2026-08-01T12:00:00Z"}]}""",

        // Without the id, then without the policy.
        """{"version":"STSv1","mode":"enforce","mx":["a"],"maxAge":1,"expires":"2026-08-08T12:00:00Z","""
            + "\"failures\":[{\"at\":\"2026-08-01T12:00:00Z\"}]}",
        """{"id":"a","version":"STSv1","failures":[{"at":"2026-08-01T12:00:00Z"}]}""",
        new string('[', 100_000),
        string.Concat(Enumerable.Repeat("{\"id\":", 100_000)),
        "{\"version\":\"STSv1\",\"failures\":" + new string('[', 1_000) + new string(']', 1_000) + "}",
    };

    [Fact]
    public void Constructor_ValidParts_SetsTheProperties()
    {
        Policy policy = MakePolicy();
        CachedPolicy entry = new(Id, policy, new DateTimeOffset(2026, 8, 1, 14, 0, 0, TimeSpan.FromHours(2)));

        entry.Id.Should().Be(Id);
        entry.Policy.Should().BeSameAs(policy);
        entry.FetchedAt.Should().Be(Noon);
        entry.FetchedAt.Offset.Should().Be(TimeSpan.Zero);
        entry.ExpiresAt.Should().Be(Noon + TimeSpan.FromDays(7));
        entry.ExpiresAt.Offset.Should().Be(TimeSpan.Zero);
        entry.FailedId.Should().BeNull();
        entry.FailedAt.Should().BeNull();
    }

    [Fact]
    public void Constructor_NullParts_Throws()
    {
        FluentActions.Invoking(() => new CachedPolicy(null!, MakePolicy(), Noon))
            .Should().Throw<ArgumentNullException>().WithParameterName("id");
        FluentActions.Invoking(() => new CachedPolicy(Id, null!, Noon)).Should().Throw<ArgumentNullException>().WithParameterName("policy");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-b")]
    [InlineData("é")]
    [InlineData(" a")]
    [InlineData("123456789012345678901234567890123")] // 33
    public void Constructor_InvalidId_Throws(string text) =>
        FluentActions.Invoking(() => new CachedPolicy(text, MakePolicy(), Noon))
            .Should().Throw<ArgumentException>().WithParameterName("id");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(604_800)]
    [InlineData(31_557_600)]
    public void IsExpired_AtTheExpiryAndLater_IsTrue(int maxAge)
    {
        CachedPolicy entry = MakeEntry(maxAge: maxAge);
        entry.ExpiresAt.Should().Be(Noon + TimeSpan.FromSeconds(maxAge));
        entry.IsExpired(entry.ExpiresAt - Tick).Should().BeFalse();
        entry.IsExpired(entry.ExpiresAt).Should().BeTrue();
        entry.IsExpired(entry.ExpiresAt.ToOffset(TimeSpan.FromHours(-5))).Should().BeTrue();
        entry.IsExpired(Noon - Tick).Should().BeFalse();
        entry.IsExpired(DateTimeOffset.MinValue).Should().BeFalse();
        entry.IsExpired(DateTimeOffset.MaxValue).Should().BeTrue();
    }

    [Fact]
    public void IsExpired_WithoutAPolicy_IsTrue()
    {
        CachedPolicy entry = MakeFailure(Noon);
        entry.Should().Match<CachedPolicy>(e => e.Id == null && e.Policy == null && e.FailedId == Id && e.FailedAt == Noon);
        entry.FetchedAt.Should().Be(DateTimeOffset.MinValue);
        entry.IsExpired(DateTimeOffset.MinValue).Should().BeTrue();
        entry.IsExpired(Noon).Should().BeTrue();
    }

    [Fact]
    public void FailedAt_SerializedInAnotherTimeZone_IsInUtc()
    {
        byte[] data = Encoding.UTF8.GetBytes(FailureOnly.Replace("12:00:00.0000000Z", "14:00:00+02:00", StringComparison.Ordinal));
        CachedPolicy.TryDeserialize(data, out CachedPolicy? entry).Should().BeTrue();
        entry!.FailedAt.Should().Be(Noon).And.HaveOffset(TimeSpan.Zero);
    }

    [Fact]
    public void ExpiresAt_FetchedByAClockInTheYear9999_DoesNotOverflow()
    {
        CachedPolicy entry = new(Id, MakePolicy(maxAge: 31_557_600), DateTimeOffset.MaxValue);
        entry.ExpiresAt.Should().Be(DateTimeOffset.MaxValue);
        (entry.ExpiresAt - entry.FetchedAt).Should().Be(entry.Policy!.MaxAge);
    }

    // Seconds from the fetch to the last failed attempt (null: no attempt failed); max_age; seconds from the fetch to
    // KeepUntil.
    [Theory]
    [InlineData(null, 604_800, 604_800)]
    [InlineData(60, 604_800, 604_800)]
    [InlineData(60, 0, 360)]
    [InlineData(60, 360, 360)]
    [InlineData(604_500, 604_800, 604_800)]
    [InlineData(604_501, 604_800, 604_801)]
    [InlineData(-60, 0, 240)]
    public void KeepUntil_EachEntry_IsTheLaterOfExpiryAndRetry(int? failed, int maxAge, int expected)
    {
        CachedPolicy entry = MakeEntry(maxAge: maxAge);
        entry = failed is { } seconds
            ? entry.With(new("a", Noon - TimeSpan.FromDays(1)), new("b", Noon + TimeSpan.FromSeconds(seconds)))
            : entry;
        entry.KeepUntil.Should().Be(Noon + TimeSpan.FromSeconds(expected)).And.HaveOffset(TimeSpan.Zero);
    }

    [Fact]
    public void KeepUntil_AtTheLimitsOfTime_DoesNotOverflow()
    {
        MakeFailure(Noon).KeepUntil.Should().Be(Noon + TimeSpan.FromMinutes(5));
        MakeFailure(DateTimeOffset.MaxValue).KeepUntil.Should().Be(DateTimeOffset.MaxValue);
        MakeFailure(DateTimeOffset.MaxValue - TimeSpan.FromMinutes(6)).KeepUntil
            .Should().Be(DateTimeOffset.MaxValue - TimeSpan.FromMinutes(1));
        MakeFailure(DateTimeOffset.MinValue).KeepUntil.Should().Be(DateTimeOffset.MinValue + TimeSpan.FromMinutes(5));
        new CachedPolicy(Id, MakePolicy(), DateTimeOffset.MaxValue).KeepUntil.Should().Be(DateTimeOffset.MaxValue);
        new CachedPolicy(Id, MakePolicy(), DateTimeOffset.MinValue).KeepUntil.Should().Be(DateTimeOffset.MinValue + TimeSpan.FromDays(7));
    }

    [Fact]
    public void Complete_WithAnEntry_DoesNotChangeIt()
    {
        CachedPolicy entry = MakeEntry().With(new FailedAttempt("a", Noon));
        string before = entry.Describe();

        PolicyRefresh.Complete(entry, Found("a"), FetchResult.Failed(FetchStatus.TimedOut), Noon).Entry.Should().NotBeSameAs(entry);
        PolicyRefresh.Complete(entry, Found("a"), Fetched(MakePolicy(maxAge: 1)), Noon).Entry.Should().NotBeSameAs(entry);

        entry.Describe().Should().Be(before);
        typeof(CachedPolicy).GetProperties().Should().OnlyContain(property => !property.CanWrite);
    }

    [Fact]
    public void Serialize_KnownEntries_ReturnsExactlyThisJson()
    {
        Policy typical = Policy.Parse("version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmax_age: 604800\n");
        Text(new CachedPolicy(Id, typical, Noon)).Should().Be(Typical);

        Policy unusual = Policy.Parse(
            "\uFEFFversion: STSv1\nmode: testing\nmx: mail.example.com\nmax_age: 40000000\nname: value\nnote: \"für\" <b> \\ 日本\n");
        CachedPolicy entry = new CachedPolicy(Id, unusual, Noon + Tick)
            .With(new("a", Noon - TimeSpan.FromMinutes(1)), new(null, Noon + TimeSpan.FromSeconds(.5)));
        Text(entry).Should().Be(WithEverything);

        Text(MakeFailure(Noon, "a")).Should().Be(FailureOnly);
    }

    [Fact]
    public void TryDeserialize_SerializedEntry_ReturnsTheSameEntry()
    {
        foreach (CachedPolicy entry in Entries)
        {
            byte[] data = entry.Serialize();
            CachedPolicy.TryDeserialize(data, out CachedPolicy? copy).Should().BeTrue();
            copy.Describe().Should().Be(entry.Describe());
            copy!.Serialize().Should().Equal(data);
            data.Should().NotContain((byte)'\n', "a snapshot has one entry per line");
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void TryDeserialize_OneChange_AcceptsOnlyValidEntries(string part, string replacement, bool isEntry)
    {
        Typical.Contains(part, StringComparison.Ordinal).Should().BeTrue();
        string text = part.Length == 0 ? Typical : Typical.Replace(part, replacement, StringComparison.Ordinal);

        CachedPolicy.TryDeserialize(Encoding.UTF8.GetBytes(text), out CachedPolicy? entry).Should().Be(isEntry);

        (entry is not null).Should().Be(isEntry);
        ShouldBeValid(entry);
    }

    [Theory]
    [MemberData(nameof(NoEntries))]
    public void TryDeserialize_InvalidEntry_IsFalse(string text)
    {
        CachedPolicy.TryDeserialize(Encoding.UTF8.GetBytes(text), out CachedPolicy? entry).Should().BeFalse();
        entry.Should().BeNull();
    }

    [Theory]
    [InlineData("2026-08-08T12:00:00", "2026-08-08T12:00:00Z")] // no offset: UTC in every time zone
    [InlineData("2026-08-08T12:00:00+02:00", "2026-08-08T10:00:00Z")]
    [InlineData("2026-08-08T00:00:00.000Z", "2026-08-08T00:00:00Z")]
    [InlineData("2026-08-08T00:00:00.0000001Z", "2026-08-08T00:00:00.0000001Z")]
    public void TryDeserialize_OtherFormsOfATime_AreTheSameInstant(string written, string expected)
    {
        string text = Typical.Replace("2026-08-08T12:00:00.0000000Z", written, StringComparison.Ordinal);
        CachedPolicy.TryDeserialize(Encoding.UTF8.GetBytes(text), out CachedPolicy? entry).Should().BeTrue();
        entry!.ExpiresAt.Should().Be(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
        entry.FetchedAt.Should().Be(entry.ExpiresAt - TimeSpan.FromDays(7));
    }

    [Theory]
    [InlineData(Typical)]
    [InlineData(WithEverything)]
    [InlineData(FailureOnly)]
    public void TryDeserialize_Truncated_IsFalse(string text)
    {
        byte[] data = Encoding.UTF8.GetBytes(text);
        for (int length = 0; length < data.Length; length++)
        {
            CachedPolicy.TryDeserialize(data.AsSpan(0, length), out CachedPolicy? entry).Should().BeFalse();
            entry.Should().BeNull();
        }
    }

    [Theory]
    [InlineData(Typical)]
    [InlineData(WithEverything)]
    [InlineData(FailureOnly)]
    public void TryDeserialize_AnyByteRemovedOrReplaced_ReturnsOnlyValidEntries(string text)
    {
        byte[] data = Encoding.UTF8.GetBytes(text);
        int refused = 0;
        for (int place = 0; place < data.Length; place++)
        {
            refused += Try([.. data[..place], .. data[(place + 1)..]]) ? 0 : 1;
            foreach (byte other in "\0\n \"\\{}[]:,0aZ-.\xff"u8)
            {
                refused += Try([.. data[..place], other, .. data[(place + 1)..]]) ? 0 : 1;
            }
        }

        refused.Should().BeGreaterThan(data.Length, "most of these changes break the structure");
    }

    [Fact]
    public void TryDeserialize_OnlyTheIdDamaged_IsNotAnEntryWithoutAPolicy()
    {
        // Otherwise a flipped bit in a key would end an unexpired policy.
        string text = WithEverything.Replace("{\"id\":\"2016", "{\"ie\":\"2016", StringComparison.Ordinal);
        CachedPolicy.TryDeserialize(Encoding.UTF8.GetBytes(text), out _).Should().BeFalse();
    }

    [Fact]
    public void TryDeserialize_RandomMutations_NeverThrows()
    {
        byte[][] samples = [.. new[] { Typical, WithEverything, FailureOnly }.Select(Encoding.UTF8.GetBytes)];
        byte[] alphabet = "\"\\{}[]:,.0123456789-+eEZTnulltruefalse \n\0\x80\xFF"u8.ToArray();
        Random random = new(8461);
        int accepted = 0;
        for (int round = 0; round < 50_000; round++)
        {
            List<byte> data = [.. samples[random.Next(samples.Length)]];
            for (int changes = random.Next(1, 4); changes > 0 && data.Count > 0; changes--)
            {
                int place = random.Next(data.Count);
                switch (random.Next(4))
                {
                    case 0:
                        data[place] = alphabet[random.Next(alphabet.Length)];
                        break;
                    case 1:
                        data.RemoveRange(place, random.Next(1, Math.Min(9, data.Count - place + 1)));
                        break;
                    case 2:
                        data.Insert(place, alphabet[random.Next(alphabet.Length)]);
                        break;
                    default:
                        int length = random.Next(1, Math.Min(40, data.Count - place + 1));
                        data.InsertRange(random.Next(data.Count), data.GetRange(place, length));
                        break;
                }
            }

            accepted += Try([.. data]) ? 1 : 0;
        }

        accepted.Should().BeInRange(1_000, 40_000, "the mutations are near misses");
    }

    private static Policy OfManyHosts() => new(
        PolicyMode.Enforce, TimeSpan.FromDays(1), [.. Enumerable.Range(0, 300).Select(static i => MxPattern.Parse($"mx{i}.example.com"))]);

    private static bool Try(byte[] data)
    {
        bool isEntry = CachedPolicy.TryDeserialize(data, out CachedPolicy? entry);
        (entry is not null).Should().Be(isEntry);
        ShouldBeValid(entry);
        return isEntry;
    }

    /// <summary>Checks that an entry is possible: the canonical file of its policy parses, and so does its own JSON.</summary>
    private static void ShouldBeValid(CachedPolicy? entry)
    {
        if (entry is null)
        {
            return;
        }

        (entry.Policy is not null || entry.FailedAt is not null).Should().BeTrue();
        (entry.Id is null).Should().Be(entry.Policy is null);
        if (entry.Policy is not null)
        {
            StsRecord.TryParse($"v=STSv1; id={entry.Id}", out _).Should().BeTrue();
            Policy.Parse(entry.Policy.ToString()).Should().Be(entry.Policy);
            entry.ExpiresAt.Should().Be(entry.FetchedAt + entry.Policy.MaxAge);
        }

        CachedPolicy.TryDeserialize(entry.Serialize(), out CachedPolicy? copy).Should().BeTrue();
        copy.Describe().Should().Be(entry.Describe());
    }

    private static string Text(CachedPolicy entry) => Encoding.UTF8.GetString(entry.Serialize());
}
