using System.Globalization;
using System.Numerics;

namespace MtaSts.Linting;

/// <summary>Checks whether senders can obtain the policy: the TXT record and the fetch.</summary>
internal static class PublicationRules
{
    private const string FilePath = "\"/.well-known/mta-sts.txt\"";

    public static void Check(FindingList findings, TxtAnswer txt)
    {
        switch (txt.Status)
        {
            case TxtStatus.LookupFailed:
                findings.AddNote(
                    FindingCode.RecordLookupFailed,
                    "The TXT lookup did not complete, so the record is unknown. "
                        + "Repeat the lookup. If it fails again, check the name servers.");
                break;
            case TxtStatus.NoRecord when txt.NearRecord is { } near:
                findings.AddError(
                    FindingCode.DiscardedRecord,
                    $"Expected a TXT record that begins with \"v=STSv1;\", found {Escaping.Quote(near)}, which senders discard. "
                        + $"{RemedyOf(NearRecordFaults.Of(near))} (RFC 8461 section 3.1).");
                break;
            case TxtStatus.NoRecord:
                AddNoRecord(findings);
                break;
            case TxtStatus.Found when txt.HasWhitespaceBeforeSemicolon:
                findings.AddWarning(
                    FindingCode.WhitespaceBeforeSemicolon,
                    "The TXT record has whitespace before its first semicolon. Senders that expect \"v=STSv1;\" discard the record. "
                        + "Remove the whitespace (RFC 8461 section 3.1, erratum 6285).");
                break;
            case TxtStatus.MultipleRecords:
                findings.AddError(
                    FindingCode.MultipleRecords,
                    "Expected one TXT record that begins with \"v=STSv1;\", found several. Senders ignore all of them. "
                        + "Keep one (RFC 8461 section 3.1).");
                break;
            case TxtStatus.InvalidRecord:
                findings.AddError(
                    FindingCode.InvalidRecord,
                    $"Senders ignore the invalid TXT record: {txt.Error.Reason}.",
                    new(txt.Error.Line, txt.Error.Offset),
                    txt.Error.Code);
                break;
        }
    }

    public static void AddNoRecord(FindingList findings) => findings.AddError(
        FindingCode.NoRecord,
        "Expected a TXT record that begins with \"v=STSv1;\", found no such record. Without it, senders do not look for a policy. "
            + "Publish one at \"_mta-sts\" under the domain (RFC 8461 section 3.1).");

    /// <summary>Adds why the fetch returned no policy, if so.</summary>
    public static void Check(FindingList findings, FetchResult fetch)
    {
        if (fetch.Error.Code is not ParseErrorCode.None)
        {
            AddInvalidPolicy(findings, fetch.Error, fetch.Error.Reason);
            return;
        }

        if (fetch.Status is FetchStatus.Ok)
        {
            return;
        }

        (FindingCode code, string message) = fetch.Status switch
        {
            FetchStatus.ConnectionFailed => (
                FindingCode.ConnectionFailed,
                "The connection to the policy host failed. Check its address and that it listens on port 443"),
            FetchStatus.Redirected => (
                FindingCode.Redirected,
                $"Expected status 200 from the policy host, found {DescribeStatus(fetch, "a redirect")}. Senders do not follow redirects. "
                    + $"Serve the file itself at {FilePath}"),
            FetchStatus.NotFound => (
                FindingCode.NotFound,
                $"Expected the policy file at {FilePath}, found status 404. Serve the file there"),
            FetchStatus.UnexpectedStatus => (
                FindingCode.UnexpectedStatus,
                $"Expected status 200 from the policy host, found {DescribeStatus(fetch, "another status")}. {RemedyOf(fetch.StatusCode)}"),
            FetchStatus.WrongMediaType => (
                FindingCode.WrongMediaType,
                $"Expected the media type \"text/plain\", found {DescribeMediaType(fetch)}. "
                    + "Serve the file with one \"Content-Type: text/plain\""),
            FetchStatus.TimedOut => (
                FindingCode.TimedOut,
                "The policy host did not answer in time. Serve the whole file well within a minute"),
            FetchStatus.CertificateInvalid => (
                FindingCode.CertificateInvalid,
                "The certificate of the policy host is not valid. Serve an unexpired certificate for \"mta-sts\" under the domain, "
                    + "from a public authority"),
            FetchStatus.TooLarge => (
                FindingCode.TooLarge,
                $"Expected a policy file of at most {Policy.MaxSize} bytes, found a larger one. Make it smaller"),
            _ => (FindingCode.InvalidPolicy, "The policy file is not valid. Check the file by itself"),
        };
        string section = fetch.Status is FetchStatus.WrongMediaType ? "3.2" : "3.3";
        findings.AddError(code, $"{message} (RFC 8461 section {section}).");
    }

    /// <summary>
    /// Adds why a file is not a valid policy, with the character that a host name must not contain if that is why.
    /// </summary>
    public static void AddInvalidPolicy<T>(FindingList findings, ParseError error, ReadOnlySpan<T> text)
        where T : unmanaged, IBinaryInteger<T>
    {
        string? reason = error.Code is ParseErrorCode.NonAsciiName ? HostCharacters.Explain(text[error.Offset..]) : null;
        AddInvalidPolicy(findings, error, reason ?? error.Reason);
    }

    private static void AddInvalidPolicy(FindingList findings, ParseError error, string reason) => findings.AddError(
        error.Code is ParseErrorCode.TooLarge ? FindingCode.TooLarge : FindingCode.InvalidPolicy,
        $"Senders reject the whole policy: {reason}.",
        new(error.Line, error.Offset),
        error.Code);

    private static string RemedyOf(NearRecordFault fault) => fault switch
    {
        NearRecordFault.LetterCase => "Write \"v=STSv1\" in this letter case",
        NearRecordFault.WhitespaceInFront => "Remove the whitespace in front of \"v=STSv1\"",
        NearRecordFault.Quotes => "Remove the quotes",
        NearRecordFault.EscapedQuotes => "Remove the quotes and the backslashes",
        NearRecordFault.QuotedInLine => "Use only the text inside the quotes as the record data",
        NearRecordFault.TextInFront => "Remove the text in front of \"v=STSv1\"",
        NearRecordFault.Backslash => "Remove the backslashes",
        NearRecordFault.WhitespaceBeforeSemicolon => "Remove the whitespace in front of the first semicolon",
        NearRecordFault.VersionAlone => "Add a semicolon and an \"id=\" after it",
        NearRecordFault.NoSemicolon => "Add a semicolon right after \"v=STSv1\"",
        NearRecordFault.OtherSeparator => "Replace the character after \"v=STSv1\" with a semicolon",
        _ => "Begin the record with \"v=STSv1;\"",
    };

    private static string DescribeStatus(FetchResult fetch, string otherwise) =>
        fetch.StatusCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"status {code}") : otherwise;

    private static string RemedyOf(int? statusCode) => statusCode switch
    {
        401 or 403 => "Let anyone read the file, without a login",
        410 => $"Serve the file at {FilePath}",
        429 => "Do not limit how often senders may request the file",
        >= 500 and <= 599 => "Repair the server",
        _ => "Serve the file with status 200",
    };

    private static string DescribeMediaType(FetchResult fetch) => fetch.ContentTypeFault switch
    {
        ContentTypeFault.Missing => "no media type",
        ContentTypeFault.Several => $"several: {Escaping.Quote(fetch.MediaType)}",
        ContentTypeFault.Other => Escaping.Quote(fetch.MediaType),
        ContentTypeFault.OpenQuote => $"a quote that is not closed: {Escaping.Quote(fetch.MediaType)}",
        _ => "another",
    };
}
