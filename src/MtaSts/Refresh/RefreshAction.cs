namespace MtaSts;

/// <summary>What to do before a delivery.</summary>
public enum RefreshAction
{
    /// <summary>Deliver under the policy of the plan, or without one; do not fetch.</summary>
    Apply = 0,

    /// <summary>Fetch the policy; there is none to apply meanwhile. A sender may deliver without waiting for it (Section 5.1).</summary>
    Fetch,

    /// <summary>Deliver under the policy of the plan, and fetch the policy anew, before the delivery or beside it.</summary>
    ApplyAndFetch,
}
