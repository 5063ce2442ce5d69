namespace MtaSts;

/// <summary>What a name from an MX record is, seen from a policy that is to list it.</summary>
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

    /// <summary>An IP address, bare or in brackets.</summary>
    Address,

    /// <summary>Nothing, or blanks.</summary>
    Blank,

    /// <summary>The root, by which the domain takes no mail (RFC 7505).</summary>
    NullMx,

    /// <summary>Other text.</summary>
    Other,
}
