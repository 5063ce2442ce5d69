namespace Samples.Tests;

/// <summary>Represents a policy host without a network. It is down unless it has a body to serve.</summary>
internal sealed class FakePolicyHost : HttpMessageHandler
{
    public string? Body { get; set; }

    public Action OnRequest { get; set; } = static () => { };

    public List<string> Requests { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(request.RequestUri!.AbsoluteUri);
        OnRequest();
        return Body is null
            ? throw new HttpRequestException("No network.")
            : Task.FromResult(new HttpResponseMessage { Content = new StringContent(Body) });
    }
}
