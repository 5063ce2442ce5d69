using System.Text;

namespace MtaSts.Tests;

/// <summary>Verifies which calls allocate nothing, and the allocation budgets of the others.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 100;

    // What an error shows: at most 24 characters in quotes, and "...".
    private const int ShownText = 80;

    private const string Record = "v=STSv1; id=20200101T000000Z";
    private const string ThreeMx =
        "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: backup.example.com\nmx: *.mx.example.net\nmax_age: 604800\n";

    private static readonly Policy Short = Policy.Parse(ThreeMx);
    private static readonly Policy Long = Policy.Parse(
        ThreeMx + string.Concat(Enumerable.Range(0, 1_000).Select(static i => $"mx: {(i % 10 == 0 ? "*." : "")}mx{i}.example.org\n")));
    private static readonly MxPattern Literal = MxPattern.Parse("mail.example.com");
    private static readonly MxPattern Wildcard = MxPattern.Parse("*.mx.example.net");
    private static readonly StsRecord Plain = StsRecord.Parse(Record);
    private static readonly StsRecord ExtendedRecord = StsRecord.Parse(Record + "; more=b");

    private static readonly char[] Chars = new char[Policy.MaxSize];
    private static readonly byte[] Bytes = new byte[Policy.MaxSize];

    private static readonly PolicyDomain Domain = PolicyDomain.Parse("example.com");
    private static readonly TieredCache Tiered = CreateTiered();

    public static TheoryData<string, Func<bool>> AllocationFree => new() // name, call
    {
        { "TieredCache.GetAsync, trusted", ReadTiered },
        { "MxMatches, equal", static () => Sts.MxMatches("MAIL.example.com.", "mail.example.com") },
        { "MxMatches, wildcard", static () => Sts.MxMatches("a.example.com", "*.example.com") },
        { "MxMatches, none", static () => !Sts.MxMatches("a.b.example.com", "*.example.com") },
        { "MxMatches, no pattern", static () => !Sts.MxMatches("a_b", "a_b") },
        { "Matches, literal", static () => Literal.Matches("Mail.example.com.") },
        { "Matches, wildcard", static () => Wildcard.Matches("a.mx.example.net") },
        { "Matches, none", static () => !Wildcard.Matches("mx.example.net") },
        { "Policy.Matches, short", static () => Short.Matches("a.mx.example.net") },
        { "Policy.Matches, long", static () => Long.Matches("mx999.example.org") },
        { "Policy.Matches, none, short", static () => !Short.Matches("evil.test") },
        { "Policy.Matches, none, long", static () => !Long.Matches("evil.test") },
        { "TryMatch and IsWildcard, short", static () => Short.TryMatch("a.mx.example.net", out MxPattern pattern) && pattern.IsWildcard },
        { "TryMatch and IsWildcard, long", static () => Long.TryMatch("a.mx990.example.org", out MxPattern pattern) && pattern.IsWildcard },
        { "Enforce, match, short", static () => Sts.Enforce(Short, "mail.example.com").Verdict is Verdict.Allow },
        { "Enforce, match, long", static () => Sts.Enforce(Long, "mx999.example.org").MatchedPattern is { IsWildcard: false } },
        { "Enforce, none, short", static () => Sts.Enforce(Short, "evil.test").EnhancedStatusCode is "4.4.8" },
        { "Enforce, none, long", static () => Sts.Enforce(Long, "evil.test").EnhancedStatusCode is "4.4.8" },
        { "Enforce, no policy", static () => Sts.Enforce(null, "evil.test").Verdict is Verdict.NoPolicy },
        { "MxPattern.TryFormat, characters", static () => Wildcard.TryFormat(Chars, out _) },
        { "MxPattern.TryFormat, bytes", static () => Wildcard.TryFormat(Bytes, out _) },
        { "MxPattern.TryFormat, too short", static () => !Wildcard.TryFormat(Chars.AsSpan(0, 3), out _) },
        { "Mx, walked through", static () => Walk(Long) == Long.Mx.Count },
        { "Mx, equal", static () => Long.Mx[0] == Literal && Short.Mx == Short.Mx },
    };

    // Each row breaks the record or policy of the budget as late as possible.
    public static TheoryData<string> RejectedRecords => new()
    {
        "v=STSv1; id=20200101T000000Z;;",
        "v=STSv1; id=20200101T000000Z; more",
        "v=STSv1; id=20200101T000000Z; _=b",
        "v=STSv1; id=20200101T000000Z; a=",
        "v=STSv1; id=20200101T000000Z ",
        "v=STSv1; id=20200101T000000-Z",
        "v=STSv1; id=20200101T000000ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "v=STSv1;",
        "v=spf1 include:spf.example.com include:mail.example.net -all",
    };

    public static TheoryData<string> RejectedPolicies => new()
    {
        "",
        ThreeMx.Replace("version: STSv1\n", "", StringComparison.Ordinal),
        ThreeMx.Replace("max_age:", "max_age", StringComparison.Ordinal),
        ThreeMx.Replace("604800", "604800s", StringComparison.Ordinal),
        ThreeMx.Replace("604800", "604800\0", StringComparison.Ordinal),
        ThreeMx.Replace("enforce", "enforced", StringComparison.Ordinal),
        ThreeMx.Replace("*.mx", "mx*", StringComparison.Ordinal),
        ThreeMx + "x",
        ThreeMx + new string('\n', Policy.MaxSize),
    };

    [Theory]
    [MemberData(nameof(AllocationFree), DisableDiscoveryEnumeration = true)]
    public void Call_AllocatesNothing(string what, Func<bool> call) => ShouldStayWithin(0, call, what);

    [Fact]
    public void StsRecord_TryParse_StaysWithinItsBudget()
    {
        byte[] utf8Text = Encoding.UTF8.GetBytes(Record);

        ShouldStayWithin(120, static () => StsRecord.TryParse(Record, out _), Record);
        ShouldStayWithin(120, () => StsRecord.TryParse(utf8Text, out _), Record);
    }

    [Fact]
    public void Policy_TryParse_ThreeMx_StaysWithinItsBudget()
    {
        byte[] utf8Text = Encoding.UTF8.GetBytes(ThreeMx);

        ShouldStayWithin(200, static () => Policy.TryParse(ThreeMx, out _), ThreeMx);
        ShouldStayWithin(200, () => Policy.TryParse(utf8Text, out _), ThreeMx);
    }

    [Fact]
    public void StsRecord_TryFormat_TakesItsText()
    {
        ShouldStayWithin(240, static () => Plain.TryFormat(Chars, out _), "characters");
        ShouldStayWithin(240, static () => Plain.TryFormat(Bytes, out _), "bytes");
        ShouldStayWithin(400, static () => ExtendedRecord.TryFormat(Chars, out _), "extensions, characters");
        ShouldStayWithin(400, static () => ExtendedRecord.TryFormat(Bytes, out _), "extensions, bytes");
    }

    [Theory]
    [MemberData(nameof(RejectedRecords), DisableDiscoveryEnumeration = true)]
    public void StsRecord_TryParse_RejectingTakesTheShownTextMoreThanAccepting(string text)
    {
        byte[] utf8Text = Encoding.UTF8.GetBytes(text);
        long accepting = Measure(static () => StsRecord.TryParse(Record, out _));

        ShouldStayWithin(accepting + ShownText, () => !StsRecord.TryParse(text, out _, out _), text);
        ShouldStayWithin(accepting + ShownText, () => !StsRecord.TryParse(utf8Text, out _, out _), text);
    }

    [Theory]
    [MemberData(nameof(RejectedPolicies), DisableDiscoveryEnumeration = true)]
    public void Policy_TryParse_RejectingTakesTheShownTextMoreThanAccepting(string text)
    {
        byte[] utf8Text = Encoding.UTF8.GetBytes(text);
        long accepting = Measure(static () => Policy.TryParse(ThreeMx, out _));

        ShouldStayWithin(accepting + ShownText, () => !Policy.TryParse(text, out _, out _), text);
        ShouldStayWithin(accepting + ShownText, () => !Policy.TryParse(utf8Text, out _, out _), text);
    }

    [Fact]
    public void TryParse_RejectingWithEscapesTakesTheShownTextMoreThanAccepting()
    {
        StsRecord_TryParse_RejectingTakesTheShownTextMoreThanAccepting("v=STSv1; id=20200101T000000Z\0");
        Policy_TryParse_RejectingTakesTheShownTextMoreThanAccepting(
            ThreeMx.Replace("*.mx", "ééééééééé", StringComparison.Ordinal));
    }

    // Trusted for a day: the far cache is not asked.
    private static TieredCache CreateTiered()
    {
        TieredCache cache = new(new(), new InMemoryCache(), new() { TrustFor = TimeSpan.FromDays(1) });
        _ = cache.UpdateAsync(Domain, static _ => new("a", Short, TimeProvider.System.GetUtcNow())).AsTask();
        return cache;
    }

    private static bool ReadTiered()
    {
        ValueTask<CachedPolicy?> read = Tiered.GetAsync(Domain);
        return read.IsCompletedSuccessfully && read.Result is not null;
    }

    private static int Walk(Policy policy)
    {
        int count = 0;
        foreach (MxPattern pattern in policy.Mx)
        {
            count += pattern == default ? 0 : 1;
        }

        return count;
    }

    /// <summary>Checks that a call allocates at most <paramref name="budget"/> bytes.</summary>
    private static void ShouldStayWithin(long budget, Func<bool> call, string what) =>
        Measure(call).Should().BeLessThanOrEqualTo(budget, "{0}", what);

    /// <summary>
    /// Returns the bytes that one call allocates, rounded up. A warm-up first fills caches and builds the index of a
    /// long list.
    /// </summary>
    private static long Measure(Func<bool> call)
    {
        Run(call);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(call);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return (allocated + Rounds - 1) / Rounds;
    }

    private static void Run(Func<bool> call)
    {
        bool held = true;
        for (int i = 0; i < Rounds; i++)
        {
            held &= call();
        }

        Assert.True(held, "The call returned an unexpected result.");
    }
}
