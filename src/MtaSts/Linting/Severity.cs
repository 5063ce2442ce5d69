namespace MtaSts.Linting;

/// <summary>Specifies the severity of a <see cref="Finding"/>.</summary>
public enum Severity
{
    /// <summary>For information: no correction is required.</summary>
    Note = 0,

    /// <summary>Should be corrected: the policy protects less than it could, or some senders may reject it.</summary>
    Warning,

    /// <summary>Must be corrected: senders ignore the policy, or mail is not delivered.</summary>
    Error,
}
