using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace MtaSts.Tests;

/// <summary>
/// Verifies laws that hold for all names, policies, records and answers. A fixed seed makes failures repeatable.
/// </summary>
[Properties(Replay = "8461,11400714819323198485", MaxTest = 2_000, QuietOnSuccess = true)]
public class PropertyTests
{
    // The second number is the usual increment of SplitMix64, the generator.
    private static readonly Config Fixed =
        Config.QuickThrowOnFailure.WithReplay(seed: 8461, gamma: 0x9E37_79B9_7F4A_7C15).WithMaxTest(2_000);

    // Few labels, some in both letter cases, so that hosts and patterns often match.
    private static readonly Gen<string> Label = Gen.Elements("a", "A", "mail", "MAIL", "mx-1", "0", "xn--bcher-kva");

    private static readonly Gen<string> Name =
        from number in Gen.Choose(1, 3)
        from labels in Label.ListOf(number)
        select string.Join('.', labels);

    private static readonly Gen<string> PatternText =
        from name in Name
        from prefix in Gen.Elements("", "*.")
        select prefix + name;

    private static readonly Gen<MxPattern> Pattern = PatternText.Select(MxPattern.Parse);

    private static readonly Gen<string> ExtensionFields =
        from fields in Gen.SubListOf("a: b", "a: c", "contact: \u00E9 \U0001F4E7", "A: b")
        select string.Concat(fields.Select(field => field + "\n"));

    private static readonly Gen<Policy> AnyPolicy =
        from mode in Gen.Elements("enforce", "testing", "none")
        from mx in PatternText.NonEmptyListOf()
        from seconds in Gen.Elements("0", "1", "31557600", "9999999999")
        from extensions in ExtensionFields
        select Policy.Parse(
            $"version: STSv1\nmode: {mode}\n{string.Concat(mx.Take(3).Select(pattern => $"mx: {pattern}\n"))}" +
            $"max_age: {seconds}\n{extensions}");

    // Few values, written in several ways, so that many pairs are equal.
    private static readonly Gen<Policy> AlmostEqualPolicy =
        from mode in Gen.Elements("enforce", "testing")
        from mx in Gen.Elements("mx: a", "mx: A.", " mx : a", "mx: *.a", "mx: a\nmx: *.a", "mx: *.a\nmx: a", "mx: a\nmx: a")
        from seconds in Gen.Elements("31557600", "9999999999", "0", "00")
        from extension in Gen.Elements("", "a: b\n", "a: b\na: c\n", "A: b\n")
        select Policy.Parse($"version: STSv1\nmode: {mode}\n{mx}\nmax_age: {seconds}\n{extension}");

    private static readonly Gen<string> RecordText =
        from id in Gen.Elements("1", "2", "a", "A")
        from extensions in Gen.SubListOf("; a=b", "; A=b", "; a=c", ";id=9", " ; v=STSv1")
        from end in Gen.Elements("", ";")
        select $"v=STSv1; id={id}{string.Concat(extensions)}{end}";

    // A valid record, an invalid one, one with whitespace before its semicolon, and unrelated ones.
    private static readonly Gen<string> AnyTxtRecord = Gen.OneOf(
        RecordText,
        Gen.Elements("v=STSv1;", "v=STSv1; id=a_b", "v=STSv1 ; id=1", "v=spf1 -all", "", "V=STSv1; id=1", "v=STSv10; id=1"));

    private static readonly Gen<TlsOutcome?> AnyTls =
        Gen.Elements<TlsOutcome?>([null, .. Enum.GetValues<TlsOutcome>().Select(outcome => (TlsOutcome?)outcome)]);

    [Property]
    public Property Matches_LiteralPattern_OnlyTheSameNameInAnyAsciiCase() =>
        Hold(
            from pattern in Name
            from host in Gen.OneOf(
                Name,
                Gen.Constant(pattern),
                Gen.Constant(pattern).Select(name => name.ToUpperInvariant()),
                Name.Select(name => $"{name}.{pattern}"))
            select (Pattern: pattern, Host: host),
            pair => Matches(pair.Pattern, pair.Host) == (Lower(pair.Pattern) == Lower(pair.Host)));

    [Property]
    public Property Matches_Wildcard_MatchesOneLabelAndTheDomain() =>
        Hold(
            from domain in Name
            from label in Label
            from host in Gen.OneOf(Name, Gen.Constant(domain), Gen.Constant($"{label}.{domain}"), Name.Select(name => $"{name}.{domain}"))
            select (Domain: domain, Host: host),
            pair => Matches($"*.{pair.Domain}", pair.Host) ==
                (pair.Host.Contains('.', StringComparison.Ordinal)
                && Lower(pair.Host[(pair.Host.IndexOf('.', StringComparison.Ordinal) + 1)..]) == Lower(pair.Domain)));

    [Property]
    public Property Matches_WildcardAndHostWithALabelAddedOrRemoved_IsFalse() =>
        Hold(
            from domain in Name
            from label in Label
            from more in Label
            from at in Gen.Choose(0, 4)
            select (Domain: domain, Label: label, More: more, At: at),
            made =>
            {
                string pattern = $"*.{made.Domain}";
                List<string> labels = [.. $"{made.Label}.{made.Domain}".Split('.')];
                int at = Math.Min(made.At, labels.Count);
                string longer = string.Join('.', [.. labels[..at], made.More, .. labels[at..]]);
                at = Math.Min(made.At, labels.Count - 1);
                string shorter = string.Join('.', [.. labels[..at], .. labels[(at + 1)..]]);
                return Matches(pattern, string.Join('.', labels)) && !Matches(pattern, longer) && !Matches(pattern, shorter);
            });

    [Property]
    public Property Matches_LetterCaseAndRootDot_MakeNoDifference() =>
        Hold(
            from pattern in PatternText
            from host in Gen.OneOf(Name, Name.Select(name => $"{name}.{pattern.Replace("*.", "", StringComparison.Ordinal)}"))
            select (Pattern: pattern, Host: host),
            pair =>
            {
                bool expected = Matches(pair.Pattern, pair.Host);
                return new[] { pair.Host + ".", pair.Host.ToUpperInvariant(), Lower(pair.Host) }
                    .All(host => Matches(pair.Pattern, host) == expected && Matches(pair.Pattern.ToUpperInvariant(), host) == expected);
            });

    [Property]
    public Property Matches_OrderOfPatterns_MakesNoDifference() =>
        Hold(
            from patterns in Pattern.NonEmptyListOf()
            from shuffled in Gen.Shuffle<MxPattern>(patterns)
            from host in Name
            select (Patterns: patterns, Shuffled: shuffled, Host: host),
            made => Enforcing(made.Patterns).Matches(made.Host) == Enforcing(made.Shuffled).Matches(made.Host)
                && Enforcing(made.Patterns).Matches(made.Host) == made.Patterns.Any(pattern => pattern.Matches(made.Host)));

    [Property]
    public Property ToString_OfAPattern_ParsesBack() =>
        Hold(Pattern, pattern =>
            MxPattern.Parse(pattern.ToString()) == pattern && MxPattern.Parse(Encoding.UTF8.GetBytes(pattern.ToString())) == pattern);

    [Property]
    public Property ToString_OfAPolicy_ParsesBackWithoutDeviations() =>
        Hold(AnyPolicy, policy => new[] { Policy.Parse(policy.ToString()), Policy.Parse(Encoding.UTF8.GetBytes(policy.ToString())) }
            .All(again => again == policy && again.Deviations is Deviations.None && again.ToString() == policy.ToString()));

    [Property]
    public Property ToString_OfAPolicyFromParts_ParsesBack() =>
        Hold(AnyPolicy, policy =>
        {
            Policy built = new(policy.Mode, policy.MaxAge, policy.Mx);
            return built.Deviations is Deviations.None
                && Policy.Parse(built.ToString()) == built
                && (built == policy) == (policy.Extensions.Count == 0);
        });

    [Property]
    public Property ToString_OfARecord_ParsesBack() =>
        Hold(RecordText.Select(StsRecord.Parse), record =>
            StsRecord.Parse(record.ToString()) == record && StsRecord.Parse(Encoding.UTF8.GetBytes(record.ToString())) == record);

    [Fact]
    public void Equals_Patterns_ComparesTheirText() =>
        HoldForPairs(Pattern, pattern => pattern.ToString(), (a, b) => a == b, (a, b) => a != b);

    [Fact]
    public void Equals_PatternsOfPolicies_ComparesTheirText() =>
        HoldForPairs(
            AnyPolicy.Select(policy => policy.Mx[policy.Mx.Count - 1]), pattern => pattern.ToString(), (a, b) => a == b, (a, b) => a != b);

    [Fact]
    public void Equals_Lists_ComparesTheirText() =>
        HoldForPairs(AlmostEqualPolicy.Select(policy => policy.Mx), list => string.Join('\n', list), (a, b) => a == b, (a, b) => a != b);

    [Fact]
    public void Equals_Policies_ComparesTheirText() =>
        HoldForPairs(AlmostEqualPolicy, policy => policy.ToString(), (a, b) => a == b, (a, b) => a != b);

    [Fact]
    public void Equals_Records_ComparesTheirText() =>
        HoldForPairs(RecordText.Select(StsRecord.Parse), record => record.ToString(), (a, b) => a == b, (a, b) => a != b);

    [Fact]
    public void Equals_Decisions_ComparesTheirProperties() =>
        HoldForPairs(
            from policy in AnyPolicy
            from host in Name
            from tls in AnyTls
            select Enforce(policy, host, tls),
            decision => (decision.Verdict, decision.Failure, decision.RequiresTls, decision.MatchedPattern?.ToString()),
            (a, b) => a == b,
            (a, b) => a != b);

    [Fact]
    public void Equals_Errors_ComparesTheirProperties() =>
        HoldForPairs(
            from text in Gen.Elements("", "*", "a..b", "a..c", "-a", "a-", "a_b", "a_c", "b_a", "mail.example.com")
            select Error(text),
            error => (error.Code, error.Offset, error.Line, error.ToString()),
            (a, b) => a == b,
            (a, b) => a != b);

    [Property]
    public Property FromRecords_OrderOfRecords_MakesNoDifference() =>
        Hold(
            from records in AnyTxtRecord.ListOf()
            from shuffled in Gen.Shuffle<string>(records)
            select (Records: records, Shuffled: shuffled),
            made => Same(TxtAnswer.FromRecords(made.Records), TxtAnswer.FromRecords(made.Shuffled)));

    // Only a single record may have whitespace before its semicolon (erratum 6285); a second record changes the result.
    [Property]
    public Property FromRecords_UnrelatedRecordAdded_MakesNoDifferenceUnlessTheOnlyRecordIsSpaced() =>
        Hold(
            from records in AnyTxtRecord.NonEmptyListOf()
            where records.Count >= 2 || records[0].StartsWith("v=STSv1;", StringComparison.Ordinal)
            from foreign in AnyTxtRecord
            where !foreign.StartsWith("v=STSv1;", StringComparison.Ordinal)
            from at in Gen.Choose(0, records.Count)
            select (Records: records, Foreign: foreign, At: at),
            made => Same(
                TxtAnswer.FromRecords(made.Records),
                TxtAnswer.FromRecords([.. made.Records.Take(made.At), made.Foreign, .. made.Records.Skip(made.At)])));

    [Property]
    public Property FromRecords_TwoStsRecords_IsMultipleRecords() =>
        Hold(
            from records in AnyTxtRecord.ListOf()
            from one in RecordText
            from other in RecordText
            select (Records: records, One: one, Other: other),
            made => TxtAnswer.FromRecords([made.One, .. made.Records, made.Other]).Status is TxtStatus.MultipleRecords);

    // RFC 8461, Sections 4 and 5. Failures are in the order of TlsOutcome's members.
    [Property]
    public Property Enforce_AnyPolicyHostAndOutcome_FollowsTheTable() =>
        Hold(
            from policy in Gen.Frequency((1, Gen.Constant<Policy?>(null)), (9, AnyPolicy.Select(policy => (Policy?)policy)))
            from host in Name
            from tls in AnyTls
            select (Policy: policy, Host: host, Tls: tls),
            made =>
            {
                (Policy? policy, string host, TlsOutcome? tls) = made;
                bool matches = policy is not null && policy.Mx.Any(pattern => Matches(pattern.ToString(), host));
                TlsFailure tlsFailure = tls switch
                {
                    null or TlsOutcome.Verified => TlsFailure.None,
                    TlsOutcome.NotOffered => TlsFailure.StartTlsNotSupported,
                    TlsOutcome.HostMismatch => TlsFailure.CertificateHostMismatch,
                    TlsOutcome.Expired => TlsFailure.CertificateExpired,
                    TlsOutcome.NotTrusted => TlsFailure.CertificateNotTrusted,
                    _ => TlsFailure.ValidationFailure,
                };
                (Verdict, TlsFailure, string?) expected = (policy?.Mode ?? PolicyMode.None, matches, tlsFailure) switch
                {
                    (PolicyMode.Enforce, false, _) => (Verdict.Deny, TlsFailure.ValidationFailure, "4.4.8"),
                    (PolicyMode.Testing, false, _) => (Verdict.AllowAndReport, TlsFailure.ValidationFailure, null),
                    (PolicyMode.Enforce or PolicyMode.Testing, true, TlsFailure.None) => (Verdict.Allow, TlsFailure.None, null),
                    (PolicyMode.Enforce, true, _) => (Verdict.Deny, tlsFailure, "4.7.5"),
                    (PolicyMode.Testing, true, _) => (Verdict.AllowAndReport, tlsFailure, null),
                    _ => (Verdict.NoPolicy, TlsFailure.None, null),
                };

                Decision decision = Enforce(policy, host, tls);
                return (decision.Verdict, decision.Failure, decision.EnhancedStatusCode) == expected
                    && decision.RequiresTls == (policy?.Mode is PolicyMode.Enforce && matches)
                    && decision.MatchedPattern.HasValue == (policy?.Mode is PolicyMode.Enforce or PolicyMode.Testing && matches)
                    && (decision.MatchedPattern is not { } found || found.Matches(host));
            });

    private static Property Hold<T>(Gen<T> cases, Func<T, bool> law) => Prop.ForAll(cases.ToArbitrary(), law);

    /// <summary>
    /// Checks that values are equal if and only if their keys are, and that equal values have equal hash codes.
    /// </summary>
    private static void HoldForPairs<T, TKey>(Gen<T> values, Func<T, TKey> key, Func<T, T, bool> areEqual, Func<T, T, bool> differ)
        where T : IEquatable<T>
    {
        int equalPairs = 0;
        Hold(
            from a in values
            from b in values
            select (A: a, B: b),
            pair =>
            {
                (T a, T b) = pair;
                bool expected = EqualityComparer<TKey>.Default.Equals(key(a), key(b));
                equalPairs += expected ? 1 : 0;
                return a.Equals(b) == expected && b.Equals(a) == expected && a.Equals((object?)b) == expected
                    && areEqual(a, b) == expected && differ(a, b) == !expected
                    && areEqual(a, a) && a.Equals(a) && !a.Equals((object?)null) && !a.Equals(key(a))
                    && (!expected || a.GetHashCode() == b.GetHashCode());
            }).Check(Fixed);
        equalPairs.Should().BeGreaterThan(0, "the generator must produce equal values");
    }

    private static bool Matches(string pattern, string host)
    {
        bool matches = MxPattern.Parse(pattern).Matches(host);
        Sts.MxMatches(host, pattern).Should().Be(matches);
        return matches;
    }

    private static string Lower(string name) => name.ToLowerInvariant();

    private static Policy Enforcing(IEnumerable<MxPattern> patterns) => new(PolicyMode.Enforce, TimeSpan.Zero, patterns);

    private static Decision Enforce(Policy? policy, string host, TlsOutcome? tls) =>
        tls is { } outcome ? Sts.Enforce(policy, host, outcome) : Sts.Enforce(policy, host);

    private static ParseError Error(string pattern) => MxPattern.TryParse(pattern, out _, out ParseError error) ? default : error;

    // NoRecord's error is only for logs: it shows the first near record, which depends on the order.
    private static bool Same(TxtAnswer a, TxtAnswer b) =>
        a.Status == b.Status && a.Record == b.Record && (a.Status is TxtStatus.NoRecord || a.Error == b.Error);
}
