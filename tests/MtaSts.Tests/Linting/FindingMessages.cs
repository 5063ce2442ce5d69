using MtaSts.Linting;

namespace MtaSts.Tests;

/// <summary>Checks the form of every finding's message.</summary>
internal static class FindingMessages
{
    /// <summary>
    /// Checks for English sentences in printable ASCII: a capital or a quoted name at the start, a full stop at the
    /// end.
    /// </summary>
    public static void ShouldBeSentences(this IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            finding.Message.Should().MatchRegex("^[A-Z\"][ -~]{20,}\\.$", "a postmaster sees only the message of {0}", finding.Code);
        }
    }
}
