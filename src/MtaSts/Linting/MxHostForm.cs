namespace MtaSts.Linting;

/// <summary>Specifies the form of a name in an MX record, by what a policy needs to allow it.</summary>
internal enum MxHostForm
{
    /// <summary>A host name, which an <c>mx</c> line can hold.</summary>
    HostName = 0,

    /// <summary>A host name in U-labels, whose A-labels an <c>mx</c> line can hold.</summary>
    International,

    /// <summary>A name with an underscore: a wildcard can match it, but no <c>mx</c> line can hold it.</summary>
    Underscore,

    /// <summary>A preference and a name, as in a zone file: <c>10 mail.example.com</c>.</summary>
    Preference,

    /// <summary>An IP address, with or without brackets.</summary>
    Address,

    /// <summary>An empty text, or only whitespace.</summary>
    Blank,

    /// <summary>The root, which means that the domain accepts no mail (RFC 7505).</summary>
    NullMx,

    /// <summary>Any other text.</summary>
    Other,
}
