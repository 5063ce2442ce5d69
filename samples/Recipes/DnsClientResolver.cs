using DnsClient;

namespace Recipes;

/// <summary>Looks up the TXT record of a domain with DnsClient.</summary>
/// <remarks>Safe for use by several threads.</remarks>
/// <param name="client">The client, such as one by <see cref="CreateOptions"/>.</param>
public sealed class DnsClientResolver(IDnsQuery client)
{
    /// <summary>Creates the options of the client.</summary>
    /// <param name="servers">The recursive resolvers, often one on this host; none for those of the system.</param>
    public static LookupClientOptions CreateOptions(params NameServer[] servers)
    {
        LookupClientOptions options = servers.Length == 0 ? new() : new(servers);
        options.UseCache = false; // The lookup before a bounce must be a new one (RFC 8461 section 5). The resolver has a cache.
        options.Timeout = TimeSpan.FromSeconds(3);
        options.Retries = 2; // Three attempts fit into the 10 seconds of PolicyDiscoveryOptions.LookupTimeout.
        return options;
    }

    /// <summary>Looks up the record.</summary>
    /// <param name="domain">The policy domain.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    /// <returns>The answer. The resolver has followed CNAMEs (RFC 8461 section 3.1).</returns>
    /// <exception cref="DnsResponseException">
    /// SERVFAIL, another error code or a timeout. A discovery counts it as a failed lookup, and its event has the exception.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public async Task<TxtAnswer> LookUpRecordAsync(PolicyDomain domain, CancellationToken cancellationToken)
    {
        try
        {
            IDnsQueryResponse response = await client.QueryAsync(
                domain.RecordName, QueryType.TXT, cancellationToken: cancellationToken);
            return response.Header.ResponseCode switch
            {
                // Each record is a list of character-strings. FromCharacterStrings joins them without a separator.
                DnsHeaderResponseCode.NoError =>
                    TxtAnswer.FromCharacterStrings(response.Answers.TxtRecords().Select(static record => record.Text)),
                DnsHeaderResponseCode.NotExistentDomain => TxtAnswer.NoRecord, // NXDOMAIN is an answer, not an error.
                DnsHeaderResponseCode error => throw new DnsResponseException((DnsResponseCode)error),
            };
        }
        catch (DnsResponseException e) when (cancellationToken.IsCancellationRequested)
        {
            // DnsClient reports a cancellation like a timeout.
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }
}
