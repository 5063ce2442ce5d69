namespace MtaSts;

/// <summary>How much a <see cref="Finding"/> matters.</summary>
public enum Severity
{
    /// <summary>Good to know: nothing need be done.</summary>
    Note = 0,

    /// <summary>Should be put right: the policy protects less than it could, or some senders may refuse it.</summary>
    Warning,

    /// <summary>Must be put right: senders ignore the policy, or mail does not arrive.</summary>
    Error,
}
