using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MtaSts.Tests;

/// <summary>Verifies the members for publishers: change a policy's mode, and create its record.</summary>
public sealed class PublisherTests
{
    // The example of RFC 8461, Section 3.2.
    private const string Example =
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n";

    [Fact]
    public void WithMode_EachMode_ChangesNothingElse()
    {
        Policy policy = Policy.Parse("\n" + Example + "more: b\n");
        policy.Deviations.Should().Be(Deviations.BlankLine);
        foreach (PolicyMode mode in Enum.GetValues<PolicyMode>())
        {
            Policy changed = policy.WithMode(mode);
            changed.Mode.Should().Be(mode);
            changed.MaxAge.Should().Be(policy.MaxAge);
            changed.Mx.Should().Equal(policy.Mx);
            changed.Extensions.Should().Equal(policy.Extensions);
            changed.Deviations.Should().Be(Deviations.None);
            Policy.Parse(changed.ToString()).Should().Be(changed);
        }
    }

    [Fact]
    public void WithMode_UndefinedMode_Throws()
    {
        FluentActions.Invoking(() => Policy.Parse(Example).WithMode((PolicyMode)3))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("mode");
        FluentActions.Invoking(() => new Policy(PolicyMode.None, TimeSpan.Zero, []).WithMode((PolicyMode)(-1)))
            .Should().Throw<ArgumentOutOfRangeException>().WithParameterName("mode");
    }

    [Theory]
    [InlineData(PolicyMode.Testing)]
    [InlineData(PolicyMode.Enforce)]
    public void WithMode_PolicyWithoutPatterns_Throws(PolicyMode mode)
    {
        Policy empty = new(PolicyMode.None, TimeSpan.FromDays(1), []);
        FluentActions.Invoking(() => empty.WithMode(mode)).Should().Throw<ArgumentException>().WithParameterName(nameof(mode));
        empty.WithMode(PolicyMode.None).Should().Be(empty);
    }

    [Fact]
    public void WithMode_FileThatWouldBeTooLarge_Throws()
    {
        // Exactly at the limit in mode none; "enforce" is three letters longer.
        const string Head = "version:STSv1\nmode:none\nmx:a\nmax_age:1\n";
        Policy largest = Policy.Parse($"{Head}x:{new string('y', Policy.MaxSize - Head.Length - 2)}");
        FluentActions.Invoking(() => largest.WithMode(PolicyMode.Enforce)).Should().Throw<ArgumentException>().WithParameterName("mode");
        Policy smaller = Policy.Parse($"{Head}x:{new string('y', Policy.MaxSize - Head.Length - 5)}");
        Policy.Parse(smaller.WithMode(PolicyMode.Enforce).ToString()).Mode.Should().Be(PolicyMode.Enforce);
    }

    [Fact]
    public void CreateRecord_KnownPolicy_HasAFixedId()
    {
        // The first 32 digits that sha256sum prints for the file.
        Policy.Parse(Example).CreateRecord().ToString().Should().Be("v=STSv1; id=b7c7f8ecaf8c62bfd6c88412f7c35d06");
    }

    [Fact]
    public void CreateRecord_EqualPolicyWrittenDifferently_HasTheSameId()
    {
        Policy rewritten = Policy.Parse(
            "# ours\nmode:enforce\nmax_age:604800\nmx:MAIL.example.com.\nmx:*.example.net\nmx:backupmx.example.com\nversion:STSv1");
        rewritten.CreateRecord().Should().Be(Policy.Parse(Example).CreateRecord());
    }

    [Fact]
    public void CreateRecord_AnyChange_ChangesTheId()
    {
        Policy[] policies =
        [
            Policy.Parse(Example),
            Policy.Parse(Example).WithMode(PolicyMode.Testing),
            Policy.Parse(Example.Replace("604800", "604801", StringComparison.Ordinal)),
            Policy.Parse(Example.Replace("backupmx", "backup", StringComparison.Ordinal)),
            Policy.Parse(Example.Replace("*.", "mx.", StringComparison.Ordinal)),
            Policy.Parse(Example + "a: b"),
            Policy.Parse(Example + "a: c"),
            Policy.Parse("mx: backupmx.example.com\n" + Example), // a duplicate, in first position
            new(PolicyMode.None, TimeSpan.Zero, []),
        ];
        policies.Select(policy => policy.CreateRecord().Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void CreateRecord_LargestPolicy_IsHashedAsItsCanonicalFile()
    {
        const string Head = "version:STSv1\nmode:none\nmax_age:1\n";
        Policy largest = Policy.Parse($"{Head}x:{new string('y', Policy.MaxSize - Head.Length - 2)}");
        string expected = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(largest.ToString())))[..32];
        largest.CreateRecord().Id.Should().BeEquivalentTo(expected);
    }

    public static TheoryData<string, string> Times => new()
    {
        { "2026-08-31T08:57:00Z", "20260831T085700Z" },
        { "2026-08-31T10:57:00.9999999+02:00", "20260831T085700Z" }, // in UTC, truncated to seconds
        { "0001-01-01T00:00:00Z", "00010101T000000Z" },
        { "9999-12-31T23:59:59Z", "99991231T235959Z" },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void At_Time_IsTheIdInEveryCulture(string time, string expected)
    {
        DateTimeOffset at = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // Cultures with other digits, calendars and separators.
            foreach (string culture in new[] { "en-US", "ar-SA", "th-TH", "fa-IR", "fi-FI" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                StsRecord.At(at).Id.Should().Be(expected);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        StsRecord.Parse(StsRecord.At(at).ToString()).Id.Should().Be(expected);
    }
}
