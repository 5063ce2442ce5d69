using System.Security.Authentication;

namespace OutboundMta;

/// <summary>The exception for a certificate that is not valid for the policy host.</summary>
/// <remarks>A handshake that fails otherwise throws <see cref="AuthenticationException"/> itself.</remarks>
public sealed class PolicyCertificateException : AuthenticationException
{
    public PolicyCertificateException()
        : base("The certificate is not valid for the policy host.")
    {
    }

    public PolicyCertificateException(string message)
        : base(message)
    {
    }

    public PolicyCertificateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
