using MtaSts;
using MtaSts.Linting;

namespace Quickstart;

/// <summary>Finds the faults of a given record, policy file and list of MX hosts.</summary>
internal static class Linter
{
    /// <summary>Checks the given parts.</summary>
    /// <param name="domain">The policy domain; null if it was not given.</param>
    /// <param name="txt">The TXT records; null if they were not given.</param>
    /// <param name="file">
    /// The policy file, as if a policy host had served it correctly; null if it was not given.
    /// </param>
    /// <param name="mxHosts">The MX hosts; empty if they were not given.</param>
    public static IReadOnlyList<Finding> Check(PolicyDomain? domain, TxtRecords? txt, PolicyFile? file, IReadOnlyList<string> mxHosts)
    {
        TxtAnswer? answer = txt is null ? null : TxtAnswer.FromRecords(txt.Texts);
        IReadOnlyList<string>? hosts = mxHosts.Count > 0 ? mxHosts : null;
        return PolicyLint.Check(file is null
            ? new Publication { Domain = domain, Txt = answer, MxHosts = hosts }
            : new Publication(200, "text/plain", file.Bytes) { Domain = domain, Txt = answer, MxHosts = hosts });
    }
}
