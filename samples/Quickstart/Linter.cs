using MtaSts;

namespace Quickstart;

/// <summary>Finds what is wrong with what was given of a domain's record, policy and MX hosts.</summary>
internal static class Linter
{
    /// <summary>Checks what is given.</summary>
    /// <param name="domain">The policy domain; null if it was not given.</param>
    /// <param name="txt">The TXT records; null if they were not given.</param>
    /// <param name="file">The policy file, as if a policy host had served it properly; null if it was not given.</param>
    /// <param name="mxHosts">The MX hosts; none if they were not given.</param>
    public static IReadOnlyList<Finding> Check(string? domain, TxtRecords? txt, PolicyFile? file, IReadOnlyList<string> mxHosts)
    {
        TxtAnswer? answer = txt is null ? null : TxtAnswer.FromRecords(txt.Texts);
        IReadOnlyList<string>? hosts = mxHosts.Count > 0 ? mxHosts : null;
        if (file is null)
        {
            return PolicyLint.Check(domain, answer, fetch: null, hosts);
        }

        // How much too large, nobody knows: the reading stopped there.
        return file.IsTooLarge
            ? PolicyLint.Check(domain, answer, FetchResult.Failed(FetchStatus.TooLarge), hosts)
            : PolicyLint.Check(domain, answer, 200, "text/plain", file.Bytes, hosts);
    }
}
