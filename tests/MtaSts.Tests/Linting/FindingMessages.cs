namespace MtaSts.Tests;

/// <summary>What every finding's message is held to, whatever it says.</summary>
internal static class FindingMessages
{
    /// <summary>Checks for English sentences in printable ASCII: the first begins with a capital or a quoted name, and the last has its full stop.</summary>
    public static void ShouldSpeakInSentences(this IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            finding.Message.Should().MatchRegex("^[A-Z\"][ -~]{20,}\\.$", "it is all that {0} tells", finding.Code);
        }
    }
}
