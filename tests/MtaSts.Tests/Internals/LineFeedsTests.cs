namespace MtaSts.Tests;

/// <summary>The search for the ends of lines, next to one that looks at each character.</summary>
public sealed class LineFeedsTests
{
    [Fact]
    public void Next_TextsOfEachLength_FindsEachLineFeedFromWhereItIsToldToGoOn()
    {
        Random random = new(8461);
        for (int length = 0; length <= 300; length++)
        {
            for (int i = 0; i < 20; i++)
            {
                // From a line feed in each place to none at all; and a character that is one in its lower byte only.
                int often = 1 + random.Next(1 + random.Next(200));
                string text = string.Create(length, random, (units, numbers) =>
                {
                    foreach (ref char unit in units)
                    {
                        unit = numbers.Next(often) == 0 ? '\n' : "a\r\u0B0A"[numbers.Next(3)];
                    }
                });
                byte[] bytes = [.. text.Select(static c => c is '\n' ? (byte)'\n' : (byte)'a')];

                LineFeeds ofChars = default;
                LineFeeds ofBytes = default;
                for (int start = 0; start < length;)
                {
                    if (random.Next(3) == 0)
                    {
                        start = random.Next(start, Math.Min(length, start + 130));
                        ofChars.SkipTo(start);
                        ofBytes.SkipTo(start);
                    }

                    int expected = text.IndexOf('\n', start) is var found && found < 0 ? length : found;
                    ofChars.Next(CodeUnits.Of(text.AsSpan())).Should().Be(expected);
                    ofBytes.Next<byte>(bytes).Should().Be(expected);

                    start = expected + 1;
                }
            }
        }
    }
}
