namespace MtaSts;

/// <summary>Specifies whether to fetch the policy before a delivery.</summary>
public enum RefreshAction
{
    /// <summary>Deliver under the policy of the plan, or without one. Do not fetch.</summary>
    Apply = 0,

    /// <summary>
    /// Fetch the policy; no policy applies meanwhile. A sender may deliver without waiting for the fetch (RFC 8461
    /// section 5.1).
    /// </summary>
    Fetch,

    /// <summary>
    /// Deliver under the policy of the plan, and fetch it again, before the delivery or at the same time.
    /// </summary>
    ApplyAndFetch,
}
