using System.Globalization;
using System.Numerics;

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
            case TxtStatus.NoRecord when txt.NearRecord is { } near:
                findings.Add(
                    FindingCode.DiscardedRecord,
                    Severity.Error,
                    $"The TXT record {Escaping.Quote(near)} looks like one of MTA-STS, but senders discard it. "
                        + $"{RemedyOf(NearRecordFaults.Of(near))} (RFC 8461, section 3.1).");
                break;
            case TxtStatus.NoRecord:
                AddNoRecord(findings);
                break;
            case TxtStatus.Found when txt.HasBlankBeforeSemicolon:
                findings.Add(
                    FindingCode.BlankBeforeSemicolon,
                    Severity.Warning,
                    "The TXT record has whitespace before its first semicolon, and senders that look for \"v=STSv1;\" discard it. "
                    + "Remove the whitespace (RFC 8461, section 3.1, erratum 6285).");
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
            FetchStatus.Redirected => (
                FindingCode.Redirected,
                $"The policy host answers with {DescribeStatus(fetch, "a redirect")}, and senders follow no redirect. "
                    + "Serve the file itself with status 200"),
            FetchStatus.NotFound => (FindingCode.NotFound, "The policy host does not have the file (404). Serve it at \"/.well-known/mta-sts.txt\""),
            FetchStatus.UnexpectedStatus => (
                FindingCode.UnexpectedStatus,
                $"The policy host answers with {DescribeStatus(fetch, "a status other than 200")}. {RemedyOf(fetch.StatusCode)}"),
            FetchStatus.WrongMediaType => (
                FindingCode.WrongMediaType,
                $"{DescribeMediaType(fetch)}. Serve it with one \"Content-Type: text/plain\""),
            FetchStatus.TimedOut => (FindingCode.TimedOut, "The policy host did not answer in time. Serve the whole file well within a minute"),
            FetchStatus.CertificateInvalid => (
                FindingCode.CertificateInvalid,
                "The policy host's certificate is not valid. Serve one for \"mta-sts\" under the domain, unexpired and from a public authority"),
            FetchStatus.TooLarge => (FindingCode.TooLarge, "The policy file is over 65536 bytes. Make it smaller"),
            _ => (FindingCode.InvalidPolicy, "The policy file is no policy. Check it by itself"),
        };
        string section = fetch.Status is FetchStatus.WrongMediaType ? "3.2" : "3.3";
        findings.Add(code, Severity.Error, $"{message} (RFC 8461, section {section}).");
    }

    private static string RemedyOf(NearRecordFault fault) => fault switch
    {
        NearRecordFault.LetterCase => "Write \"v=STSv1\" in this letter case",
        NearRecordFault.BlankInFront => "Remove the whitespace in front of \"v=STSv1\"",
        NearRecordFault.Quotes => "Remove the quotes",
        NearRecordFault.EscapedQuotes => "Remove the quotes and the backslashes",
        NearRecordFault.QuotedInLine => "Put only the text in quotes into the record data",
        NearRecordFault.TextInFront => "Remove what is in front of \"v=STSv1\"",
        NearRecordFault.Backslash => "Remove the backslashes",
        NearRecordFault.BlankBeforeSemicolon => "Remove the whitespace in front of the first semicolon",
        NearRecordFault.VersionAlone => "Put a semicolon and an \"id=\" after it",
        NearRecordFault.NoSemicolon => "Put a semicolon right after \"v=STSv1\"",
        NearRecordFault.OtherSeparator => "Replace the character after \"v=STSv1\" by a semicolon",
        _ => "Begin the record with \"v=STSv1;\"",
    };

    private static string DescribeStatus(FetchResult fetch, string otherwise) =>
        fetch.StatusCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"status {code}") : otherwise;

    private static string RemedyOf(int? statusCode) => statusCode switch
    {
        401 or 403 => "Let anyone read the file, without a login",
        410 => "Serve the file at \"/.well-known/mta-sts.txt\"",
        429 => "Do not limit how often senders may ask for the file",
        >= 500 and <= 599 => "Repair the server, so that it serves the file with status 200",
        _ => "Serve the file with status 200",
    };

    private static string DescribeMediaType(FetchResult fetch) => fetch.ContentTypeFault switch
    {
        ContentTypeFault.Missing => "The policy file has no media type",
        ContentTypeFault.Several => $"The policy file has several media types: \"{fetch.MediaType}\"",
        ContentTypeFault.Other => $"The media type of the policy file is \"{fetch.MediaType}\", not text/plain",
        ContentTypeFault.OpenQuote => $"A quote is not closed in the media type of the policy file, \"{fetch.MediaType}\"",
        _ => "The media type of the policy file is not text/plain",
    };

    /// <summary>Adds why a file is no policy.</summary>
    public static void AddInvalidPolicy(FindingList findings, ParseError error) => AddInvalidPolicy(findings, error, error.Reason);

    /// <summary>Adds why a file is no policy, with the character that a host name cannot hold if that is why.</summary>
    public static void AddInvalidPolicy<T>(FindingList findings, ParseError error, ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        string? reason = error.Code is ParseErrorCode.NonAsciiName ? HostCharacters.Explain(text[error.Offset..]) : null;
        AddInvalidPolicy(findings, error, reason ?? error.Reason);
    }

    private static void AddInvalidPolicy(FindingList findings, ParseError error, string reason) => findings.Add(new(
        error.Code is ParseErrorCode.TooLarge ? FindingCode.TooLarge : FindingCode.InvalidPolicy,
        Severity.Error,
        $"Senders refuse the whole policy: {reason}.",
        new(error.Line, error.Offset),
        error.Code));
}
