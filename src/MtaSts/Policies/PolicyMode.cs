namespace MtaSts;

/// <summary>What a policy asks of a sender whose check of an MX host fails (RFC 8461, Section 5).</summary>
public enum PolicyMode
{
    /// <summary>Treat the domain as though it had no policy; how a domain opts out (Section 8.3).</summary>
    None = 0,

    /// <summary>Deliver all the same, and report the failure (RFC 8460).</summary>
    Testing,

    /// <summary>Do not deliver to a host that fails the check.</summary>
    Enforce,
}
