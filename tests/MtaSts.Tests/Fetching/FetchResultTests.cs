using System.Globalization;
using System.Text;

namespace MtaSts.Tests;

/// <summary>
/// Verifies how an HTTP response is judged (RFC 8461, Section 3.3): status, media type, size, then body.
/// </summary>
public class FetchResultTests
{
    private const string Good = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 604800\n";
    private const string WrongMode = "version: STSv1\nmode: enforced\nmx: mail.example.com\nmax_age: 604800\n";

    // The valid value first, then invalid ones. The tables name a body by its key in Bodies.
    private static readonly int[] Codes = [200, 301, 404, 500];
    private static readonly string?[] MediaTypes = ["text/plain", "text/html", null];
    private static readonly Dictionary<string, byte[]> Bodies = new(StringComparer.Ordinal)
    {
        ["good"] = Encoding.UTF8.GetBytes(Good),
        ["64 KiB"] = Padded(Policy.MaxSize),
        ["64 KiB + 1"] = Padded(Policy.MaxSize + 1),
        ["wrong mode"] = Encoding.UTF8.GetBytes(WrongMode),
        ["empty"] = [],
        ["page"] = "<!DOCTYPE html><title>Not Found</title>"u8.ToArray(),
        ["Latin-1"] = Encoding.Latin1.GetBytes("# für alle\n" + Good),
    };

    public static TheoryData<int, string?, string, FetchStatus> Responses => new()
    {
        { 200, "text/plain", "good", FetchStatus.Ok },
        { 200, "text/plain", "64 KiB", FetchStatus.Ok },
        { 200, "text/plain", "64 KiB + 1", FetchStatus.TooLarge },
        { 200, "text/plain", "wrong mode", FetchStatus.InvalidPolicy },
        { 200, "text/plain", "empty", FetchStatus.InvalidPolicy },
        { 200, "text/plain", "page", FetchStatus.InvalidPolicy },
        { 200, "text/plain; charset=iso-8859-1", "Latin-1", FetchStatus.InvalidPolicy }, // a policy is UTF-8: charset is ignored
        { 200, "text/plain; charset=utf-16", "good", FetchStatus.Ok },

        // The media type is checked before size and body.
        { 200, "text/html", "good", FetchStatus.WrongMediaType },
        { 200, "text/html", "64 KiB + 1", FetchStatus.WrongMediaType },
        { 200, "text/html", "page", FetchStatus.WrongMediaType },
        { 200, null, "good", FetchStatus.WrongMediaType },
        { 200, null, "empty", FetchStatus.WrongMediaType },

        // The status is checked first.
        { 301, "text/plain", "good", FetchStatus.Redirected },
        { 301, "text/html", "page", FetchStatus.Redirected },
        { 301, null, "empty", FetchStatus.Redirected },
        { 301, "text/plain", "64 KiB + 1", FetchStatus.Redirected },
        { 404, "text/plain", "good", FetchStatus.NotFound },
        { 404, "text/html", "page", FetchStatus.NotFound },
        { 404, "text/plain", "64 KiB + 1", FetchStatus.NotFound },
        { 500, "text/plain", "good", FetchStatus.UnexpectedStatus },
        { 500, "text/html", "64 KiB + 1", FetchStatus.UnexpectedStatus },
        { 500, null, "wrong mode", FetchStatus.UnexpectedStatus },
    };

    public static TheoryData<int, FetchStatus> StatusCodes => new()
    {
        { 100, FetchStatus.UnexpectedStatus },
        { 199, FetchStatus.UnexpectedStatus },
        { 200, FetchStatus.Ok },
        { 201, FetchStatus.UnexpectedStatus },
        { 204, FetchStatus.UnexpectedStatus },
        { 206, FetchStatus.UnexpectedStatus }, // 206 returns only part of a policy
        { 299, FetchStatus.UnexpectedStatus },
        { 300, FetchStatus.Redirected },
        { 301, FetchStatus.Redirected },
        { 304, FetchStatus.Redirected }, // only a conditional request gets 304; caching is forbidden (Section 3.3)
        { 307, FetchStatus.Redirected },
        { 399, FetchStatus.Redirected },
        { 400, FetchStatus.UnexpectedStatus },
        { 403, FetchStatus.UnexpectedStatus },
        { 404, FetchStatus.NotFound },
        { 410, FetchStatus.UnexpectedStatus },
        { 500, FetchStatus.UnexpectedStatus },
        { 503, FetchStatus.UnexpectedStatus },
        { -1, FetchStatus.UnexpectedStatus },
        { 0, FetchStatus.UnexpectedStatus },
        { 999, FetchStatus.UnexpectedStatus },
        { int.MinValue, FetchStatus.UnexpectedStatus },
        { int.MaxValue, FetchStatus.UnexpectedStatus },
    };

    public static TheoryData<string?, bool> ContentTypes => new()
    {
        { "text/plain", true },
        { "Text/Plain", true }, // any letter case: RFC 9110, Section 8.3.1
        { "TEXT/PLAIN", true },
        { " text/plain", true },
        { "text/plain ", true },
        { "\ttext/plain\t", true },
        { "text/plain;charset=utf-8", true },
        { "text/plain; charset=utf-8", true },
        { "text/plain; charset=\"utf-8\"", true },
        { "text/plain ;charset=x", true },
        { "text/plain\t; charset=x", true },
        { "text/plain; charset=utf-16", true }, // the charset is ignored
        { "text/plain; charset=", true },
        { "text/plain;", true }, // an empty parameter is allowed: RFC 9110, Section 5.6.6
        { "text/plain; ", true },
        { "text/plain;;;", true },
        { "text/plain; format=flowed; delsp=yes", true },
        { "text/plain; x=\"a;b, text/html\"", true },
        { "text/plain; x=\"a,b\"", true }, // a quoted comma is part of the value: RFC 9110, Section 5.6.4
        { "text/plain; x=\"a\\\",b\"", true }, // an escaped quote does not end the string
        { "text/plain; x=\"a\\\\\"; y=z", true }, // an escaped backslash does not escape the quote
        { "text/plain; x=\"\"; y=\",\"", true },
        { "text/plain; x=\\; y=z", true }, // outside quotes a backslash is an ordinary character
        { "text/plain; \u00E9=\u0131", true },

        { null, false },
        { "", false },
        { " ", false },
        { ";", false },
        { "; text/plain", false },
        { "text", false },
        { "text/", false },
        { "/plain", false },
        { "plain/text", false },
        { "text/html", false },
        { "text/html; text/plain", false },
        { "text/plainx", false },
        { "text/plai", false },
        { "xtext/plain", false },
        { "text/plain+xml", false },
        { "text/plain/x", false },
        { "text/plain x", false },
        { "text/plain\n;charset=x", false }, // OWS is SP and HTAB
        { "text/plain\u00A0;charset=x", false },
        { "text/x-plain", false },
        { "text/*", false },
        { "*/*", false },
        { "\"text/plain\"", false },
        { "text\\plain", false },
        { "text/plain, text/html", false }, // two fields joined by a proxy: it is unknown which one is right
        { "text/plain, text/plain", false },
        { "text/plain,", false },
        { ",text/plain", false },
        { "text/plain; charset=utf-8, text/html", false }, // the list begins after the first semicolon
        { "text/plain; charset=utf-8, text/plain; charset=utf-8", false },
        { "text/plain;,", false },
        { "text/plain; x=\"a\\\\\", text/html", false }, // the string ends here: the backslash before the quote is escaped
        { "text/plain; x=\"a\", text/html; y=\"b\"", false },
        { "text/plain; x=\\\"a\", b", false }, // outside quotes a backslash is ordinary, so the comma is unquoted
        { "text/plain; x=\"a", false }, // the string does not end, so a second type may follow
        { "text/plain; x=\"a, text/html", false },
        { "text/plain; x=\"a\\\"", false }, // the last quote is escaped
        { "text/plain; x=\"a\\", false },
        { "text/ plain", false }, // no whitespace is allowed around the slash
        { "text /plain", false },
        { "text / plain", false },
        { "text/plain\0", false },
        { "text/plain\0; charset=utf-8", false },
        { "text/plain\n", false }, // only SP and HTAB are whitespace
        { "text/plain\r", false },
        { "\vtext/plain", false },
        { "text/plain\u00A0", false },
        { "\u3000text/plain", false },
        { "\uFEFFtext/plain", false },
        { "text/pla\u0131n", false }, // dotless i, whose upper case is I in Unicode
        { "text/pla\u0130n", false }, // I with a dot, whose lower case in Turkish is i
        { "te\u03C7t/plain", false }, // Greek chi
        { "\uFF54ext/plain", false }, // fullwidth t
        { "text\u2215plain", false }, // division slash
        { "text/plain\uFF1B charset=utf-8", false }, // fullwidth semicolon
    };

    public static TheoryData<FetchStatus, TlsFailure> Failures => new()
    {
        { FetchStatus.Redirected, TlsFailure.StsPolicyFetchError },
        { FetchStatus.NotFound, TlsFailure.StsPolicyFetchError },
        { FetchStatus.UnexpectedStatus, TlsFailure.StsPolicyFetchError },
        { FetchStatus.WrongMediaType, TlsFailure.StsPolicyInvalid },
        { FetchStatus.TooLarge, TlsFailure.StsPolicyInvalid },
        { FetchStatus.InvalidPolicy, TlsFailure.StsPolicyInvalid },
        { FetchStatus.TimedOut, TlsFailure.StsPolicyFetchError },
        { FetchStatus.ConnectionFailed, TlsFailure.StsPolicyFetchError },
        { FetchStatus.CertificateInvalid, TlsFailure.StsWebPkiInvalid },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public void FromResponse_Combination_IsJudgedInOrder(int statusCode, string? contentType, string body, FetchStatus expected)
    {
        FetchResult result = FetchResult.FromResponse(statusCode, contentType, Bodies[body]);

        result.Status.Should().Be(expected);
        ShouldBeConsistent(result);
    }

    [Fact]
    public void FromResponse_AllCombinations_ReturnTheFirstFailure()
    {
        foreach (int code in Codes)
        {
            foreach (string? mediaType in MediaTypes)
            {
                foreach ((string kind, byte[] body) in Bodies)
                {
                    FetchResult result = FetchResult.FromResponse(code, mediaType, body);

                    result.Status.Should().Be(Model(code, mediaType, body), $"{code}, {mediaType}, {kind}");
                    ShouldBeConsistent(result);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(StatusCodes))]
    public void FromResponse_StatusCode_Only200HasAPolicy(int statusCode, FetchStatus expected)
    {
        FetchResult result = FetchResult.FromResponse(statusCode, "text/plain", Bodies["good"]);

        result.Status.Should().Be(expected);
        ShouldBeConsistent(result);
    }

    // Not a row of the theory: rows are stored as UTF-8, which cannot hold half of a surrogate pair.
    [Fact]
    public void FromResponse_ContentTypeWithHalfASurrogatePair_IsNotPlainText() =>
        FetchResult.FromResponse(200, "text/plain\uD800", Bodies["good"]).Status.Should().Be(FetchStatus.WrongMediaType);

    [Theory]
    [MemberData(nameof(ContentTypes))]
    public void FromResponse_ContentType_IgnoresParameters(string? contentType, bool accepted)
    {
        FetchResult result = FetchResult.FromResponse(200, contentType, Bodies["good"]);

        result.Status.Should().Be(accepted ? FetchStatus.Ok : FetchStatus.WrongMediaType);
        ShouldBeConsistent(result);
    }

    [Fact]
    public void FromResponse_ValidBody_ReturnsTheSamePolicyAsParse()
    {
        FetchResult result = FetchResult.FromResponse(200, "text/plain", Bodies["good"]);

        result.Policy.Should().Be(Policy.Parse(Good));
        result.Failure.Should().Be(TlsFailure.None);
    }

    [Fact]
    public void FromResponse_InvalidBody_ReportsTheOffsetInBytes()
    {
        // A byte order mark is one character and three bytes.
        FetchResult result = FetchResult.FromResponse(200, "text/plain", Encoding.UTF8.GetBytes("\uFEFF" + WrongMode));

        result.Error.Code.Should().Be(ParseErrorCode.InvalidMode);
        result.Error.Line.Should().Be(2);
        result.Error.Offset.Should().Be("\uFEFFversion: STSv1\nmode: "u8.Length);
        result.Error.ToString().Should().Contain("enforced");
    }

    [Fact]
    public void FromResponse_EmptyBody_IsMissingVersion()
    {
        ParseError error = FetchResult.FromResponse(200, "text/plain", []).Error;

        error.Code.Should().Be(ParseErrorCode.MissingVersion);
        error.Offset.Should().Be(0);
    }

    [Fact]
    public void FromResponse_TooLarge_ReportsTheLimit()
    {
        ParseError error = FetchResult.FromResponse(200, "text/plain", Bodies["64 KiB + 1"]).Error;

        error.Code.Should().Be(ParseErrorCode.TooLarge);
        error.Offset.Should().Be(0);
        error.ToString().Should().Contain("more than 65536 bytes");
    }

    [Fact]
    public void FromResponse_BodyChangedLater_PolicyIsUnchanged()
    {
        byte[] body = Encoding.UTF8.GetBytes(Good);
        Policy policy = FetchResult.FromResponse(200, "text/plain", body).Policy!;

        body.AsSpan().Clear();

        policy.ToString().Should().Be(Policy.Parse(Good).ToString());
    }

    // Status code, Content-Type, body, expected media type, expected text.
    public static TheoryData<int, string?, string, string?, string> Texts => new()
    {
        { 200, "text/plain", "good", "text/plain", "Ok, 200, mode enforce, 1 mx, max_age 604800" },
        { 200, "text/html", "page", "text/html", "WrongMediaType, 200, \"text/html\"" },
        { 200, "text/plain, text/html", "good", "text/plain, text/html", "WrongMediaType, 200, \"text/plain, text/html\"" },
        { 200, null, "good", null, "WrongMediaType, 200, no media type" },
        { 200, "", "good", "", "WrongMediaType, 200, \"\"" },
        {
            200, "Text/Plain; charset=utf-8", "wrong mode", "Text/Plain; charset=utf-8",
            "InvalidPolicy, 200, line 2, offset 21: expected \"enforce\", \"testing\" or \"none\" in lower case, found \"enforced\" " +
            "(RFC 8461 section 3.2)"
        },
        {
            200, "text/plain", "64 KiB + 1", "text/plain",
            "TooLarge, 200, line 1, offset 0: expected a policy of at most 65536 bytes, found more than 65536 bytes (RFC 8461 section 3.3)"
        },
        {
            // An escaped quote does not end the value.
            200, "text/x; y=\"a\\\"b\"", "good", "text/x; y=\"a\\\"b\"",
            "WrongMediaType, 200, \"text/x; y=\\\"a\\\\\\\"b\\\"\""
        },
        { 301, "text/html", "page", "text/html", "Redirected, 301" },
        { 404, null, "empty", null, "NotFound, 404" },
        { 503, "text/html", "page", "text/html", "UnexpectedStatus, 503" },
        { -1, null, "empty", null, "UnexpectedStatus, -1" },
        {
            200, "\r\ntext/\u202Ehtml\u2028\u0085", "good", "<U+000D><U+000A>text/<U+202E>html<U+2028><U+0085>",
            "WrongMediaType, 200, \"<U+000D><U+000A>text/<U+202E>html<U+2028><U+0085>\""
        },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void ToString_Response_ShowsStatusCodeAndMediaType(
        int statusCode, string? contentType, string body, string? mediaType, string text)
    {
        FetchResult result = FetchResult.FromResponse(statusCode, contentType, Bodies[body]);

        result.StatusCode.Should().Be(statusCode);
        result.MediaType.Should().Be(mediaType);
        result.ToString().Should().Be(text);
    }

    [Fact]
    public void ToString_CultureWithItsOwnMinusSign_IsAscii()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("en-US") { NumberFormat = { NegativeSign = "\u2212" } };
            FetchResult.FromResponse(-7, null, []).ToString().Should().Be("UnexpectedStatus, -7");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void MediaType_Long_IsCut()
    {
        FetchResult result = FetchResult.FromResponse(200, "text/" + new string('h', 100_000), []);
        result.MediaType.Should().Be("text/" + new string('h', 123) + "...");

        // Lone surrogates: an escape is never cut.
        FetchResult.FromResponse(200, new string('\uD800', 1_000), []).MediaType
            .Should().Be(string.Concat(Enumerable.Repeat("<0xD800>", 16)) + "...");
    }

    [Fact]
    public void ToString_HostileBodyAndMediaType_IsOneShortLineOfPrintableAscii()
    {
        string[] hostile = ["\r\n", "\u2028", "\u0085", "\u001B[31m", "\uD800", "\0", "\u202E", "\U0001F4A9", "\""];
        foreach (string text in hostile)
        {
            foreach (string? mediaType in (string?[])["text/plain", text, "text/plain; x=" + text, null])
            {
                foreach (int code in Codes)
                {
                    byte[] body = Encoding.UTF8.GetBytes($"version: STSv1\nmode: {text}\nmemo: {text}\n");
                    string line = FetchResult.FromResponse(code, mediaType, body).ToString();
                    line.Should().MatchRegex("^[ -~]{1,300}$");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task FromResponseAsync_Combination_EqualsFromResponse(
        int statusCode, string? contentType, string body, FetchStatus expected)
    {
        using TrickleStream stream = new(Bodies[body]);
        FetchResult result = await FetchResult.FromResponseAsync(statusCode, contentType, stream, CancellationToken.None);

        result.Status.Should().Be(expected);
        result.ToString().Should().Be(FetchResult.FromResponse(statusCode, contentType, Bodies[body]).ToString());
        result.Policy.Should().Be(FetchResult.FromResponse(statusCode, contentType, Bodies[body]).Policy);
        ShouldBeConsistent(result);
        bool isRead = expected is FetchStatus.Ok or FetchStatus.TooLarge or FetchStatus.InvalidPolicy;
        stream.BytesRead.Should().Be(isRead ? Bodies[body].Length : 0, "the body is not read when the status or media type is rejected");
    }

    [Fact]
    public async Task FromResponseAsync_EndlessBody_StopsAfterOneByteTooMany()
    {
        using TrickleStream stream = new(new byte[1_000_000]);
        FetchResult result = await FetchResult.FromResponseAsync(200, "text/plain", stream, CancellationToken.None);

        result.Status.Should().Be(FetchStatus.TooLarge);
        stream.BytesRead.Should().Be(65_537);
        stream.CanRead.Should().BeTrue("the caller owns the stream");
    }

    [Fact]
    public async Task FromResponseAsync_StreamThatThrows_PropagatesTheException()
    {
        using TrickleStream stream = new(Bodies["good"]);
        await FluentActions.Awaiting(async () => await FetchResult.FromResponseAsync(200, "text/plain", stream, new(canceled: true)))
            .Should().ThrowAsync<OperationCanceledException>();
        await FluentActions.Awaiting(async () => await FetchResult.FromResponseAsync(200, "text/plain", null!))
            .Should().ThrowAsync<ArgumentNullException>().WithParameterName("body");
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Failed_EachStatus_HasItsFailureAndNoPolicy(FetchStatus status, TlsFailure expected)
    {
        FetchResult result = FetchResult.Failed(status);

        result.Status.Should().Be(status);
        result.Failure.Should().Be(expected);
        result.Policy.Should().BeNull();
        result.Error.Should().Be(default(ParseError));
        result.StatusCode.Should().BeNull();
        result.MediaType.Should().BeNull();
        result.ToString().Should().Be(status.ToString());
    }

    [Fact]
    public void Failures_AreAllStatusesButOk() =>
        Failures.Select(static row => (FetchStatus)row[0]).Should().BeEquivalentTo(Enum.GetValues<FetchStatus>().Except([FetchStatus.Ok]));

    [Theory]
    [InlineData(FetchStatus.Ok)] // only a response can have a policy
    [InlineData((FetchStatus)(-1))]
    [InlineData((FetchStatus)10)] // one past CertificateInvalid
    [InlineData((FetchStatus)int.MaxValue)]
    public void Failed_OkOrUndefined_Throws(FetchStatus noFailure)
    {
        Action act = () => FetchResult.Failed(noFailure);
        act.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("status").Which.ActualValue.Should().Be(noFailure);
    }

    [Fact]
    public void Default_Status_IsNotOk() => default(FetchStatus).Should().Be(FetchStatus.ConnectionFailed);

    private static FetchStatus Model(int code, string? mediaType, byte[] body)
    {
        if (code != 200)
        {
            return code switch { 301 => FetchStatus.Redirected, 404 => FetchStatus.NotFound, _ => FetchStatus.UnexpectedStatus };
        }

        if (mediaType != "text/plain")
        {
            return FetchStatus.WrongMediaType;
        }

        if (body.Length > 65_536)
        {
            return FetchStatus.TooLarge;
        }

        return Policy.TryParse(body, out _) ? FetchStatus.Ok : FetchStatus.InvalidPolicy;
    }

    // Status, policy, error and failure agree.
    private static void ShouldBeConsistent(FetchResult result)
    {
        bool ok = result.Status is FetchStatus.Ok;
        (result.Policy is not null).Should().Be(ok);
        result.IsOk.Should().Be(ok);
        if (result.IsOk)
        {
            result.Policy.Mx.Count.Should().BePositive(); // The compiler knows that the policy is not null.
        }

        (result.Failure is TlsFailure.None).Should().Be(ok);
        (result.Error != default).Should().Be(result.Status is FetchStatus.TooLarge or FetchStatus.InvalidPolicy);
        (result.Error.Code is ParseErrorCode.TooLarge).Should().Be(result.Status is FetchStatus.TooLarge);
    }

    // A valid policy, padded with a comment to this size.
    private static byte[] Padded(int size) => Encoding.UTF8.GetBytes(Good + "#".PadRight(size - Good.Length, '-'));

    /// <summary>Represents a body that arrives in small pieces, and counts the bytes read.</summary>
    private sealed class TrickleStream(byte[] body) : MemoryStream(body)
    {
        public int BytesRead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer[..Math.Min(buffer.Length, 1_000)], cancellationToken);
            BytesRead += read;
            return read;
        }
    }
}
