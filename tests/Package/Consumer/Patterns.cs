using MtaSts;

namespace Consumer;

/// <summary>Calls the MX pattern and the list of patterns.</summary>
internal static class Patterns
{
    private const string Text = "*.example.com";

    public static void Run()
    {
        One();
        Several();
    }

    private static void One()
    {
        MxPattern pattern = MxPattern.Parse("*.Example.com");
        Check.That("a pattern is a wildcard", pattern.IsWildcard && !MxPattern.Parse("example.com").IsWildcard);
        Check.That("a pattern matches", pattern.Matches("mail.example.com") && !pattern.Matches("example.com"));
        Check.That("a pattern from characters", MxPattern.Parse(Text.AsSpan()) == pattern);
        Check.That("a pattern from UTF-8", MxPattern.Parse("*.example.com"u8) == pattern);
        Check.That("a pattern by TryParse", MxPattern.TryParse(Text, out MxPattern one) && one == pattern);
        Check.That(
            "a pattern without an error",
            MxPattern.TryParse(Text, out one, out ParseError error) && one == pattern && error == default);
        Check.That("another pattern from UTF-8", MxPattern.TryParse("example.com"u8, out one) && one != pattern);
        Check.That(
            "null is not a pattern",
            !MxPattern.TryParse((string?)null, out one) && !MxPattern.TryParse((string?)null, out one, out error) && one == default);
        Check.That(
            "an invalid pattern has an error",
            !MxPattern.TryParse("mx*.example.com"u8, out one, out error)
                && one == default && error.Code is ParseErrorCode.MisplacedWildcard);

        Span<char> chars = stackalloc char[64];
        Span<byte> bytes = stackalloc byte[64];
        Check.That(
            "a pattern formats to characters",
            pattern.TryFormat(chars, out int written) && chars[..written].SequenceEqual(Text));
        Check.That(
            "a pattern formats to UTF-8",
            pattern.TryFormat(bytes, out written) && bytes[..written].SequenceEqual("*.example.com"u8));

        Interfaces.CheckEquality(pattern, MxPattern.Parse(Text), MxPattern.Parse("example.com"));
        Interfaces.CheckText(pattern, Text);
        Interfaces.CheckParsing<MxPattern>(Text, "*");
        Interfaces.CheckFormatting(pattern, Text);
    }

    private static void Several()
    {
        MxPattern[] patterns = [MxPattern.Parse("mail.example.com"), MxPattern.Parse("*.example.net")];
        MxPatternList list = Policies.Enforcing.Mx;
        Check.That("the list's length and items", list.Count == 2 && list[0] == patterns[0] && list[1] == patterns[1]);
        int index = 0;
        foreach (MxPattern pattern in list)
        {
            Check.That($"item {index} of the list", pattern == patterns[index++]);
        }

        Check.That("the list is equal to that of the same file", list == Policies.Testing.Mx && !(list == default));
        Check.That("the list differs from the empty one", list != default && !(list != Policies.Testing.Mx));
        Interfaces.CheckEquality(list, Policies.Testing.Mx, default);
        Interfaces.CheckList(list, patterns);
        Interfaces.CheckEnumerator(list.GetEnumerator(), patterns[0]);
    }
}
