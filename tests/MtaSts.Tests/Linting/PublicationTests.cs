using System.Text;
using MtaSts.Linting;

namespace MtaSts.Tests;

public sealed class PublicationTests
{
    private const string File = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n\n";

    [Fact]
    public void New_WithoutParts_HasNoFinding()
    {
        Publication publication = new();
        (publication.Domain, publication.Txt, publication.Fetch, publication.MxHosts).Should().Be((null, null, null, null));
        PolicyLint.Check(publication).Should().BeEmpty("no part was checked");
        PolicyLint.Check(new Publication(fetch: null)).Should().BeEmpty();
    }

    [Theory]
    [InlineData(200, "text/plain", FetchStatus.Ok)]
    [InlineData(200, "text/html", FetchStatus.WrongMediaType)]
    [InlineData(404, "text/plain", FetchStatus.NotFound)]
    public void New_Response_IsJudgedLikeAFetch(int statusCode, string contentType, FetchStatus expected)
    {
        FetchResult? fetch = new Publication(statusCode, contentType, Encoding.UTF8.GetBytes(File)).Fetch;
        (fetch?.Status, fetch?.StatusCode, fetch?.MediaType).Should().Be((expected, statusCode, contentType));
    }

    [Fact]
    public void New_Fetch_IsKept()
    {
        FetchResult fetch = FetchResult.Failed(FetchStatus.TimedOut);
        new Publication(fetch).Fetch.Should().BeSameAs(fetch);
    }

    [Fact]
    public void New_BodyAndHosts_AreCopied()
    {
        byte[] body = Encoding.UTF8.GetBytes(File);
        string[] hosts = ["mx.example.com"];
        Publication publication = new(200, "text/plain", body) { MxHosts = hosts };
        body.AsSpan().Fill((byte)'x');
        hosts[0] = "mx.example.net";

        PolicyLint.Check(publication).Should().ContainSingle().Which.Code.Should().Be(FindingCode.BlankLine);
        publication.MxHosts.Should().Equal("mx.example.com");
    }

    [Fact]
    public void MxHosts_NullHost_Throws() =>
        FluentActions.Invoking(() => new Publication { MxHosts = ["mx.example.com", null!] }).Should().Throw<ArgumentException>();

    [Fact]
    public void Check_Null_Throws() =>
        FluentActions.Invoking(() => PolicyLint.Check((Publication)null!))
            .Should().Throw<ArgumentNullException>().WithParameterName("publication");

    [Fact]
    public void Explain_NullPolicy_Throws() =>
        FluentActions.Invoking(() => ((Policy)null!).Explain("mx.example.com"))
            .Should().Throw<ArgumentNullException>().WithParameterName("policy");

    [Fact]
    public void ToString_ListsTheParts()
    {
        new Publication().ToString().Should().Be("unknown domain");
        new Publication(404, contentType: null, body: [])
        {
            Domain = PolicyDomain.Parse("B\u00FCcher.example"),
            Txt = TxtAnswer.FromRecords(["v=STSv1; id=1"]),
            MxHosts = ["a.example", "b.example"],
        }.ToString().Should().Be("xn--bcher-kva.example, TXT Found, id 1, fetch NotFound, 404, MX hosts: 2");
    }
}
