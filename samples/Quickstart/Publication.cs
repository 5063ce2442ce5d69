using System.Globalization;
using MtaSts;

namespace Quickstart;

/// <summary>What a domain publishes of MTA-STS, as a sender reads it.</summary>
internal sealed class Publication
{
    private readonly List<string> _errors = [];

    private Publication()
    {
    }

    /// <summary>The record, if one was given and can be used.</summary>
    public StsRecord? Record { get; private set; }

    /// <summary>The policy that applies; null if there is none or if it cannot be used, be it for the record's sake.</summary>
    public Policy? Policy { get; private set; }

    /// <summary>Why no policy applies, in a few words; null if one does.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>What is wrong with the record and with the policy: <c>FILE:LINE: reason</c>.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Reads what is given of the records and the policy file.</summary>
    /// <param name="txt">The answer of the DNS; null to judge the policy as if the record were there.</param>
    /// <param name="file">The policy file; null if there is none to judge.</param>
    public static Publication Read(TxtRecords? txt, PolicyFile? file)
    {
        Publication published = new();
        if (txt is not null)
        {
            published.ReadRecord(txt);
        }

        if (file is not null)
        {
            published.ReadPolicy(file);
        }

        return published;
    }

    /// <summary>Decides on an MX host by what is published.</summary>
    /// <param name="mxHost">The MX host.</param>
    /// <param name="tls">What the handshake showed; null to decide before connecting.</param>
    public Judgement Judge(string mxHost, TlsOutcome? tls) => new(Policy, Obstacle, mxHost, tls);

    private void ReadRecord(TxtRecords txt)
    {
        TxtAnswer answer = TxtAnswer.FromRecords(txt.Texts);
        Record = answer.Record;
        if (Record is not null)
        {
            return;
        }

        (string reason, Obstacle) = answer.Status switch
        {
            TxtStatus.InvalidRecord => (answer.Error.Reason, "a malformed record counts as none"),
            TxtStatus.MultipleRecords => ("several texts begin with \"v=STSv1;\" (RFC 8461, section 3.1)", "several records count as none"),
            _ => ("no text begins with \"v=STSv1;\" (RFC 8461, section 3.1)", "the domain has no record"),
        };
        _errors.Add($"{txt.Name}: {reason}");
    }

    private void ReadPolicy(PolicyFile file)
    {
        if (Policy.TryParse(file.Bytes, out Policy? policy, out ParseError error))
        {
            // Without a usable record a sender does not even fetch the file.
            Policy = Obstacle is null ? policy : null;
            return;
        }

        // How much over, nobody knows: the reading stopped there.
        string reason = file.IsTooLarge ? $"over {Policy.MaxSize} bytes (RFC 8461, section 3.3)" : error.Reason;
        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{file.Name}:{error.Line}: {reason}"));
        Obstacle ??= "a malformed policy counts as none";
    }
}
