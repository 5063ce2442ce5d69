namespace MtaSts.Linting;

/// <summary>The reason why a text that looks like an MTA-STS record does not begin with <c>v=STSv1;</c>.</summary>
internal enum NearRecordFault
{
    /// <summary>Another reason: <c>STSv1; id=1</c>.</summary>
    Other = 0,

    /// <summary><c>v=stsv1; id=1</c>.</summary>
    LetterCase,

    /// <summary><c> v=STSv1; id=1</c>.</summary>
    WhitespaceInFront,

    /// <summary><c>"v=STSv1; id=1"</c>, as in a zone file.</summary>
    Quotes,

    /// <summary><c>\"v=STSv1; id=1\"</c>.</summary>
    EscapedQuotes,

    /// <summary><c>_mta-sts.example.com. IN TXT "v=STSv1; id=1"</c>: a line of a zone file.</summary>
    QuotedInLine,

    /// <summary><c>_mta-sts IN TXT v=STSv1; id=1</c>, or an invisible character.</summary>
    TextInFront,

    /// <summary><c>v=STSv1\; id=1</c>, as in a zone file.</summary>
    Backslash,

    /// <summary><c>v=STSv1 ; id=1</c> in an answer with other records, or with an invalid rest.</summary>
    WhitespaceBeforeSemicolon,

    /// <summary><c>v=STSv1</c> alone.</summary>
    VersionAlone,

    /// <summary><c>v=STSv1 id=1</c>.</summary>
    NoSemicolon,

    /// <summary><c>v=STSv1, id=1</c>: another character instead of the first semicolon.</summary>
    OtherSeparator,
}
