using System.Diagnostics.CodeAnalysis;

namespace MtaSts;

/// <summary>Calls a handler of the user's options.</summary>
internal static class Callback
{
    /// <summary>Calls a handler. An exception is ignored: a fault of the handler must not stop mail.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A fault of the handler must not stop mail.")]
    [SuppressMessage("Roslynator", "RCS1075", Justification = "A fault of the handler must not stop mail.")]
    public static void Invoke(Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception)
        {
        }
    }
}
