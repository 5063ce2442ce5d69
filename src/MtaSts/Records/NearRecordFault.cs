namespace MtaSts;

/// <summary>What keeps a text that looks like a TXT record of MTA-STS from beginning with <c>v=STSv1;</c>.</summary>
internal enum NearRecordFault
{
    /// <summary>Something else: <c>STSv1; id=1</c>.</summary>
    Other = 0,

    /// <summary><c>v=stsv1; id=1</c>.</summary>
    LetterCase,

    /// <summary><c> v=STSv1; id=1</c>.</summary>
    BlankInFront,

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

    /// <summary><c>v=STSv1 ; id=1</c>, where another record is in the answer, or the rest is malformed.</summary>
    BlankBeforeSemicolon,

    /// <summary><c>v=STSv1</c>, and nothing more.</summary>
    VersionAlone,

    /// <summary><c>v=STSv1 id=1</c>.</summary>
    NoSemicolon,

    /// <summary><c>v=STSv1, id=1</c>: another character in place of the first semicolon.</summary>
    OtherSeparator,
}
