using System.Globalization;
using MtaSts;

namespace Quickstart;

/// <summary>Represents a domain's record and policy as a sender sees them.</summary>
internal sealed class SenderView
{
    private readonly List<string> _errors = [];

    private SenderView()
    {
    }

    /// <summary>The record; null if no record was given or the given one is not usable.</summary>
    public StsRecord? Record { get; private set; }

    /// <summary>
    /// The policy that applies; null if no policy was given, or if the policy or the record is not usable.
    /// </summary>
    public Policy? Policy { get; private set; }

    /// <summary>The reason why no policy applies, in a few words; null if one applies.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The faults of the record and the policy: <c>FILE:LINE: reason</c>.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Parses the given records and policy file.</summary>
    /// <param name="txt">The answer of the DNS; null to judge the policy without a record.</param>
    /// <param name="file">The policy file; null to judge the record alone.</param>
    public static SenderView Of(TxtRecords? txt, PolicyFile? file)
    {
        SenderView view = new();
        if (txt is not null)
        {
            view.ParseRecord(txt);
        }

        if (file is not null)
        {
            view.ParsePolicy(file);
        }

        return view;
    }

    /// <summary>Decides on an MX host.</summary>
    /// <param name="mxHost">The MX host.</param>
    /// <param name="tls">The outcome of the handshake; null to decide before connecting.</param>
    public Judgement Judge(string mxHost, TlsOutcome? tls) => new(Policy, Obstacle, mxHost, tls);

    private void ParseRecord(TxtRecords txt)
    {
        TxtAnswer answer = TxtAnswer.FromRecords(txt.Texts);
        Record = answer.Record;
        if (Record is not null)
        {
            return;
        }

        (string reason, Obstacle) = answer.Status switch
        {
            TxtStatus.InvalidRecord => (answer.Error.Reason, "the record is not valid"),
            TxtStatus.MultipleRecords => (
                "expected one text that begins with \"v=STSv1;\", found several (RFC 8461 section 3.1)", "the domain has several records"),
            _ => ("expected a text that begins with \"v=STSv1;\", found no such text (RFC 8461 section 3.1)", "the domain has no record"),
        };
        _errors.Add($"{txt.Name}: {reason}");
    }

    private void ParsePolicy(PolicyFile file)
    {
        if (Policy.TryParse(file.Bytes, out Policy? policy, out ParseError error))
        {
            // Without a usable record, a sender does not even fetch the file.
            Policy = Obstacle is null ? policy : null;
            return;
        }

        // The size is unknown: the rest of the file was not read.
        string reason = file.IsTooLarge
            ? $"expected a policy of at most {Policy.MaxSize} bytes, found a larger one (RFC 8461 section 3.3)"
            : error.Reason;
        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{file.Name}:{error.Line}: {reason}"));
        Obstacle ??= "the policy is not valid";
    }
}
