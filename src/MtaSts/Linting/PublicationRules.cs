namespace MtaSts;

/// <summary>Looks at whether senders get at the policy: the TXT record and the fetch.</summary>
internal static class PublicationRules
{
    public static void Check(FindingList findings, TxtAnswer txt)
    {
        switch (txt.Status)
        {
            case TxtStatus.LookupFailed:
                findings.Add(
                    FindingCode.RecordLookupFailed,
                    Severity.Note,
                    "The look-up of the TXT record did not complete, so nothing is known of it. Look again; if it goes on, check the name servers.");
                break;
            case TxtStatus.NoRecord:
                AddNoRecord(findings);
                break;
            case TxtStatus.MultipleRecords:
                findings.Add(
                    FindingCode.MultipleRecords,
                    Severity.Error,
                    "There are several TXT records that begin with \"v=STSv1;\", which counts as none. Leave one (RFC 8461, section 3.1).");
                break;
            case TxtStatus.InvalidRecord:
                findings.Add(new(
                    FindingCode.InvalidRecord,
                    Severity.Error,
                    $"The TXT record is malformed, which counts as none: {txt.Error.Reason}.",
                    new(txt.Error.Line, txt.Error.Offset),
                    txt.Error.Code));
                break;
        }
    }

    public static void AddNoRecord(FindingList findings) => findings.Add(
        FindingCode.NoRecord,
        Severity.Error,
        "There is no TXT record that begins with \"v=STSv1;\", so senders do not look for a policy. Publish one at \"_mta-sts\" under the domain (RFC 8461, section 3.1).");

    /// <summary>Adds what kept the fetch from giving a policy.</summary>
    public static void Check(FindingList findings, FetchResult fetch)
    {
        if (fetch.Status is FetchStatus.Ok)
        {
            return;
        }

        if (fetch.Error.Code is not ParseErrorCode.None)
        {
            AddInvalidPolicy(findings, fetch.Error);
            return;
        }

        (FindingCode code, string message) = fetch.Status switch
        {
            FetchStatus.ConnectionFailed => (FindingCode.ConnectionFailed, "The policy host could not be connected to. Check its address and that it listens on port 443"),
            FetchStatus.Redirected => (FindingCode.Redirected, "The policy host answers with a redirect, which senders do not follow. Serve the file itself with status 200"),
            FetchStatus.NotFound => (FindingCode.NotFound, "The policy host does not have the file (404). Serve it at \"/.well-known/mta-sts.txt\""),
            FetchStatus.UnexpectedStatus => (FindingCode.UnexpectedStatus, "The policy host answers with a status other than 200. Serve the file with status 200"),
            FetchStatus.WrongMediaType => (FindingCode.WrongMediaType, "The media type of the policy file is not text/plain. Serve it with \"Content-Type: text/plain\""),
            FetchStatus.TimedOut => (FindingCode.TimedOut, "The policy host did not answer in time. Serve the whole file well within a minute"),
            FetchStatus.CertificateInvalid => (
                FindingCode.CertificateInvalid,
                "The policy host's certificate is not valid. Serve one for \"mta-sts\" under the domain, unexpired and from a public authority"),
            FetchStatus.TooLarge => (FindingCode.TooLarge, "The policy file is over 65536 bytes. Make it smaller"),
            _ => (FindingCode.InvalidPolicy, "The policy file is no policy. Check it by itself"),
        };
        findings.Add(code, Severity.Error, $"{message} (RFC 8461, section 3.3).");
    }

    /// <summary>Adds why a file is no policy.</summary>
    public static void AddInvalidPolicy(FindingList findings, ParseError error) => findings.Add(new(
        error.Code is ParseErrorCode.TooLarge ? FindingCode.TooLarge : FindingCode.InvalidPolicy,
        Severity.Error,
        $"Senders refuse the whole policy: {error.Reason}.",
        new(error.Line, error.Offset),
        error.Code));
}
